using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Groups;

/// <summary>A message of a group; times are Unix ms.</summary>
/// <param name="Seq">Numbers the group's messages from 1 without a gap; never reused, also not that of a recalled one.
/// </param>
/// <param name="From">Who sent it.</param>
/// <param name="FromName">The sender's name as it was then.</param>
/// <param name="Text">1 to 5,000 characters (none needed beside a card); empty once it is recalled.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="ReplyTo">The number of the message that it answers.</param>
/// <param name="Mentions">Members whom it is to reach.</param>
/// <param name="Card">What it shows.</param>
/// <param name="EditedAt">When it was last changed.</param>
/// <param name="Recalled">True: taken back; null: not.</param>
/// <param name="Reactions">How many members reacted with what; null: nobody.</param>
/// <param name="MyReactions">With what the reader reacted; null: with nothing, or nobody in particular reads.</param>
[GenerateSerializer, Immutable, Alias("groups.message")]
public sealed record Message(
    long Seq,
    UserId From,
    string FromName,
    string Text,
    long At,
    long? ReplyTo,
    ImmutableArray<UserId>? Mentions,
    Card? Card,
    long? EditedAt,
    bool? Recalled,
    ImmutableSortedDictionary<string, int>? Reactions,
    ImmutableArray<string>? MyReactions);

[JsonConverter(typeof(SnakeCaseEnum<CardKind>))]
public enum CardKind
{
    Note,
    Room,
    Deal,

    /// <summary>A poll of this group.</summary>
    Poll,
}

/// <summary>Something of the house that a message shows, live.</summary>
[GenerateSerializer, Immutable, Alias("groups.card")]
public sealed record Card(CardKind Kind, [property: JsonConverter(typeof(LongAsText))] long Id);

/// <summary>Messages, newest last.</summary>
/// <param name="Items">At most <see cref="MaxLimit"/>.</param>
/// <param name="HasMore">Whether there are more in the direction asked for.</param>
[GenerateSerializer, Immutable, Alias("groups.message-page")]
public sealed record MessagePage(ImmutableArray<Message> Items, bool HasMore)
{
    /// <summary>Messages in one answer.</summary>
    public const int MaxLimit = 200;
}

/// <summary>Who has read a message, and how many have not.</summary>
/// <param name="Seq">The message.</param>
/// <param name="Read">Members other than the sender who have read it.</param>
/// <param name="Unread">Members other than the sender who were there and have not.</param>
/// <param name="Readers">Some of those who have, at most <see cref="MaxReaders"/>, in order of ids.</param>
[GenerateSerializer, Immutable, Alias("groups.receipts")]
public sealed record Receipts(long Seq, int Read, int Unread, ImmutableArray<Reader> Readers)
{
    /// <summary>Readers in one answer.</summary>
    public const int MaxReaders = 500;
}

/// <summary>A member who has read a message.</summary>
[GenerateSerializer, Immutable, Alias("groups.reader")]
public sealed record Reader(UserId UserId, string Name);

/// <summary>What happened in a group while somebody was away.</summary>
/// <param name="Since">The last message before it.</param>
/// <param name="UpTo">The last message it speaks of.</param>
/// <param name="Messages">How many there are, recalled ones left out.</param>
/// <param name="IsWhole">False: there were more than are looked at; what is picked is of the newest.</param>
/// <param name="Senders">Who wrote most, most first, at most 5.</param>
/// <param name="MostReacted">At most 5, most first.</param>
/// <param name="Mentions">Messages that mention or answer the reader, newest last, at most 20.</param>
/// <param name="Questions">Messages that ask something, newest last, at most 10.</param>
/// <param name="Links">At most 20, newest last.</param>
/// <param name="Summary">What a language model says, where one is plugged in; null otherwise.</param>
[GenerateSerializer, Immutable, Alias("groups.digest")]
public sealed record Digest(
    long Since,
    long UpTo,
    int Messages,
    bool IsWhole,
    ImmutableArray<DigestSender> Senders,
    ImmutableArray<Message> MostReacted,
    ImmutableArray<Message> Mentions,
    ImmutableArray<Message> Questions,
    ImmutableArray<DigestLink> Links,
    string? Summary);

/// <summary>Somebody who wrote, and how often.</summary>
[GenerateSerializer, Immutable, Alias("groups.digest-sender")]
public sealed record DigestSender(UserId UserId, string Name, int Messages);

/// <summary>A link, and the message it stands in.</summary>
[GenerateSerializer, Immutable, Alias("groups.digest-link")]
public sealed record DigestLink(string Url, long Seq);
