using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orleans.Concurrency;

namespace RedNote.Users;

/// <summary>What waits for a user: the groups the user is in, and notifications. What a call acknowledged is durable.
/// </summary>
[Alias("users.inbox")]
public interface IInboxGrain : IGrainWithIntegerKey
{
    /// <summary>From a group: the user is a member or no longer, as of that version of the group's log. Old news
    /// change nothing. Done, TryAgain.</summary>
    [Alias("group-changed")]
    Task<CommandStatus> GroupChanged(GroupMembership change);

    /// <summary>From whoever has something to say; applied once per source and version. Done, TryAgain.</summary>
    [Alias("take")]
    Task<CommandStatus> Take(NewNotice notice);

    /// <summary>From a group that had told the user of messages: they are read up to there. Kept in memory alone, so
    /// that a user who is told of more is not told that those are unread; who lists notifications asks the groups.
    /// </summary>
    [Alias("has-read")]
    Task HasRead(GroupId group, long seq);

    /// <summary>The groups the user is in, those joined last first.</summary>
    [Alias("groups"), ReadOnly]
    Task<ImmutableArray<GroupId>> Groups();

    /// <summary>Notifications, newest first, after that one (null: from the newest); at most
    /// <see cref="NotificationPage.MaxLimit"/>.</summary>
    [Alias("page")]
    Task<NotificationPage> Page(long? after, int limit);

    /// <summary>All up to that one are read. Answers how many are not.</summary>
    [Alias("mark-read")]
    Task<int> MarkRead(long upTo);
}

/// <summary>Version is that of the event in the group's log.</summary>
[GenerateSerializer, Immutable, Alias("users.group-membership")]
public sealed record GroupMembership(GroupId GroupId, bool IsMember, long Version, long At);

[JsonConverter(typeof(SnakeCaseEnum<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>A message mentions the user.</summary>
    Mention,

    /// <summary>A message answers one of the user's.</summary>
    Reply,

    /// <summary>A message in a conversation of two.</summary>
    Direct,

    /// <summary>Messages in a group that the user does not look at.</summary>
    Group,

    /// <summary>Somebody made the user a member.</summary>
    GroupJoined,

    /// <summary>The user was taken out.</summary>
    GroupRemoved,

    /// <summary>The user's role changed.</summary>
    GroupRole,

    /// <summary>Somebody asks to become a member of a group of the user's.</summary>
    JoinRequest,

    /// <summary>Somebody follows the user.</summary>
    Follow,
}

/// <summary>Something to tell a user. Notices of the same kind and group (and of the same kind and person where there
/// is no group) that are not read yet become one notification, which counts them; those that somebody follows do
/// whoever it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Source">Whose log it is from, such as <c>group/42</c>.</param>
/// <param name="Version">Version of the event in that log.</param>
/// <param name="At">Unix ms.</param>
/// <param name="GroupId">The group, if it is about one.</param>
/// <param name="GroupName">The group's name at the time; null for a conversation of two.</param>
/// <param name="From">Who caused it.</param>
/// <param name="FromName">That user's name.</param>
/// <param name="Seq">The message.</param>
/// <param name="Text">How the message begins, at most <see cref="MaxText"/> characters: told to those who are
/// connected, and not kept, as it may be taken back; or the new role.</param>
/// <param name="Count">How many the sender has gathered, at least 1.</param>
[GenerateSerializer, Immutable, Alias("users.new-notice")]
public sealed record NewNotice(
    NoticeKind Kind,
    string Source,
    long Version,
    long At,
    GroupId? GroupId = null,
    string? GroupName = null,
    UserId? From = null,
    string? FromName = null,
    long? Seq = null,
    string? Text = null,
    int Count = 1)
{
    public const int MaxText = 80;

    /// <summary>The first characters of a message; none is cut in two.</summary>
    public static string Beginning(string text)
        => text.Length <= MaxText ? text : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];
}

/// <summary>A notification as the user is shown it: the latest of what it gathers, and how many they are.</summary>
/// <param name="Id">Grows; a notification that gathers one more gets a new one.</param>
/// <param name="Kind">What it is.</param>
/// <param name="At">When the latest happened, Unix ms.</param>
/// <param name="Count">How many it gathers.</param>
/// <param name="Read">Whether it was read, or the messages that it is about were.</param>
/// <param name="GroupId">The group, if it is about one.</param>
/// <param name="GroupName">The group's name at the time.</param>
/// <param name="From">Who caused the latest.</param>
/// <param name="FromName">That user's name.</param>
/// <param name="Seq">The latest message.</param>
/// <param name="Text">How it begins; the inbox does not keep it, who lists them asks the group. Or the new
/// role.</param>
[GenerateSerializer, Immutable, Alias("users.notification")]
public sealed record Notification(
    [property: JsonConverter(typeof(LongAsText))] long Id,
    NoticeKind Kind,
    long At,
    int Count,
    bool Read,
    GroupId? GroupId,
    string? GroupName,
    UserId? From,
    string? FromName,
    long? Seq,
    string? Text);

/// <summary>Notifications, newest first.</summary>
/// <param name="Items">At most <see cref="MaxLimit"/>.</param>
/// <param name="Unread">How many in all are not read.</param>
/// <param name="HasMore">Whether there are older ones.</param>
/// <param name="UnreadMessages">Those of all that are not read which are about messages, for whoever knows how far the
/// user has read there.</param>
[GenerateSerializer, Immutable, Alias("users.notification-page")]
public sealed record NotificationPage(
    ImmutableArray<Notification> Items, int Unread, bool HasMore, ImmutableArray<UnreadMessage> UnreadMessages)
{
    /// <summary>Notifications in one answer.</summary>
    public const int MaxLimit = 100;
}

/// <summary>A notification that is not read, and the latest message that it is about.</summary>
[GenerateSerializer, Immutable, Alias("users.unread-message")]
public readonly record struct UnreadMessage(long Id, GroupId GroupId, long Seq);
