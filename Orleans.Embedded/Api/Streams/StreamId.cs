using System.Text;
using RedNote.Embedded;

namespace Orleans.Runtime;

/// <summary>The identity of a stream within its provider: an optional namespace and a key.</summary>
[Serializable, GenerateSerializer, Immutable]
public readonly struct StreamId : IEquatable<StreamId>, IComparable<StreamId>, ISpanFormattable
{
    [Id(0)] private readonly byte[] _fullKey;
    [Id(1)] private readonly ushort _keyIndex;
    [Id(2)] private readonly int _hash;

    private StreamId(byte[] fullKey, ushort keyIndex)
    {
        _fullKey = fullKey;
        _keyIndex = keyIndex;
        _hash = (int)XxHash32.Compute(fullKey);
    }

    /// <summary>The namespace and the key, one after the other.</summary>
    public ReadOnlyMemory<byte> FullKey => _fullKey;

    /// <summary>The namespace in UTF-8; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Namespace => _fullKey.AsMemory(0, _keyIndex);

    /// <summary>The key in UTF-8.</summary>
    public ReadOnlyMemory<byte> Key => _fullKey.AsMemory(_keyIndex);

    public static StreamId Create(ReadOnlySpan<byte> ns, ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty) throw new ArgumentNullException(nameof(key));
        var bytes = new byte[ns.Length + key.Length];
        ns.CopyTo(bytes);
        key.CopyTo(bytes.AsSpan(ns.Length));
        return new StreamId(bytes, checked((ushort)ns.Length));
    }

    public static StreamId Create(string? ns, Guid key) => Create(ns, key.ToString("N"));

    public static StreamId Create(string? ns, long key)
        => Create(ns, key.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static StreamId Create(string? ns, string key)
    {
        ns ??= "";
        var namespaceLength = Encoding.UTF8.GetByteCount(ns);
        var bytes = new byte[namespaceLength + Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(ns, bytes);
        Encoding.UTF8.GetBytes(key, bytes.AsSpan(namespaceLength));
        return new StreamId(bytes, checked((ushort)namespaceLength));
    }

    public string GetKeyAsString() => Encoding.UTF8.GetString(_fullKey, _keyIndex, _fullKey.Length - _keyIndex);

    /// <summary>The namespace; null if there is none.</summary>
    public string? GetNamespace() => _keyIndex == 0 ? null : Encoding.UTF8.GetString(_fullKey, 0, _keyIndex);

    public bool Equals(StreamId other) => _fullKey.AsSpan().SequenceEqual(other._fullKey);

    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    public override int GetHashCode() => _hash;

    public int CompareTo(StreamId other) => _fullKey.AsSpan().SequenceCompareTo(other._fullKey);

    /// <summary><c>namespace/key</c>, with <c>null</c> for no namespace.</summary>
    public override string ToString() => $"{GetNamespace() ?? "null"}/{GetKeyAsString()}";

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = ToString();
        charsWritten = text.TryCopyTo(destination) ? text.Length : 0;
        return charsWritten > 0;
    }

    public static bool operator ==(StreamId s1, StreamId s2) => s1.Equals(s2);

    public static bool operator !=(StreamId s1, StreamId s2) => !s1.Equals(s2);

    internal uint GetUniformHashCode() => (uint)_hash;

    internal uint GetKeyIndex() => _keyIndex;
}
