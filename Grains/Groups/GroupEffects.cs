using System.Text.Json;
using System.Text.Json.Serialization;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Groups;

/// <summary>What a group's events owe to the inboxes of users, as it is stored until it is delivered. No text of a
/// message is in it: that is looked up when it is delivered, as it may have been taken back by then.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TellUser), "group_effect.tell_user")]
public abstract record GroupEffect
{
    /// <summary>The receiver's name of a user's inbox.</summary>
    public static string Receiver(UserId user) => $"inbox/{user}";

    public static TellUser Read(string payload)
        => JsonSerializer.Deserialize(payload, GroupJson.Journal.GroupEffect) as TellUser
            ?? throw new JsonException("A group has no such effect.");

    /// <summary>The effects of an event.</summary>
    public static IEnumerable<EffectDraft> Of(GroupLogEvent raised) => Tellings(raised).Select(told
        => new EffectDraft(
            Receiver(told.User), JsonSerializer.Serialize<GroupEffect>(told, GroupJson.Journal.GroupEffect)));

    private static IEnumerable<TellUser> Tellings(GroupLogEvent raised) => raised switch
    {
        GroupCreated created => [new TellUser(created.Owner.UserId, created.At, IsMember: true)],
        MembersJoined joined => joined.Members.Select(member => member.UserId == joined.By
            ? new TellUser(member.UserId, joined.At, IsMember: true)
            : new TellUser(member.UserId, joined.At, IsMember: true, NoticeKind.GroupJoined, joined.By)),
        MemberGone gone when gone.By == gone.UserId => [new TellUser(gone.UserId, gone.At, IsMember: false)],
        MemberGone gone => [new TellUser(gone.UserId, gone.At, IsMember: false, NoticeKind.GroupRemoved, gone.By)],
        RoleGiven given =>
        [
            new TellUser(given.UserId, given.At, null, NoticeKind.GroupRole, given.By) { Role = given.Role },
        ],
        JoinRequested asked => asked.Tell.Select(user
            => new TellUser(user, asked.At, null, NoticeKind.JoinRequest, asked.UserId) { FromName = asked.Name }),
        MessagePosted posted => Tellings(posted),
        MembersKnocked knocked => knocked.Users.Select(user
            => new TellUser(user, knocked.At, null, NoticeKind.Group) { Seq = knocked.Seq }),
        _ => [],
    };

    private static IEnumerable<TellUser> Tellings(MessagePosted posted)
    {
        var message = posted.Message;
        if (posted.Tell is { } other)
        {
            return [Told(other, NoticeKind.Direct)];
        }

        return message.Called.Select(user => Told(
            user, message.Mentions?.Contains(user) ?? false ? NoticeKind.Mention : NoticeKind.Reply));

        TellUser Told(UserId user, NoticeKind kind)
            => new(user, posted.At, null, kind, message.From) { Seq = message.Seq, FromName = message.FromName };
    }
}

/// <summary>A user's inbox is to be told something.</summary>
/// <param name="User">Who is told.</param>
/// <param name="At">When it happened, Unix ms.</param>
/// <param name="IsMember">Whether the user is a member now; null: that did not change.</param>
/// <param name="Notice">What the user is to be shown; null: nothing.</param>
/// <param name="From">Who caused it.</param>
public sealed record TellUser(
    UserId User, long At, bool? IsMember, NoticeKind? Notice = null, UserId? From = null) : GroupEffect
{
    /// <summary>That user's name then; null: as it is known when it is delivered.</summary>
    public string? FromName { get; init; }

    /// <summary>The message.</summary>
    public long? Seq { get; init; }

    /// <summary>The new role.</summary>
    public GroupRole? Role { get; init; }
}
