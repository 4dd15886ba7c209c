using System.Buffers.Binary;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>What a client holds after logging in; <paramref name="ExpiresIn"/> is the access token's, in seconds.
/// </summary>
public sealed record SessionTokens(
    UserId UserId, string Name, string AccessToken, long ExpiresIn, string RefreshToken);

/// <summary>What a refresh token says, once its protection has been checked.</summary>
internal readonly record struct RefreshTicket(UserId User, Login Login);

/// <summary>Opens, renews and writes down logins. Tokens are protected tickets: nothing is stored here.</summary>
internal sealed class SessionIssuer(
    IGrainFactory grains,
    IIdGenerator ids,
    TimeProvider time,
    IDataProtectionProvider protection,
    IOptionsMonitor<BearerTokenOptions> bearer,
    IOptions<TokenOptions> options)
{
    private const string Scheme = BearerTokenDefaults.AuthenticationScheme;
    private const int RefreshBytes = (3 * sizeof(long)) + sizeof(int);

    private readonly IDataProtector _refresh = protection.CreateProtector("RedNote.RefreshToken.v1");

    /// <summary>Opens a login of a user who has proved to be one; null: no such user.</summary>
    public async Task<SessionTokens?> Open(UserId user, string name)
    {
        var expiresAt = time.GetUtcNow() + options.Value.RefreshLifetime;
        var request = new LoginRequest(ids.NextSecretNumber(), expiresAt.ToUnixTimeMilliseconds());
        var login = await grains.User(user).OpenLogin(request);
        return login is null ? null : Write(user, name, login);
    }

    /// <summary>Uses a refresh token up; null if it is no longer good for anything.</summary>
    public async Task<SessionTokens?> Renew(string? refreshToken)
    {
        if (!TryRead(refreshToken, out var ticket))
        {
            return null;
        }

        var user = grains.User(ticket.User);
        var login = await user.RenewLogin(ticket.Login);
        if (login is null)
        {
            return null;
        }

        var profile = await user.Profile(null);
        return profile is null ? null : Write(ticket.User, profile.Name, login);
    }

    /// <summary>Is this a refresh token of ours that has not expired? Whether it was used, the user's grain knows.
    /// </summary>
    public bool TryRead(string? refreshToken, out RefreshTicket ticket)
    {
        ticket = default;
        if (ProtectedToken.Read(_refresh, refreshToken, RefreshBytes) is not { } plain
            || BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(20)) <= time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return false;
        }

        var user = new UserId(BinaryPrimitives.ReadInt64LittleEndian(plain));
        var login = new Login(
            BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(8)),
            BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(16)));
        ticket = new RefreshTicket(user, login);
        return true;
    }

    private SessionTokens Write(UserId user, string name, Login login)
    {
        var now = time.GetUtcNow();
        var properties = new AuthenticationProperties { ExpiresUtc = now + options.Value.AccessLifetime };
        var principal = UserClaims.Create(user, login.LoginId, Scheme);
        var access = bearer.Get(Scheme).BearerTokenProtector
            .Protect(new AuthenticationTicket(principal, properties, Scheme));

        Span<byte> plain = stackalloc byte[RefreshBytes];
        BinaryPrimitives.WriteInt64LittleEndian(plain, user.Value);
        BinaryPrimitives.WriteInt64LittleEndian(plain[8..], login.LoginId);
        BinaryPrimitives.WriteInt32LittleEndian(plain[16..], login.Generation);
        var refreshExpires = now + options.Value.RefreshLifetime;
        BinaryPrimitives.WriteInt64LittleEndian(plain[20..], refreshExpires.ToUnixTimeMilliseconds());
        var refresh = ProtectedToken.Write(_refresh, plain);
        return new SessionTokens(user, name, access, (long)options.Value.AccessLifetime.TotalSeconds, refresh);
    }
}
