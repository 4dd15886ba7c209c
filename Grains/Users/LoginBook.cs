using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>What came of using a refresh token.</summary>
public enum LoginUse
{
    Renewed,

    /// <summary>No such login, or it has expired.</summary>
    Unknown,

    /// <summary>The token was used before: somebody else holds a copy, so the login has ended.</summary>
    Reused,
}

/// <summary>A user's open logins and their refresh generations.</summary>
public sealed class LoginBook(LoginsDocument document)
{
    /// <summary>Open logins a user may have; one more ends the oldest.</summary>
    public const int MaxLogins = 20;

    private ImmutableArray<OpenLogin> _logins = document.Logins;

    public LoginsDocument ToDocument() => new() { Logins = _logins };

    public Login Open(LoginRequest request, long now)
    {
        _logins = [.. _logins.Where(login => login.ExpiresAt > now && login.LoginId != request.LoginId)
            .TakeLast(MaxLogins - 1), new OpenLogin(request.LoginId, 1, request.ExpiresAt)];
        return new Login(request.LoginId, 1);
    }

    public LoginUse Renew(Login used, long now, out Login? renewed)
    {
        renewed = null;
        var index = _logins.ToList().FindIndex(login => login.LoginId == used.LoginId);
        if (index < 0 || _logins[index].ExpiresAt <= now)
        {
            return LoginUse.Unknown;
        }

        var login = _logins[index];
        if (login.Generation != used.Generation)
        {
            _logins = _logins.RemoveAt(index);
            return LoginUse.Reused;
        }

        _logins = _logins.SetItem(index, login with { Generation = login.Generation + 1 });
        renewed = new Login(login.LoginId, login.Generation + 1);
        return LoginUse.Renewed;
    }

    /// <summary>False if there was no such login.</summary>
    public bool Close(long loginId)
    {
        var before = _logins.Length;
        _logins = _logins.RemoveAll(login => login.LoginId == loginId);
        return _logins.Length < before;
    }
}
