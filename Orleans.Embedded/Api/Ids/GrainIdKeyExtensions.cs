using System.Buffers.Text;
using System.Text;

namespace Orleans.Runtime;

/// <summary>
/// Keys as Orleans writes them: an integer in upper-case hexadecimal, a Guid as 32 lower-case digits, and a key
/// extension after a <c>+</c>.
/// </summary>
public static class GrainIdKeyExtensions
{
    private const int GuidLength = 32;

    public static IdSpan CreateIntegerKey(long key)
    {
        Span<byte> digits = stackalloc byte[sizeof(long) * 2];
        Utf8Formatter.TryFormat(key, digits, out var length, 'X');
        return new IdSpan(digits[..length].ToArray());
    }

    public static IdSpan CreateIntegerKey(long key, string? keyExtension)
    {
        if (string.IsNullOrWhiteSpace(keyExtension)) return CreateIntegerKey(key);
        Span<byte> digits = stackalloc byte[sizeof(long) * 2];
        Utf8Formatter.TryFormat(key, digits, out var length, 'X');
        return WithExtension(digits[..length], keyExtension);
    }

    public static IdSpan CreateGuidKey(Guid key)
    {
        var digits = new byte[GuidLength];
        Utf8Formatter.TryFormat(key, digits, out _, 'N');
        return new IdSpan(digits);
    }

    public static IdSpan CreateGuidKey(Guid key, string? keyExtension)
    {
        if (string.IsNullOrWhiteSpace(keyExtension)) return CreateGuidKey(key);
        Span<byte> digits = stackalloc byte[GuidLength];
        Utf8Formatter.TryFormat(key, digits, out _, 'N');
        return WithExtension(digits, keyExtension);
    }

    public static bool TryGetIntegerKey(this GrainId grainId, out long key, out string? keyExt)
    {
        var text = grainId.Key.AsSpan();
        keyExt = null;
        if (text.IndexOf((byte)'+') is >= 0 and var plus)
        {
            keyExt = Encoding.UTF8.GetString(text[(plus + 1)..]);
            text = text[..plus];
        }

        return Utf8Parser.TryParse(text, out key, out var used, 'X') && used == text.Length;
    }

    public static bool TryGetGuidKey(this GrainId grainId, out Guid key, out string? keyExt)
    {
        var text = grainId.Key.AsSpan();
        keyExt = null;
        key = default;
        if (text.Length < GuidLength) return false;
        if (text.Length > GuidLength)
        {
            if (text[GuidLength] != (byte)'+') return false;
            keyExt = Encoding.UTF8.GetString(text[(GuidLength + 1)..]);
        }

        return Utf8Parser.TryParse(text[..GuidLength], out key, out var used, 'N') && used == GuidLength;
    }

    public static long GetIntegerKey(this GrainId grainId) => grainId.GetIntegerKey(out _);

    public static long GetIntegerKey(this GrainId grainId, out string? keyExt)
        => grainId.TryGetIntegerKey(out var key, out keyExt) ? key : throw NotKey(grainId, "integer");

    public static Guid GetGuidKey(this GrainId grainId) => grainId.GetGuidKey(out _);

    public static Guid GetGuidKey(this GrainId grainId, out string? keyExt)
        => grainId.TryGetGuidKey(out var key, out keyExt) ? key : throw NotKey(grainId, "Guid");

    private static IdSpan WithExtension(ReadOnlySpan<byte> digits, string keyExtension)
    {
        var bytes = new byte[digits.Length + 1 + Encoding.UTF8.GetByteCount(keyExtension)];
        digits.CopyTo(bytes);
        bytes[digits.Length] = (byte)'+';
        Encoding.UTF8.GetBytes(keyExtension, bytes.AsSpan(digits.Length + 1));
        return new IdSpan(bytes);
    }

    private static ArgumentException NotKey(GrainId grainId, string kind)
        => new($"The key of {grainId} is not a {kind} key.", nameof(grainId));
}
