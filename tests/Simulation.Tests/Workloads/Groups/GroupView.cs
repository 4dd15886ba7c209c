using System.Collections.Immutable;
using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>What a group was at one version of its log, as this model understands the log.</summary>
internal sealed record GroupView
{
    public long Version { get; init; }

    public string Token { get; init; } = "";

    public GroupKind Kind { get; init; }

    public string Name { get; init; } = "";

    public string? Announcement { get; init; }

    public JoinPolicy JoinPolicy { get; init; }

    public long Epoch { get; init; }

    public ImmutableSortedDictionary<long, MemberView> Members { get; init; } =
        ImmutableSortedDictionary<long, MemberView>.Empty;

    /// <summary>The message with number n is at n - 1.</summary>
    public ImmutableList<MessageView> Messages { get; init; } = [];

    /// <summary>Who asks to be let in, and since when.</summary>
    public ImmutableSortedDictionary<long, long> Requests { get; init; } = ImmutableSortedDictionary<long, long>.Empty;

    /// <summary>Who asked first comes first.</summary>
    public IEnumerable<long> Asking => Requests.OrderBy(one => one.Value).ThenBy(one => one.Key).Select(one => one.Key);

    public ImmutableSortedDictionary<string, InviteView> Invites { get; init; } =
        ImmutableSortedDictionary.Create<string, InviteView>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<long, PollView> Polls { get; init; } =
        ImmutableSortedDictionary<long, PollView>.Empty;

    public long LastSeq => Messages.Count;

    /// <summary>The poll, if it can be seen.</summary>
    public PollView? ShownPoll(PollId poll)
        => Polls.GetValueOrDefault(poll.Value) is { IsWithdrawn: false } shown ? shown : null;

    public override string ToString()
        => $"version {Version} with {LastSeq} messages and {Members.Count} members, epoch {Epoch}";

    public bool IsDirect => Kind == GroupKind.Direct;

    public bool Has(UserId user) => Members.ContainsKey(user.Value);

    public MemberView? Member(UserId user) => Members.GetValueOrDefault(user.Value);

    public bool IsAdmin(UserId user) => Member(user) is { Role: not GroupRole.Member };

    public MessageView? Message(long seq) => seq >= 1 && seq <= LastSeq ? Messages[(int)seq - 1] : null;

    public MessageView? OfKey(UserId user, string key)
        => Messages.FindLast(message => message.From == user.Value && message.Key == key);

    /// <summary>What the member has not read, counted one by one.</summary>
    public long Unread(UserId user, long mark)
        => Messages.Count(message => message.Seq > mark && !message.Recalled && message.From != user.Value);

    /// <summary>Those of them that mention or answer the member.</summary>
    public int UnreadCalls(UserId user, long mark) => Messages.Count(message => message.Seq > mark
        && !message.Recalled && message.Called.Contains(user.Value) && Member(user)!.JoinedSeq < message.Seq);
}

/// <summary>A member as the log tells it.</summary>
internal sealed record MemberView(long User, string Name, GroupRole Role, long JoinedAt, long JoinedSeq)
{
    /// <summary>How far the log says that the member has read.</summary>
    public long Mark { get; init; } = JoinedSeq;

    public long? MutedUntil { get; init; }

    public bool IsKnocked { get; init; }

    public long Points { get; init; }

    /// <summary>Day and how many points it has brought for messages and for reactions.</summary>
    public (long Day, int Messages, int Reactions) Today { get; init; }
}

/// <summary>A message as the log tells it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="From">Its sender.</param>
/// <param name="FromName">The sender's name.</param>
/// <param name="At">When it was sent.</param>
/// <param name="Key">The sender's key.</param>
/// <param name="FirstText">What it said at first; null: it was blanked before this model saw it.</param>
/// <param name="ReplyTo">What it answers.</param>
/// <param name="Mentions">Whom it mentions.</param>
/// <param name="Called">Whom it mentions or answers.</param>
internal sealed record MessageView(
    long Seq, long From, string FromName, long At, string Key, string? FirstText, long? ReplyTo,
    ImmutableArray<long> Mentions, ImmutableArray<long> Called)
{
    /// <summary>What it says; null: not known, as it was blanked before this model saw it.</summary>
    public string? Text { get; init; } = FirstText;

    public Card? Card { get; init; }

    public long? EditedAt { get; init; }

    public int Edits { get; init; }

    public bool Recalled { get; init; }

    /// <summary>Who has put what under it.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedSet<long>> Reactions { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<long>>(StringComparer.Ordinal);

    /// <summary>Whether a reader may be shown it like that, but for the reader's own reactions.</summary>
    public bool Matches(Message shown)
        => shown.Seq == Seq && shown.From.Value == From && shown.FromName == FromName && shown.At == At
            && shown.ReplyTo == ReplyTo && shown.EditedAt == EditedAt && (shown.Recalled ?? false) == Recalled
            && shown.Card == Card
            && (shown.Mentions ?? []).Select(user => user.Value).SequenceEqual(Recalled ? [] : Mentions)
            && (Recalled ? shown.Text.Length == 0 : Text is null || Text == shown.Text)
            && Counts(shown);

    private bool Counts(Message shown)
        => (shown.Reactions?.Count ?? 0) == Reactions.Count
            && Reactions.All(own => shown.Reactions!.GetValueOrDefault(own.Key) == own.Value.Count);
}

/// <summary>An invite as the log tells it.</summary>
internal sealed record InviteView(long By, long ExpiresAt, int? UsesLeft);

/// <summary>A poll as the log tells it: a ballot for each user who has voted.</summary>
internal sealed record PollView(
    long Seq, long By, int Options, bool IsMultiple, bool IsAnonymous, long ClosesAt, string Key)
{
    public ImmutableSortedDictionary<long, int> Ballots { get; init; } = ImmutableSortedDictionary<long, int>.Empty;

    public bool IsClosed { get; init; }

    /// <summary>Whether the message that it was opened with was taken back; it is closed then, and has no ballots.
    /// </summary>
    public bool IsWithdrawn { get; init; }

    public bool Matches(IReadOnlyList<int> counts, int voters)
        => voters == Ballots.Count && counts.Count == Options
            && Enumerable.Range(0, Options).All(
                option => counts[option] == Ballots.Values.Count(ballot => (ballot >> option & 1) == 1));
}
