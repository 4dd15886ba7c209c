using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RedNote.Live;

namespace RedNote.Groups;

/// <summary>Who may say, change and take back what.</summary>
internal sealed partial class GroupRules
{
    /// <summary>How long a message's key is bound, in ms: seven days.</summary>
    public const long KeyMs = 7 * 24 * 3_600_000L;

    /// <summary>Longest emoji, in bytes of UTF-8.</summary>
    public const int MaxEmojiBytes = 32;

    /// <summary>Looks at what does not change: null if it is sound, and then <paramref name="draft"/> is what to
    /// post.</summary>
    public SendAnswer? Check(SendMessage message, out MessageDraft draft)
    {
        draft = new MessageDraft(message, "", [], 0);
        if (!TextRules.IsKey(message.Key) || message.From.Value <= 0
            || TextRules.Clean(message.FromName, TextRules.MaxUserName, out var name) != TextCheck.Ok
            || (message.Card is { } card && (card.Id <= 0 || !Enum.IsDefined(card.Kind))))
        {
            return SendAnswer.Reject(GroupReason.Invalid);
        }

        if (RefuseText(message.Text, message.Card is not null, out var text) is { } refusal)
        {
            return SendAnswer.Reject(refusal);
        }

        var mentions = message.Mentions.IsDefault ? [] : message.Mentions;
        if (mentions.Length > options.Mentions || mentions.Distinct().Count() < mentions.Length)
        {
            return SendAnswer.Reject(GroupReason.Invalid);
        }

        var check = KeyLedger.Hash(string.Create(
            CultureInfo.InvariantCulture,
            $"{message.ReplyTo}\n{message.Card?.Kind}\n{message.Card?.Id}\n{string.Join(',', mentions)}\n{text}"));
        draft = new MessageDraft(message with { FromName = name }, text, mentions, check);
        return null;
    }

    /// <summary>The first answer to a message whose key is bound.</summary>
    public static SendAnswer Repeat(MessageDraft draft, BoundKey bound) => bound.Check == draft.Check
        ? SendAnswer.Accept(bound.Seq, bound.At)
        : SendAnswer.Reject(GroupReason.Conflict);

    /// <summary>Posts a message whose key is not bound.</summary>
    /// <param name="draft">What <see cref="Check"/> has made of it.</param>
    /// <param name="answered">The message that it answers, if it answers one.</param>
    /// <param name="looksOn">Who has the group open.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="events">What it asks for.</param>
    public SendAnswer Post(
        MessageDraft draft, StoredMessage? answered, Func<UserId, bool> looksOn, long now, List<GroupLogEvent> events)
    {
        var message = draft.Message;
        if (RefuseToSpeak(message.From, now) is { } refusal)
        {
            return refusal;
        }

        if (message.Card is { Kind: CardKind.Poll, Id: var poll } && state.Polls.FindShown(new PollId(poll)) is null)
        {
            return SendAnswer.Reject(GroupReason.NotFound);
        }

        if (message.ReplyTo is not null && answered is null)
        {
            return SendAnswer.Reject(GroupReason.NotFound);
        }

        var mentions = draft.Mentions.RemoveAll(
            user => user == message.From || state.Members.Find(user) is null);
        var replyFrom = answered is { Recalled: false } && answered.From != message.From
            && state.Members.Find(answered.From) is not null ? answered.From : (UserId?)null;
        var seq = state.LastSeq + 1;
        var posted = new StoredMessage(
            seq, message.From, message.FromName, now, message.ReplyTo, replyFrom,
            mentions.IsEmpty ? null : mentions, message.Card);
        var tell = IsDirect && PeerOf(message.From) is { } peer && !looksOn(peer.UserId) ? peer.UserId : (UserId?)null;
        events.Add(new MessagePosted(now, posted, draft.Text, message.Key, draft.Check, tell));
        return SendAnswer.Accept(seq, now);
    }

    /// <summary>Whether a message can be answered or changed: its number is one of the group's.</summary>
    public bool HasMessage(long seq) => seq >= 1 && seq <= state.LastSeq;

    /// <summary>Changes a message's text.</summary>
    public SendAnswer Edit(UserId by, MessageCard card, string text, long now, List<GroupLogEvent> events)
    {
        if (RefuseToSpeak(by, now) is { } refusal)
        {
            return refusal;
        }

        var message = card.Stored;
        if (RefuseText(text, message.Card is not null, out var clean) is { } unsound)
        {
            return SendAnswer.Reject(unsound);
        }

        if (message.From != by || message.Recalled)
        {
            return SendAnswer.Reject(message.Recalled ? GroupReason.NotFound : GroupReason.Forbidden);
        }

        if (clean == card.Text)
        {
            return SendAnswer.Accept(message.Seq, message.EditedAt ?? message.At);
        }

        if (now > message.At + (options.EditSeconds * 1_000L))
        {
            return SendAnswer.Reject(GroupReason.TooLate);
        }

        if (message.Edits >= options.Edits)
        {
            return SendAnswer.Reject(GroupReason.RateLimited);
        }

        var changed = message with { EditedAt = now, Edits = message.Edits + 1 };
        events.Add(new MessageChanged(now, changed, clean, card.Place));
        return SendAnswer.Accept(message.Seq, now);
    }

    /// <summary>Whether somebody may take a message back; accepted with nothing to raise when it was so already.
    /// </summary>
    public SendAnswer Recall(UserId by, MessageCard card, long now, out MessageRecalled? raised)
    {
        raised = null;
        if (RefuseStranger(by) is { } refusal)
        {
            return refusal;
        }

        var message = card.Stored;
        if (message.From != by && !IsAdmin(by))
        {
            return SendAnswer.Reject(GroupReason.Forbidden);
        }

        if (message.Recalled)
        {
            return SendAnswer.Accept(message.Seq, now);
        }

        if (!IsAdmin(by) && now > message.At + (options.RecallSeconds * 1_000L))
        {
            return SendAnswer.Reject(GroupReason.TooLate);
        }

        var left = message with { Mentions = null, Card = null, Recalled = true };
        raised = new MessageRecalled(now, by, left, message.Mentions, card.Place);
        return SendAnswer.Accept(message.Seq, now);
    }

    /// <summary>Puts an emoji under a message, or takes it away.</summary>
    /// <param name="by">Who does.</param>
    /// <param name="card">The message.</param>
    /// <param name="reaction">What is asked for.</param>
    /// <param name="stands">Whether that user's stands there already.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="events">What it asks for.</param>
    public SendAnswer React(
        UserId by, MessageCard card, Reaction reaction, bool stands, long now, List<GroupLogEvent> events)
    {
        if (RefuseToSpeak(by, now) is { } refusal)
        {
            return refusal;
        }

        if (card.Stored.Recalled)
        {
            return SendAnswer.Reject(GroupReason.NotFound);
        }

        if (stands == reaction.On)
        {
            return SendAnswer.Accept(reaction.Seq, now);
        }

        var known = card.Reactions.TryGetValue(reaction.Emoji, out var count);
        if (reaction.On && !known && card.Reactions.Count >= options.Emojis)
        {
            return SendAnswer.Reject(GroupReason.RateLimited);
        }

        events.Add(new MessageReacted(
            now, reaction.Seq, card.Stored.From, by, reaction.Emoji, reaction.On, count + (reaction.On ? 1 : -1)));
        return SendAnswer.Accept(reaction.Seq, now);
    }

    /// <summary>Why somebody cannot be heard in the group; null: can.</summary>
    public SendAnswer? RefuseStranger(UserId by) => CanRead(by) switch
    {
        CommandStatus.Done => null,
        CommandStatus.Forbidden => SendAnswer.Reject(GroupReason.NotMember),
        _ => SendAnswer.Reject(GroupReason.NotFound),
    };

    /// <summary>One emoji: a single cluster as readers see it, that begins with a symbol, and short.</summary>
    public static bool IsEmoji(string? emoji)
    {
        if (emoji is null or { Length: 0 or > MaxEmojiBytes }
            || Encoding.UTF8.GetByteCount(emoji) > MaxEmojiBytes
            || StringInfo.GetNextTextElementLength(emoji) != emoji.Length)
        {
            return false;
        }

        var status = Rune.DecodeFromUtf16(emoji, out var first, out var units);
        return status == System.Buffers.OperationStatus.Done
            && !emoji.Any(char.IsControl)
            // What stands for half a character that was lost on its way is no emoji, though it counts as a symbol.
            && first != Rune.ReplacementChar
            && (Rune.GetUnicodeCategory(first) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol
                || first.Value is 0x203C or 0x2049
                // A digit, # or * is one only with the sign that makes a key of it.
                || (first.Value is '#' or '*' or (>= '0' and <= '9') && emoji.AsSpan(units).Contains('\u20E3')));
    }

    private SendAnswer? RefuseToSpeak(UserId by, long now)
        => RefuseStranger(by)
            ?? (state.Members.Find(by)!.MutedAt(now) is { } until
                ? SendAnswer.Reject(GroupReason.Muted) with { RetryAfterMs = until - now }
                : null);

    private static GroupReason? RefuseText(string? text, bool hasCard, out string clean)
        => TextRules.Clean(text, TextRules.MaxGroupMessage, out clean) switch
        {
            TextCheck.Ok => null,
            TextCheck.Empty when hasCard => null,
            TextCheck.Empty => GroupReason.Empty,
            TextCheck.TooLong => GroupReason.TooLong,
            _ => GroupReason.Invalid,
        };
}

/// <summary>A message that is sound as far as that does not change.</summary>
/// <param name="Message">What was asked for.</param>
/// <param name="Text">Its text, cleaned.</param>
/// <param name="Mentions">Whom it mentions, each once.</param>
/// <param name="Check">A hash of what was asked for.</param>
internal sealed record MessageDraft(SendMessage Message, string Text, ImmutableArray<UserId> Mentions, long Check);

/// <summary>What a key stands for.</summary>
internal readonly record struct BoundKey(long Seq, long Check, long At);
