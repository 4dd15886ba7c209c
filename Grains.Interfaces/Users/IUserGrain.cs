using System.Collections.Immutable;
using Orleans.Concurrency;

namespace RedNote.Users;

/// <summary>
/// One user: profile, who follows whom, what the own rooms sold, and logins. What a call acknowledged is durable.
/// Counts equal the size of the sets they count.
/// </summary>
[Alias("users.user")]
public interface IUserGrain : IGrainWithIntegerKey, IEffectSource
{
    /// <summary>
    /// Makes the user; <see cref="CommandStatus.Conflict"/> if the id is taken by another
    /// <see cref="NewUser.Token"/> (choose another id), Done again for the same one.
    /// </summary>
    [Alias("create")]
    Task<CommandStatus> Create(NewUser user);

    /// <summary>Whether the user was made.</summary>
    [Alias("exists"), ReadOnly]
    Task<bool> Exists();

    /// <summary>The profile as <paramref name="reader"/> sees it (null: nobody in particular); null if there is no
    /// such user.</summary>
    [Alias("profile"), ReadOnly]
    Task<UserProfile?> Profile(UserId? reader);

    /// <summary>Changes what is not null. Done, NotFound or Invalid.</summary>
    [Alias("change-profile")]
    Task<ProfileOutcome> ChangeProfile(ProfileChange change);

    /// <summary>
    /// Done (also when it was so already), NotFound, Invalid (oneself, or too many), TryAgain. Done says that it is
    /// durable here and will reach the other user, who knows it by then as a rule but may learn it later.
    /// </summary>
    [Alias("follow")]
    Task<CommandStatus> Follow(UserId target);

    /// <summary>Done (also when it was so already), NotFound, TryAgain; reaches the other user as a follow
    /// does.</summary>
    [Alias("unfollow")]
    Task<CommandStatus> Unfollow(UserId target);

    /// <summary>From another user's grain: that user follows this one as of <paramref name="change"/>. Done (also for
    /// one that is not new), NotFound, TryAgain.</summary>
    [Alias("follower-changed")]
    Task<CommandStatus> FollowerChanged(FollowerChange change);

    /// <summary>Those of <paramref name="users"/> who follow this user.</summary>
    [Alias("followers-among"), ReadOnly]
    Task<ImmutableArray<UserId>> FollowersAmong(ImmutableArray<UserId> users);

    /// <summary>From a room of this user's: what it has sold. What is not newer than what is known changes nothing.
    /// Done, NotFound, TryAgain.</summary>
    [Alias("take-sales")]
    Task<CommandStatus> TakeSales(RoomSales sales);

    /// <summary>What this user's rooms have sold; null: no such user.</summary>
    [Alias("sales"), ReadOnly]
    Task<HostSales?> Sales();

    /// <summary>Opens a login; the oldest one ends when there are more than the limit. Null: no such user.</summary>
    [Alias("open-login")]
    Task<Login?> OpenLogin(LoginRequest request);

    /// <summary>
    /// Uses the refresh token of that generation up. Null when the login has ended, or when the generation was used
    /// before: a stolen token then ends the login for both holders.
    /// </summary>
    [Alias("renew-login")]
    Task<Login?> RenewLogin(Login used);

    /// <summary>Ends a login; also fine when it has ended.</summary>
    [Alias("close-login")]
    Task CloseLogin(long loginId);
}

/// <summary>A handle and what proves that somebody owns it. Key: the handle in its stored form.</summary>
[Alias("users.account")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Binds the handle; <see cref="CommandStatus.Conflict"/> if another user has it.</summary>
    [Alias("claim")]
    Task<CommandStatus> Claim(Account account);

    /// <summary>The account, or null if the handle is free.</summary>
    [Alias("get"), ReadOnly]
    Task<Account?> Get();

    /// <summary>Stores a stronger hash of the same password; nothing if the handle is free.</summary>
    [Alias("rehash")]
    Task Rehash(string passwordHash);
}
