using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>
/// On which front ends the users of one shard are, so that what is for one user is sent to where the user is and
/// nowhere else. In memory alone: front ends say it again now and then. Key: <see cref="PresenceShards.Of"/>.
/// </summary>
[Alias("users.presence")]
public interface IPresenceGrain : IGrainWithIntegerKey
{
    /// <summary>Who came to and left a front end since its report before. Answers whether the shard knew that front
    /// end's report before; if not, it has to be told of everybody.</summary>
    [Alias("report")]
    Task<bool> Report(PresenceReport report);

    /// <summary>Sends a notice to the front ends where the user is, at most once and without waiting for them. Answers
    /// whether the user is anywhere.</summary>
    [Alias("tell")]
    Task<bool> Tell(UserNotice notice);
}

/// <summary>Shards of presence: there are so many that none of them is hot.</summary>
public static class PresenceShards
{
    /// <summary>How many there are.</summary>
    public const int Count = 64;

    public static long Of(UserId user) => (long)((ulong)user.Value % Count);
}

/// <summary>A front end's users of one shard: those who came and left since the report before, or, when
/// <paramref name="IsWhole"/>, everybody.</summary>
/// <param name="FrontEnd">Its name, another one in each run.</param>
/// <param name="Number">From 1, one more with each report.</param>
/// <param name="IsWhole">Whether <paramref name="Came"/> is everybody.</param>
/// <param name="Came">Users who are there now.</param>
/// <param name="Left">Users who are not any more.</param>
[GenerateSerializer, Immutable, Alias("users.presence-report")]
public sealed record PresenceReport(
    string FrontEnd, long Number, bool IsWhole, ImmutableArray<UserId> Came, ImmutableArray<UserId> Left)
{
    /// <summary>Whether an event, even an empty one, follows on the front end's stream when the report is taken, so
    /// that it finds out when it hears nothing any more: reports of everybody and those that say nothing new.</summary>
    public bool IsAnswered => IsWhole || (Came.Length == 0 && Left.Length == 0);
}

/// <summary>A notification for one user, on its way.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="Notification">It.</param>
/// <param name="Unread">How many are not read, this one included, as far as the inbox knows: groups tell it of reading
/// at once, but what it heard before it was last activated is forgotten.</param>
[GenerateSerializer, Immutable, Alias("users.notice")]
public sealed record UserNotice(UserId UserId, Notification Notification, int Unread);

/// <summary>Notices for users who are on one front end: the event of its stream.</summary>
[GenerateSerializer, Immutable, Alias("users.notices")]
public sealed record UserNotices(ImmutableArray<UserNotice> Items);
