using RedNote.Frontend.Limits;
using RedNote.Frontend.Problems;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>Makes accounts and lets their owners in.</summary>
internal sealed class Accounts(
    IGrainFactory grains, IIdGenerator ids, PasswordVault passwords, HandleLimiter attempts, SessionIssuer sessions)
{
    /// <summary>Two ids of one millisecond agree once in four million; thrice in a row is something else.</summary>
    private const int IdAttempts = 3;

    public async Task<IResult> Guest(GuestRequest request)
    {
        var invalids = new Invalids();
        var name = invalids.Text("name", request.Name, TextRules.MaxUserName);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        for (var attempt = 0; attempt < IdAttempts; attempt++)
        {
            var user = new UserId(ids.NextId());
            var status = await grains.User(user).Create(new NewUser(name, ids.NextToken()));
            if (status == CommandStatus.Done)
            {
                return await Created(user, name);
            }

            if (status != CommandStatus.Conflict)
            {
                return Refuse.For(status);
            }
        }

        return Refuse.TryAgain;
    }

    public async Task<IResult> Register(RegisterRequest request)
    {
        var invalids = new Invalids();
        var name = invalids.Text("name", request.Name, TextRules.MaxUserName);
        invalids.Require(
            Handle.TryNormalize(request.Handle, out var handle), "handle", "It has to be 3 to 32 of a-z 0-9 _ . -");
        invalids.Require(IsPassword(request.Password), "password", "It has to be 8 to 128 characters.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        // Looking first spares the work of hashing; the claim below decides.
        if (await grains.Account(handle).Get() is not null)
        {
            return Refuse.HandleTaken;
        }

        var hash = await passwords.Hash(request.Password!);
        if (hash is null)
        {
            return Refuse.TryAgain;
        }

        var account = new Account(new UserId(ids.NextId()), name, hash, ids.NextToken());
        var claimed = await grains.Account(handle).Claim(account);
        if (claimed != CommandStatus.Done)
        {
            return claimed == CommandStatus.Conflict ? Refuse.HandleTaken : Refuse.For(claimed);
        }

        var created = await grains.User(account.UserId).Create(new NewUser(name, account.Token));
        return created == CommandStatus.Done ? await Created(account.UserId, name) : Refuse.TryAgain;
    }

    public async Task<IResult> Login(LoginCredentials request)
    {
        // What cannot be a handle or a password belongs to nobody; no work is done that could tell more.
        if (!Handle.TryNormalize(request.Handle, out var handle) || !IsPassword(request.Password))
        {
            return Refuse.BadCredentials;
        }

        if (attempts.Check(handle) is { } throttled)
        {
            return throttled;
        }

        var account = await grains.Account(handle).Get();
        var check = await passwords.Check(account?.PasswordHash, request.Password!);
        if (check is null)
        {
            return Refuse.TryAgain;
        }

        if (account is null || !check.IsRight)
        {
            return Refuse.BadCredentials;
        }

        if (check.NewHash is { } stronger)
        {
            await grains.Account(handle).Rehash(stronger);
        }

        return await Enter(account);
    }

    public async Task<IResult> Refresh(RefreshRequest request)
        => await sessions.Renew(request.RefreshToken) is { } renewed ? Results.Ok(renewed) : Refuse.Unauthorized;

    private async Task<IResult> Enter(Account account)
    {
        var user = grains.User(account.UserId);
        var profile = await user.Profile(null);
        if (profile is null)
        {
            // The registration was cut off between the account and the user: this login finishes it.
            var created = await user.Create(new NewUser(account.Name, account.Token));
            if (created != CommandStatus.Done)
            {
                return Refuse.TryAgain;
            }
        }

        var opened = await sessions.Open(account.UserId, profile?.Name ?? account.Name);
        return opened is null ? Refuse.TryAgain : Results.Ok(opened);
    }

    private async Task<IResult> Created(UserId user, string name)
        => await sessions.Open(user, name) is { } opened
            ? Results.Created($"/api/users/{user}", opened)
            : Refuse.TryAgain;

    private static bool IsPassword(string? password)
        => password is { Length: >= PasswordVault.MinLength and <= PasswordVault.MaxLength };
}
