using System.Text;
using RedNote.Embedded;

namespace Orleans.Runtime;

/// <summary>A part of a grain's identity as UTF-8 bytes, with a hash that is the same in every process.</summary>
[Serializable, GenerateSerializer, Immutable]
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>, ISpanFormattable
{
    [Id(0)] private readonly int _hashCode;
    [Id(1)] private readonly byte[]? _value;

    public IdSpan(byte[] value)
    {
        _value = value;
        _hashCode = (int)XxHash32.Compute(value);
    }

    public ReadOnlyMemory<byte> Value => _value;

    public bool IsDefault => _value is null || _value.Length == 0;

    public static IdSpan Create(string id) => new(Encoding.UTF8.GetBytes(id));

    public ReadOnlySpan<byte> AsSpan() => _value;

    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    public bool Equals(IdSpan obj)
    {
        if (_value == obj._value) return true;
        if (_value is null || obj._value is null || _hashCode != obj._hashCode) return false;
        return _value.AsSpan().SequenceEqual(obj._value);
    }

    public override int GetHashCode() => _hashCode;

    /// <summary>A hash of the bytes (xxHash32) that never changes between processes and versions.</summary>
    public uint GetUniformHashCode() => (uint)_hashCode;

    public int CompareTo(IdSpan other)
    {
        if (_value is null) return other._value is null ? 0 : -1;
        return other._value is null ? 1 : _value.AsSpan().SequenceCompareTo(other._value);
    }

    public override string ToString() => _value is null ? "" : Encoding.UTF8.GetString(_value);

    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        charsWritten = 0;
        return _value is null || Encoding.UTF8.TryGetChars(_value, destination, out charsWritten);
    }

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
        => TryFormat(destination, out charsWritten);

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}
