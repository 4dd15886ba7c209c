using System.Buffers.Binary;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace RedNote.Frontend.Users;

/// <summary>
/// The form of an access token: the user, the login and the end, protected. A third as long as the general form of a
/// ticket, as every connection of the hub holds its address, and so its token, for as long as it lasts.
/// </summary>
internal sealed class AccessTokens(IDataProtectionProvider protection, string scheme)
    : ISecureDataFormat<AuthenticationTicket>
{
    private const int Bytes = 3 * sizeof(long);

    private readonly IDataProtector _protector = protection.CreateProtector("RedNote.AccessToken.v1");

    public string Protect(AuthenticationTicket data)
    {
        if (!data.Principal.TryGetUserId(out var user) || !data.Principal.TryGetLoginId(out var login)
            || data.Properties.ExpiresUtc is not { } expires)
        {
            throw new ArgumentException("An access token is of a user and a login, and ends.", nameof(data));
        }

        Span<byte> plain = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(plain, user.Value);
        BinaryPrimitives.WriteInt64LittleEndian(plain[8..], login);
        BinaryPrimitives.WriteInt64LittleEndian(plain[16..], expires.ToUnixTimeMilliseconds());
        return ProtectedToken.Write(_protector, plain);
    }

    public string Protect(AuthenticationTicket data, string? purpose) => Protect(data);

    /// <summary>Null for anything that is not a token of ours; whether it has ended is for the caller to see.</summary>
    public AuthenticationTicket? Unprotect(string? protectedText)
    {
        if (ProtectedToken.Read(_protector, protectedText, Bytes) is not { } plain)
        {
            return null;
        }

        var user = new UserId(BinaryPrimitives.ReadInt64LittleEndian(plain));
        var login = BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(8));
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(16)));
        return new AuthenticationTicket(
            UserClaims.Create(user, login, scheme), new AuthenticationProperties { ExpiresUtc = expires }, scheme);
    }

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Unprotect(protectedText);
}
