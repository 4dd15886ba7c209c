using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>What comes of using a refresh token.</summary>
public enum LoginUse
{
    Renewed,

    /// <summary>No such login, or it has expired.</summary>
    Unknown,

    /// <summary>The token was used before: somebody else holds a copy, so the login has to end.</summary>
    Reused,
}

/// <summary>A user's open logins and their refresh generations, oldest first.</summary>
public sealed class LoginBook(ImmutableArray<OpenLogin> logins)
{
    /// <summary>Open logins a user may have; one more ends the oldest.</summary>
    public const int MaxLogins = 20;

    private ImmutableArray<OpenLogin> _logins = logins;

    public ImmutableArray<OpenLogin> ToDocument() => _logins;

    public bool Holds(long loginId) => Find(loginId) is not null;

    /// <summary>What comes of using that generation's token now.</summary>
    public LoginUse Check(Login used, long now)
    {
        if (Find(used.LoginId) is not { } login || login.ExpiresAt <= now)
        {
            return LoginUse.Unknown;
        }

        return login.Generation == used.Generation ? LoginUse.Renewed : LoginUse.Reused;
    }

    public void Open(LoginOpened opened)
        => _logins = [.. _logins.Where(login => login.ExpiresAt > opened.At && login.LoginId != opened.LoginId)
            .TakeLast(MaxLogins - 1), new OpenLogin(opened.LoginId, 1, opened.ExpiresAt)];

    public void Renew(long loginId, int generation)
        => _logins = [.. _logins.Select(login
            => login.LoginId == loginId ? login with { Generation = generation } : login)];

    public void Close(long loginId) => _logins = _logins.RemoveAll(login => login.LoginId == loginId);

    private OpenLogin? Find(long loginId) => _logins.FirstOrDefault(login => login.LoginId == loginId);
}
