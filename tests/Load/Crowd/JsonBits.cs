using System.Buffers.Text;
using System.Text;

namespace RedNote.Load.Crowd;

/// <summary>Finds single values in a record by the bytes before them, without parsing it.</summary>
internal static class JsonBits
{
    /// <summary>The number behind the first occurrence of a name, or 0.</summary>
    public static long Number(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name)
    {
        var at = record.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(record[(at + name.Length)..], out long number, out _) ? number : 0;
    }

    /// <summary>The text behind the first occurrence of a name, which ends with a quote; or null.</summary>
    public static string? Word(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name)
    {
        var at = record.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var rest = record[(at + name.Length)..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'"')]);
    }
}
