using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>See <see cref="IUserGrain"/>. Reentrant: it decides before its first await, so commits pipeline.</summary>
[Reentrant]
public sealed partial class UserGrain(
    [PersistentState("profile", StorageNames.Provider)] IPersistentState<ProfileDocument> profile,
    [PersistentState("following", StorageNames.Provider)] IPersistentState<FollowDocument> following,
    [PersistentState("followers", StorageNames.Provider)] IPersistentState<FollowDocument> followers,
    [PersistentState("logins", StorageNames.Provider)] IPersistentState<LoginsDocument> logins,
    TimeProvider time,
    ILogger<UserGrain> logger) : Grain, IUserGrain
{
    /// <summary>Users one user may follow.</summary>
    public const int MaxFollowing = 5_000;

    private ProfileDocument _profile = new();
    private FollowBook _following = new();
    private FollowBook _followers = new();
    private LoginBook _logins = new(new LoginsDocument());
    private CommittedDocument<ProfileDocument> _profileCommits = null!;
    private CommittedDocument<FollowDocument> _followingCommits = null!;
    private CommittedDocument<FollowDocument> _followersCommits = null!;
    private CommittedDocument<LoginsDocument> _loginCommits = null!;

    private bool Exists => _profile.Token.Length > 0;

    private UserId Self => new(this.GetPrimaryKeyLong());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _profile = profile.State;
        _following = FollowBook.From(following.State);
        _followers = FollowBook.From(followers.State);
        _logins = new LoginBook(logins.State);
        _profileCommits = Commits(profile, () => _profile);
        _followingCommits = Commits(following, _following.ToDocument);
        _followersCommits = Commits(followers, _followers.ToDocument);
        _loginCommits = Commits(logins, _logins.ToDocument);
        if (!_following.Untold().IsEmpty)
        {
            // A crash came between a follow and the call that tells the other user: tell again.
            this.RegisterGrainTimer(TellAll, new GrainTimerCreationOptions
            {
                DueTime = TimeSpan.Zero,
                Period = Timeout.InfiniteTimeSpan,
                Interleave = true,
            });
        }

        return Task.CompletedTask;
    }

    public Task<CommandStatus> Create(NewUser user)
    {
        if (Exists)
        {
            var repeated = _profile.Token == user.Token;
            return Answer(_profileCommits, repeated ? CommandStatus.Done : CommandStatus.Conflict);
        }

        if (!TextRules.IsKey(user.Token)
            || TextRules.Clean(user.Name, TextRules.MaxUserName, out var name) != TextCheck.Ok)
        {
            return Task.FromResult(CommandStatus.Invalid);
        }

        _profile = new ProfileDocument { Name = name, Token = user.Token };
        _profileCommits.Touch();
        return Answer(_profileCommits, CommandStatus.Done);
    }

    public async Task<UserProfile?> Profile(UserId? reader)
    {
        var answer = Exists ? ProfileFor(reader) : null;
        await Task.WhenAll(
            _profileCommits.WhenCommitted(), _followersCommits.WhenCommitted(), _followingCommits.WhenCommitted());
        return answer;
    }

    public async Task<ProfileOutcome> ChangeProfile(ProfileChange change)
    {
        if (!Exists)
        {
            return new ProfileOutcome(CommandStatus.NotFound, null);
        }

        if (!TryApply(change, out var changed))
        {
            return new ProfileOutcome(CommandStatus.Invalid, null);
        }

        if (changed != _profile)
        {
            _profile = changed;
            _profileCommits.Touch();
        }

        var answer = ProfileFor(Self);
        var status = await Answer(_profileCommits, CommandStatus.Done);
        return new ProfileOutcome(status, status == CommandStatus.Done ? answer : null);
    }

    public Task<CommandStatus> Follow(UserId target)
    {
        if (!Exists)
        {
            return Task.FromResult(CommandStatus.NotFound);
        }

        if (target == Self || (!_following.Holds(target) && _following.Count >= MaxFollowing))
        {
            return Task.FromResult(CommandStatus.Invalid);
        }

        return Turn(target, on: true);
    }

    public Task<CommandStatus> Unfollow(UserId target)
    {
        if (!Exists)
        {
            return Task.FromResult(CommandStatus.NotFound);
        }

        return _following.Find(target) is null ? Task.FromResult(CommandStatus.Done) : Turn(target, on: false);
    }

    public Task<CommandStatus> FollowerChanged(FollowerChange change)
    {
        if (!Exists)
        {
            return Task.FromResult(CommandStatus.NotFound);
        }

        if (_followers.Absorb(change))
        {
            _followersCommits.Touch();
        }

        return Answer(_followersCommits, CommandStatus.Done);
    }

    public async Task<ImmutableArray<UserId>> FollowersAmong(ImmutableArray<UserId> users)
    {
        ImmutableArray<UserId> answer = [.. users.Where(_followers.Holds)];
        await _followersCommits.WhenCommitted();
        return answer;
    }

    public async Task<Login?> OpenLogin(LoginRequest request)
    {
        if (!Exists)
        {
            return null;
        }

        var login = _logins.Open(request, Now());
        _loginCommits.Touch();
        await _loginCommits.WhenCommitted();
        return login;
    }

    public async Task<Login?> RenewLogin(Login used)
    {
        var use = _logins.Renew(used, Now(), out var renewed);
        if (use == LoginUse.Reused)
        {
            LogTokenReused(logger, Self, used.LoginId);
        }

        if (use != LoginUse.Unknown)
        {
            _loginCommits.Touch();
        }

        await _loginCommits.WhenCommitted();
        return renewed;
    }

    public async Task CloseLogin(long loginId)
    {
        if (_logins.Close(loginId))
        {
            _loginCommits.Touch();
        }

        await _loginCommits.WhenCommitted();
    }

    private async Task<CommandStatus> Turn(UserId target, bool on)
    {
        var edge = _following.Find(target);
        if (edge is null || edge.On != on)
        {
            edge = _following.Turn(target, on);
            _followingCommits.Touch();
        }

        var status = await Answer(_followingCommits, CommandStatus.Done);
        return status == CommandStatus.Done && !edge.Told ? await Tell(edge) : status;
    }

    /// <summary>Tells the other user's grain; what it does not know yet is told again after a crash.</summary>
    private async Task<CommandStatus> Tell(FollowEdge edge)
    {
        CommandStatus status;
        try
        {
            status = await GrainFactory.User(edge.User).FollowerChanged(new(Self, edge.On, edge.Version));
        }
        catch (Exception error)
        {
            LogNotTold(logger, Self, edge.User, error);
            return CommandStatus.TryAgain;
        }

        if (status == CommandStatus.TryAgain)
        {
            return status;
        }

        var dropped = status == CommandStatus.NotFound && edge.On && _following.Find(edge.User) == edge;
        if (dropped)
        {
            edge = _following.Turn(edge.User, on: false);
        }

        if (_following.MarkTold(edge))
        {
            _followingCommits.Touch();
        }

        // A follow of nobody was undone, and the caller hears so only when that is durable; otherwise the mark may
        // follow later, as a repeat is harmless.
        return dropped ? await Answer(_followingCommits, CommandStatus.NotFound) : CommandStatus.Done;
    }

    private async Task TellAll(CancellationToken cancellationToken)
    {
        foreach (var edge in _following.Untold())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Tell(edge);
        }
    }

    private bool TryApply(ProfileChange change, out ProfileDocument changed)
    {
        changed = _profile;
        if (change.Name is not null)
        {
            if (TextRules.Clean(change.Name, TextRules.MaxUserName, out var name) != TextCheck.Ok)
            {
                return false;
            }

            changed = changed with { Name = name };
        }

        if (change.Signature is not null)
        {
            var check = TextRules.Clean(change.Signature, TextRules.MaxSignature, out var signature);
            if (check is TextCheck.TooLong or TextCheck.Invalid)
            {
                return false;
            }

            changed = changed with { Signature = signature };
        }

        if (change.Avatar is not null)
        {
            if (change.Avatar.Length > 0 && !TextRules.IsImageAddress(change.Avatar))
            {
                return false;
            }

            changed = changed with { Avatar = change.Avatar.Length > 0 ? change.Avatar : null };
        }

        return true;
    }

    private UserProfile ProfileFor(UserId? reader) => new(
        Self, _profile.Name, _profile.Signature, _profile.Avatar, Level: 1, _followers.Count, _following.Count,
        Notes: 0, LikesReceived: 0, IsFollowing: reader is { } user && _followers.Holds(user));

    private CommittedDocument<T> Commits<T>(IPersistentState<T> storage, Func<T> capture)
        => new(storage, capture, DeactivateOnIdle, time, CommitPolicy.Default, logger);

    private static async Task<CommandStatus> Answer<T>(CommittedDocument<T> commits, CommandStatus status)
    {
        try
        {
            await commits.WhenCommitted();
            return status;
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "User {User}: a refresh token was used twice; login {Login} ended")]
    private static partial void LogTokenReused(ILogger logger, UserId user, long login);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "User {User} could not tell {Target} of a follow; it will retry")]
    private static partial void LogNotTold(ILogger logger, UserId user, UserId target, Exception error);
}
