using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>See <see cref="IUserGrain"/>. Reentrant: what is decided is raised in the same turn, so commits
/// pipeline.</summary>
[Reentrant]
public sealed partial class UserGrain(
    [EventLog(UserServices.UserLog)] IEventLog<UserState, UserEvent> log,
    TimeProvider time,
    IOptions<InboxOptions> inbox,
    ILogger<UserGrain> logger) : Grain, IUserGrain
{
    /// <summary>How long a follow waits for the other side to know it, so that whoever looks next sees both counts
    /// right; it is delivered later all the same.</summary>
    private static readonly TimeSpan DeliveryPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long a follow waits to hear whether the other user exists.</summary>
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(5);

    /// <summary>Numbers of follows that were taken back since the activation, for those who wait for them. Only a
    /// user that said it existed and then did not gets in here.</summary>
    private readonly HashSet<long> _takenBack = [];

    private UserState State => log.State;

    private UserId Self => new(this.GetPrimaryKeyLong());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        log.Effects.Start(Deliver);
        TellFollowersLater();
        return Task.CompletedTask;
    }

    public Task<CommandStatus> Create(NewUser user) => Answer(async () =>
    {
        if (State.Exists)
        {
            return await Confirmed(State.WasCreatedWith(user.Token) ? CommandStatus.Done : CommandStatus.Conflict);
        }

        if (!TextRules.IsKey(user.Token)
            || TextRules.Clean(user.Name, TextRules.MaxUserName, out var name) != TextCheck.Ok)
        {
            return await Confirmed(CommandStatus.Invalid);
        }

        await log.Raise(new UserCreated(name, user.Token));
        return CommandStatus.Done;
    });

    public Task<bool> Exists() => Confirmed(State.Exists);

    public Task<UserProfile?> Profile(UserId? reader) => Confirmed(State.Exists ? ProfileFor(reader) : null);

    public async Task<ProfileOutcome> ChangeProfile(ProfileChange change)
    {
        UserProfile? changed = null;
        var status = await Answer(async () =>
        {
            if (!State.Exists)
            {
                return await Confirmed(CommandStatus.NotFound);
            }

            if (!TryDecide(change, out var decided))
            {
                return await Confirmed(CommandStatus.Invalid);
            }

            var durable = decided is null ? log.WhenCurrent() : log.Raise(decided);
            changed = ProfileFor(Self);
            await durable;
            return CommandStatus.Done;
        });
        return new ProfileOutcome(status, status == CommandStatus.Done ? changed : null);
    }

    public Task<CommandStatus> Follow(UserId target) => Answer(async () =>
    {
        if (RefusesToFollow(target) is { } refusal)
        {
            return await Confirmed(refusal);
        }

        // Asking first keeps follows of nobody out of the log.
        if (!State.Following.Holds(target) && !await ExistsElsewhere(target))
        {
            return await Confirmed(CommandStatus.NotFound);
        }

        // Other turns may have run while the other user was asked, so this decides anew.
        if (RefusesToFollow(target) is { } lateRefusal)
        {
            return await Confirmed(lateRefusal);
        }

        var holds = State.Following.Holds(target);
        var number = holds ? State.Following.NumberOf(target) : State.Following.LastNumber + 1;
        await (holds ? log.WhenCurrent() : log.Raise(new UserFollowed(target, number)));
        await log.Effects.WhenDelivered(UserEffect.Receiver(target), DeliveryPatience);
        return await Confirmed(_takenBack.Contains(number) ? CommandStatus.NotFound : CommandStatus.Done);
    });

    public Task<CommandStatus> Unfollow(UserId target) => Answer(async () =>
    {
        if (!State.Exists)
        {
            return await Confirmed(CommandStatus.NotFound);
        }

        await (State.Following.Holds(target) ? log.Raise(new UserUnfollowed(target)) : log.WhenCurrent());
        await log.Effects.WhenDelivered(UserEffect.Receiver(target), DeliveryPatience);
        return CommandStatus.Done;
    });

    public Task<CommandStatus> FollowerChanged(FollowerChange change) => Answer(async () =>
    {
        if (!State.Exists)
        {
            // Who is told this takes its follow back, for good.
            await log.WhenCurrent();
            return CommandStatus.NotFound;
        }

        var isNew = State.Followers.IsNew(change.Follower, change.Version);
        await (isNew ? log.Raise(Decide(change)) : log.WhenConfirmed());
        return CommandStatus.Done;
    });

    public Task<ImmutableArray<UserId>> FollowersAmong(ImmutableArray<UserId> users)
        => Confirmed<ImmutableArray<UserId>>([.. users.Where(State.Followers.Holds)]);

    public Task<CommandStatus> TakeSales(RoomSales sales) => Answer(async () =>
    {
        if (!State.Exists)
        {
            await log.WhenCurrent();
            return CommandStatus.NotFound;
        }

        await (State.Sales.IsNew(sales) ? log.Raise(new SalesChanged(sales)) : log.WhenConfirmed());
        return CommandStatus.Done;
    });

    public Task<HostSales?> Sales() => Confirmed(State.Exists ? State.Sales.Total : null);

    public async Task<Login?> OpenLogin(LoginRequest request)
    {
        if (!State.Exists)
        {
            return await Confirmed<Login?>(null);
        }

        await log.Raise(new LoginOpened(request.LoginId, request.ExpiresAt, Now()));
        return new Login(request.LoginId, 1);
    }

    public async Task<Login?> RenewLogin(Login used)
    {
        switch (State.Logins.Check(used, Now()))
        {
            case LoginUse.Renewed:
                var renewed = used with { Generation = used.Generation + 1 };
                await log.Raise(new LoginRenewed(renewed.LoginId, renewed.Generation));
                return renewed;
            case LoginUse.Reused:
                LogTokenReused(logger, Self, used.LoginId);
                await log.Raise(new LoginClosed(used.LoginId, LoginEnd.TokenReused));
                return null;
            default:
                // Whoever is told this is logged out.
                await log.WhenCurrent();
                return null;
        }
    }

    public Task CloseLogin(long loginId) => State.Logins.Holds(loginId)
        ? log.Raise(new LoginClosed(loginId, LoginEnd.LoggedOut))
        : log.WhenCurrent();

    public Task DeliverEffects()
    {
        log.Effects.Retry();
        return Task.CompletedTask;
    }

    private CommandStatus? RefusesToFollow(UserId target)
        => !State.Exists ? CommandStatus.NotFound
            : target == Self ? CommandStatus.Invalid
            : !State.Following.Holds(target) && State.Following.Count >= UserState.MaxFollowing ? CommandStatus.Invalid
            : null;

    private async Task<bool> ExistsElsewhere(UserId target)
    {
        try
        {
            return await GrainFactory.User(target).Exists().WaitAsync(AskPatience, time);
        }
        catch (Exception error)
        {
            LogNotAsked(logger, Self, target, error);
            throw new TryAgainException("Whether the other user exists is unknown.");
        }
    }

    private Task Deliver(Effect effect) => UserEffect.Read(effect.Payload) switch
    {
        TellFollowed told => Deliver(told, effect.Version),
        TellInbox told => Deliver(told, effect.Version),
        _ => throw new NotSupportedException($"User {Self} cannot deliver {effect.Payload}."),
    };

    private async Task Deliver(TellFollowed told, long version)
    {
        var change = new FollowerChange(Self, told.Follows, version, State.Name);
        switch (await GrainFactory.User(told.User).FollowerChanged(change))
        {
            case CommandStatus.Done:
                return;
            case CommandStatus.NotFound:
                await TakeBack(told);
                return;
            case var status:
                throw new TryAgainException($"User {told.User} answered {status}.");
        }
    }

    /// <summary>The other user said before that it existed, so this takes a database that lost it. Counting a follow
    /// that nobody has would be wrong for ever, so the follow is taken back; the end of one needs nothing.</summary>
    private async Task TakeBack(TellFollowed told)
    {
        if (!told.Follows)
        {
            return;
        }

        LogTakenBack(logger, Self, told.User);
        if (State.Following.NumberOf(told.User) == told.Number)
        {
            _takenBack.Add(told.Number);
            await log.Raise(new FollowRefused(told.User, told.Number));
        }
    }

    /// <summary>Checks a change; what it changes is null if nothing is left of it.</summary>
    private bool TryDecide(ProfileChange change, out ProfileChanged? decided)
    {
        decided = null;
        string? name = null, signature = null;
        if (change.Name is not null
            && TextRules.Clean(change.Name, TextRules.MaxUserName, out name) != TextCheck.Ok)
        {
            return false;
        }

        if (change.Signature is not null
            && TextRules.Clean(change.Signature, TextRules.MaxSignature, out signature)
                is TextCheck.TooLong or TextCheck.Invalid)
        {
            return false;
        }

        if (change.Avatar is { Length: > 0 } && !TextRules.IsImageAddress(change.Avatar))
        {
            return false;
        }

        var changed = new ProfileChanged(
            name == State.Name ? null : name,
            signature == State.Signature ? null : signature,
            change.Avatar == (State.Avatar ?? "") ? null : change.Avatar);
        decided = changed == new ProfileChanged(null, null, null) ? null : changed;
        return true;
    }

    private UserProfile ProfileFor(UserId? reader) => new(
        Self, State.Name, State.Signature, State.Avatar, Level: 1, State.Followers.Count, State.Following.Count,
        Notes: 0, LikesReceived: 0, IsFollowing: reader is { } user && State.Followers.Holds(user));

    /// <summary>An answer that was decided on the present state leaves when that state is durable.</summary>
    private async Task<T> Confirmed<T>(T answer)
    {
        await log.WhenConfirmed();
        return answer;
    }

    private static async Task<CommandStatus> Answer(Func<Task<CommandStatus>> decide)
    {
        try
        {
            return await decide();
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "User {User}: a refresh token was used twice; login {Login} ends")]
    private static partial void LogTokenReused(ILogger logger, UserId user, long login);

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {User} could not ask whether {Target} exists")]
    private static partial void LogNotAsked(ILogger logger, UserId user, UserId target, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "User {User} follows {Target}, who is gone; taking it back")]
    private static partial void LogTakenBack(ILogger logger, UserId user, UserId target);
}
