using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>Sending messages, changing them, taking them back, and what people put under them.</summary>
internal sealed partial class GroupGrain
{
    private readonly TurnTaking<long> _changing = new();
    private readonly TurnTaking<(long Seq, UserId User)> _reacting = new();

    public Task<SendAnswer> Send(SendMessage message) => Answer(async () =>
    {
        if (_rules.Check(message, out var draft) is { } unsound)
        {
            return await Confirmed(unsound);
        }

        if (!_rules.Exists)
        {
            return await Confirmed(SendAnswer.Reject(GroupReason.NotFound));
        }

        // What is read of the tables is read first: from here to the decision nothing comes between.
        var bound = await FindKey(draft);
        var answered = message.ReplyTo is { } reply ? await Find(reply) : null;
        await log.WhenRoom();
        bound = _keys.Find(message.From, message.Key, Now()) ?? bound;
        if (bound is { } first)
        {
            return await ForCertain(GroupRules.Repeat(draft, first));
        }

        var now = Now();
        var events = new List<GroupLogEvent>();
        var answer = _rules.Post(draft, answered?.Stored, user => _presence.LooksOn(user, AwakeMs()), now, events);
        await (events.Count > 0 ? Commit(events) : log.WhenConfirmed());
        return answer;
    });

    public Task<SendAnswer> Edit(UserId by, long seq, string text) => Answer(async () =>
    {
        using var turn = await _changing.Turn(seq);
        await log.WhenRoom();
        if (await Find(seq) is not { } found)
        {
            return await Missing(by);
        }

        var card = _memory.Keep(found);
        var events = new List<GroupLogEvent>();
        var answer = _rules.Edit(by, card, text, Now(), events);
        if (events.Count == 0)
        {
            return await ForCertain(answer);
        }

        await Commit(events);
        return answer;
    });

    public Task<SendAnswer> Recall(UserId by, long seq) => Answer(async () =>
    {
        // One at a time: who comes second finds it done, and no text is written that the first did not know of.
        using var turn = await _changing.Turn(seq);
        if (await Find(seq) is not { } card)
        {
            return await Missing(by);
        }

        var answer = _rules.Recall(by, card, Now(), out var raised);
        if (raised is null)
        {
            return await ForCertain(answer);
        }

        var blanked = await Blank(card);
        await log.WhenRoom();
        card = _memory.Keep(card);
        answer = _rules.Recall(by, card, Now(), out raised);
        if (raised is null)
        {
            return await ForCertain(answer);
        }

        await Redact(raised, blanked);
        return answer;
    });

    public Task<SendAnswer> React(UserId by, Reaction reaction) => Answer(async () =>
    {
        if (!GroupRules.IsEmoji(reaction.Emoji))
        {
            return await Confirmed(SendAnswer.Reject(GroupReason.Invalid));
        }

        // Whether a user's own stands there is in the table alone, so that one's own come one after the other.
        using var turn = await _reacting.Turn((reaction.Seq, by));
        if (!_rules.HasMessage(reaction.Seq) || _rules.RefuseStranger(by) is not null)
        {
            return await Missing(by);
        }

        var mine = await log.Query(GroupReactions.AskOf(by, reaction.Seq, reaction.Seq, options.Value.Emojis));
        var stands = mine.Any(row => GroupReactions.Read(row).Emoji == reaction.Emoji);
        await log.WhenRoom();
        var card = _memory.Keep((await Find(reaction.Seq))!);
        var events = new List<GroupLogEvent>();
        var answer = _rules.React(by, card, reaction, stands, Now(), events);
        if (events.Count == 0)
        {
            return await ForCertain(answer);
        }

        await Commit(events);
        return answer;
    });

    /// <summary>An answer that it is so already leaves when it is certain that it is.</summary>
    private async Task<SendAnswer> ForCertain(SendAnswer answer)
    {
        await (answer.Status == SendStatus.Accepted ? log.WhenCurrent() : log.WhenConfirmed());
        return answer;
    }

    private Task<SendAnswer> Missing(UserId by)
        => Confirmed(_rules.RefuseStranger(by) ?? SendAnswer.Reject(GroupReason.NotFound));

    /// <summary>What the draft's key stands for: the table is asked when memory does not go back as far as keys hold.
    /// </summary>
    private async Task<BoundKey?> FindKey(MessageDraft draft)
    {
        var (user, key, now) = (draft.Message.From, draft.Message.Key, Now());
        if (_keys.Find(user, key, now) is { } known)
        {
            return known;
        }

        if (_keys.KnowsAll(now))
        {
            return null;
        }

        // A short history is read once, and with it all its keys.
        await Fill();
        if (_keys.Find(user, key, now) is { } filled)
        {
            return filled;
        }

        if (_keys.KnowsAll(now))
        {
            return null;
        }

        if (GroupMessages.Read(await log.Query(GroupMessages.AskKey(user, key))) is not [var card])
        {
            return null;
        }

        var bound = new BoundKey(card.Seq, card.Place.Check, card.Stored.At);
        return KeyBook.IsGood(bound, now) ? bound : null;
    }

    /// <summary>The events that hold the text of a message, without it.</summary>
    private async Task<LoggedEvent<GroupLogEvent>[]> Blank(MessageCard card)
    {
        var edits = await log.Query(GroupTexts.Ask(card.Seq, options.Value.Edits + 1));
        var versions = edits.Select(GroupTexts.VersionOf).Prepend(card.Place.Version);
        if (card.Stored.Card is { Kind: CardKind.Poll })
        {
            // What a poll asks stands in its own event too, right before that of the message that it was sent with.
            versions = versions.Prepend(card.Place.Version - 1);
        }

        var blanked = new List<LoggedEvent<GroupLogEvent>>();
        foreach (var version in versions)
        {
            var found = await log.Read(new VersionRange(version, version), 1);
            blanked.AddRange(found
                .Where(stored => stored.Version >= card.Place.Version || IsPollOf(stored.Event, card))
                .Select(stored => stored with { Event = Without(stored.Event) }));
        }

        return [.. blanked];
    }

    /// <summary>A message may also show a poll that another was sent with.</summary>
    private static bool IsPollOf(GroupLogEvent raised, MessageCard card)
        => raised is GroupPollOpened opened && opened.Seq == card.Seq;

    private GroupLogEvent Without(GroupLogEvent raised) => raised switch
    {
        MessagePosted posted => posted with { Text = "", Message = posted.Message with { Card = null } },
        MessageChanged changed => changed with { Text = "", Message = changed.Message with { Card = null } },
        GroupPollOpened opened => opened with { Terms = opened.Terms.Blanked() },
        _ => throw new InvalidOperationException($"A {raised.GetType().Name} of group {Self} holds no text."),
    };

    /// <summary>Raises a recall, which blanks what was said, and lets it be told.</summary>
    private async Task Redact(MessageRecalled raised, LoggedEvent<GroupLogEvent>[] blanked)
    {
        // The epoch goes first if it is due; its failure is that of the log, which the next call meets.
        _ = WhenEpoch();
        var before = log.Version;
        var durable = log.RaiseRedacting(raised, blanked);
        if (log.Version > before)
        {
            // It may have closed a poll.
            SetClosing();
            Take(raised, log.Version);
            PublishNews();
        }

        await durable;
    }
}
