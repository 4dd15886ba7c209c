using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>What happens to a user; log <c>user</c>. Passwords and the tokens of logins are never in it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(UserCreated), "user.created")]
[JsonDerivedType(typeof(ProfileChanged), "user.profile_changed")]
[JsonDerivedType(typeof(UserFollowed), "user.followed")]
[JsonDerivedType(typeof(UserUnfollowed), "user.unfollowed")]
[JsonDerivedType(typeof(FollowRefused), "user.follow_refused")]
[JsonDerivedType(typeof(FollowerChanged), "user.follower_changed")]
[JsonDerivedType(typeof(FollowersTold), "user.followers_told")]
[JsonDerivedType(typeof(SalesChanged), "user.sales_changed")]
[JsonDerivedType(typeof(LoginOpened), "user.login_opened")]
[JsonDerivedType(typeof(LoginRenewed), "user.login_renewed")]
[JsonDerivedType(typeof(LoginClosed), "user.login_closed")]
public abstract record UserEvent;

/// <summary>The user exists from here on.</summary>
/// <param name="Name">As shown.</param>
/// <param name="CreationKey">Drawn by the creator, so that its repetition is told from a taken id; it opens
/// nothing.</param>
public sealed record UserCreated(string Name, string CreationKey) : UserEvent;

/// <summary>New values; null leaves a field as it was, an empty signature or avatar clears it.</summary>
public sealed record ProfileChanged(string? Name, string? Signature, string? Avatar) : UserEvent;

/// <summary>This user follows another, who is told.</summary>
/// <param name="User">Whom.</param>
/// <param name="Number">How many follows this user has begun in all, this one included; names the follow.</param>
public sealed record UserFollowed(UserId User, long Number) : UserEvent;

/// <summary>This user no longer follows another, who is told.</summary>
public sealed record UserUnfollowed(UserId User) : UserEvent;

/// <summary>The other user turned out not to exist: the follow of that number, if it still holds, is taken
/// back.</summary>
public sealed record FollowRefused(UserId User, long Number) : UserEvent;

/// <summary>Another user follows this one, or no longer; <paramref name="Version"/> is that of the event in the
/// follower's log, so that a late or repeated message is told from a new one. <paramref name="Name"/> is there when it
/// follows for the first time: this user is told of it, but not of one who leaves and comes again and again.</summary>
public sealed record FollowerChanged(UserId Follower, bool Follows, long Version, string? Name = null) : UserEvent;

/// <summary>This user is told of all who follow for the first time and were not told of.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Name">That one's name.</param>
/// <param name="At">When, Unix ms.</param>
public sealed record FollowersTold(int Count, UserId Last, string Name, long At) : UserEvent;

/// <summary>A room of this user's has sold that much by now.</summary>
public sealed record SalesChanged(RoomSales Sales) : UserEvent;

/// <summary>A login begins with generation 1; those that have expired at <paramref name="At"/> are forgotten, and the
/// oldest beyond the limit ends. Times are Unix ms.</summary>
public sealed record LoginOpened(long LoginId, long ExpiresAt, long At) : UserEvent;

/// <summary>The refresh token was used up; the one of <paramref name="Generation"/> is valid now.</summary>
public sealed record LoginRenewed(long LoginId, int Generation) : UserEvent;

/// <summary>A login has ended before its time.</summary>
public sealed record LoginClosed(long LoginId, LoginEnd Why) : UserEvent;

/// <summary>Why a login ended.</summary>
[JsonConverter(typeof(SnakeCaseEnum<LoginEnd>))]
public enum LoginEnd
{
    /// <summary>Its owner logged out.</summary>
    LoggedOut,

    /// <summary>A refresh token was used a second time: somebody else holds a copy.</summary>
    TokenReused,
}

[JsonSerializable(typeof(UserEvent))]
[JsonSerializable(typeof(UserEffect))]
[JsonSerializable(typeof(UserDocument))]
internal sealed partial class UserJson : JsonSerializerContext
{
    public static UserJson Instance { get; } = new(JournalJson.CreateOptions());
}
