using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace RedNote.Frontend.Users;

/// <summary>The text of a token: a few bytes, protected, as URLs may hold them.</summary>
internal static class ProtectedToken
{
    /// <summary>The longest text that can be a token; longer ones are refused unread.</summary>
    private const int MaxLength = 1024;

    public static string Write(IDataProtector protector, ReadOnlySpan<byte> plain)
        => Base64Url.EncodeToString(protector.Protect(plain.ToArray()));

    /// <summary>The bytes in a token, or null for anything that is none of ours or has not that many.</summary>
    public static byte[]? Read(IDataProtector protector, string? token, int bytes)
    {
        if (token is not { Length: > 0 and <= MaxLength } || !Base64Url.IsValid(token))
        {
            return null;
        }

        try
        {
            var plain = protector.Unprotect(Base64Url.DecodeFromChars(token));
            return plain.Length == bytes ? plain : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
