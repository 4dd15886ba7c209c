using System.Collections.Immutable;

namespace RedNote.Groups;

/// <summary>What the group remembers: from memory as far as it goes, otherwise from the tables.</summary>
internal sealed partial class GroupGrain
{
    /// <summary>Messages shown to who opens the group for the first time.</summary>
    private const int FirstMessages = 50;

    /// <summary>How often tables are read anew because messages left memory meanwhile that had been changed in it: what
    /// was read of one may be of before and after the change.</summary>
    private const int ReadAttempts = 5;

    private readonly Dictionary<long, Task<MessageCard?>> _finding = [];
    private Task? _filling;

    public async Task<OpenOutcome> Open(UserId reader, long? afterSeq)
    {
        if (_rules.CanRead(reader) is var refusal and not CommandStatus.Done)
        {
            return await Confirmed(new OpenOutcome(refusal, null));
        }

        // News after this head may say again what is in the messages, never less: it is taken before they are read.
        var durable = WhenEpoch();
        Seal();
        var (head, last) = (Head(), State.LastSeq);
        PublishNews();
        var from = afterSeq is { } after
            ? Math.Clamp(after, 0, last) + 1
            : Math.Max(1, last - FirstMessages + 1);
        var to = Math.Min(last, from + MessagePage.MaxLimit - 1);
        var messages = await Read(reader, from, to);
        await durable;

        // The reader may have gone meanwhile.
        var status = _rules.CanRead(reader);
        var opened = status != CommandStatus.Done ? null : new OpenedGroup(
            _rules.Card(reader, Now()) with { LastSeq = last },
            Page(default, MemberPage.MaxLimit).Items,
            MarkOf(State.Members.Find(reader)!),
            messages,
            HasMore: to < last,
            head);
        return await Confirmed(new OpenOutcome(status, opened));
    }

    public async Task<MessagesOutcome> Messages(UserId reader, MessageQuery query)
    {
        var status = _rules.CanRead(reader);
        if (status == CommandStatus.Done && query is { Before: not null, After: not null })
        {
            status = CommandStatus.Invalid;
        }

        if (status != CommandStatus.Done)
        {
            return await Confirmed(new MessagesOutcome(status, null));
        }

        var limit = Math.Clamp(query.Limit, 1, MessagePage.MaxLimit);
        var last = State.LastSeq;
        var (from, to) = query.After is { } after
            ? (Math.Clamp(after, 0, last) + 1, Math.Min(last, Math.Clamp(after, 0, last) + limit))
            : Back(Math.Clamp(query.Before ?? last + 1, 1, last + 1), limit);
        var messages = await Read(reader, from, to);
        var hasMore = query.After is null ? from > 1 : to < last;
        status = _rules.CanRead(reader);
        return await Confirmed(new MessagesOutcome(
            status, status == CommandStatus.Done ? new MessagePage(messages, hasMore) : null));

        static (long From, long To) Back(long before, int limit) => (Math.Max(1, before - limit), before - 1);
    }

    public async Task<ReceiptsOutcome> Receipts(UserId reader, long seq)
    {
        var status = _rules.CanRead(reader);
        if (status != CommandStatus.Done)
        {
            return await Confirmed(new ReceiptsOutcome(status, null));
        }

        var card = await Find(seq);
        status = card is null ? CommandStatus.NotFound : _rules.CanRead(reader);
        return await Confirmed(new ReceiptsOutcome(
            status, status == CommandStatus.Done ? ReceiptsOf(card!.Stored) : null));
    }

    private Receipts ReceiptsOf(StoredMessage message)
    {
        var (read, unread) = (0, 0);
        var readers = ImmutableArray.CreateBuilder<Reader>();
        foreach (var member in State.Members.All)
        {
            if (member.UserId == message.From || member.JoinedSeq >= message.Seq)
            {
                continue;
            }

            if (MarkOf(member) < message.Seq)
            {
                unread++;
            }
            else if (++read <= Groups.Receipts.MaxReaders)
            {
                readers.Add(new Reader(member.UserId, member.Name));
            }
        }

        return new Receipts(message.Seq, read, unread, readers.ToImmutable());
    }

    /// <summary>Messages between two numbers, both included, as the reader sees them, in order.</summary>
    private async Task<ImmutableArray<Message>> Read(UserId reader, long from, long to)
    {
        var cards = await Cards(from, to);
        var reacted = cards.FindAll(card => !card.Reactions.IsEmpty);
        if (reacted.Count == 0)
        {
            return [.. cards.Select(card => card.ToMessage())];
        }

        var rows = await log.Query(GroupReactions.AskOf(
            reader, reacted[0].Seq, reacted[^1].Seq, MessagePage.MaxLimit * options.Value.Emojis));
        cards = cards.ConvertAll(card => _memory.Find(card.Seq) ?? card);
        var mine = rows.Select(GroupReactions.Read).ToLookup(own => own.Seq, own => own.Emoji);
        return [.. cards.Select(card => card.ToMessage(mine.Contains(card.Seq) ? [.. mine[card.Seq]] : null))];
    }

    private async Task<List<MessageCard>> Cards(long from, long to)
    {
        if (from > to)
        {
            return [];
        }

        if (from <= _memory.Before && to - from < MessagePage.MaxLimit && to == State.LastSeq)
        {
            await Fill();
        }

        if (from > _memory.Before)
        {
            var known = new List<MessageCard>((int)(to - from + 1));
            for (var seq = from; seq <= to; seq++)
            {
                known.Add(_memory.Find(seq)!);
            }

            return known;
        }

        return await Current(() => Load(from, to));
    }

    /// <summary>What was read of the tables, or what memory has of it, which is never older.</summary>
    private async Task<List<MessageCard>> Current(Func<Task<List<MessageCard>>> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            var dropped = _memory.Dropped;
            var cards = await read();
            if (_memory.Dropped == dropped || attempt == ReadAttempts)
            {
                return cards.ConvertAll(card => _memory.Find(card.Seq) ?? card);
            }
        }
    }

    /// <summary>The newest message; null: there is none.</summary>
    private async Task<MessageCard?> Newest()
        => State.LastSeq == 0 ? null : _memory.Find(State.LastSeq) ?? await Find(State.LastSeq);

    /// <summary>A message's card, in memory from then on; null: there is no such message.</summary>
    private Task<MessageCard?> Find(long seq)
    {
        if (!_rules.HasMessage(seq))
        {
            return Task.FromResult<MessageCard?>(null);
        }

        if (_memory.Find(seq) is { } known)
        {
            return Task.FromResult<MessageCard?>(known);
        }

        return _finding.TryGetValue(seq, out var finding) ? finding : FindAndForget(seq);

        async Task<MessageCard?> FindAndForget(long wanted)
        {
            var found = LoadOne(wanted);
            _finding[wanted] = found;
            try
            {
                return await found;
            }
            finally
            {
                _finding.Remove(wanted);
            }
        }
    }

    private async Task<MessageCard?> LoadOne(long seq)
    {
        while (true)
        {
            var dropped = _memory.Dropped;
            var found = await Load(seq, seq);
            if (_memory.Dropped == dropped || _memory.Find(seq) is not null)
            {
                return found is [var card] ? _memory.Keep(card) : null;
            }
        }
    }

    /// <summary>Takes the last messages into memory; once in an activation.</summary>
    private Task Fill() => _filling is null or { IsFaulted: true } ? _filling = LoadLast() : _filling;

    private async Task LoadLast()
    {
        while (_memory.Before > 0)
        {
            var (to, dropped) = (_memory.Before, _memory.Dropped);
            var cards = await Load(Math.Max(1, to - MessagePage.MaxLimit + 1), to);
            if (_memory.Dropped != dropped)
            {
                continue;
            }

            _memory.Precede(cards);
            if (_memory.Before == 0)
            {
                _keys.Restore(_memory.Recent);
            }

            return;
        }
    }

    /// <summary>Messages between two numbers from the tables, with what stands under them.</summary>
    private async Task<List<MessageCard>> Load(long from, long to)
    {
        var limit = (int)(to - from + 1);
        var cards = GroupMessages.Read(await log.Query(GroupMessages.Ask(from, to, limit)));
        var counts = await log.Query(GroupReactionCounts.Ask(from, to, limit * options.Value.Emojis));
        var places = cards.ToDictionary(card => card.Seq);
        foreach (var row in counts)
        {
            var (seq, emoji, count) = GroupReactionCounts.Read(row);
            if (places.TryGetValue(seq, out var card))
            {
                card.Count(emoji, count);
            }
        }

        return cards;
    }

    /// <summary>Messages from the table of words, with what stands under them.</summary>
    private async Task<List<MessageCard>> Counted(IEnumerable<MessageCard> read)
    {
        var (cards, counting) = (new List<MessageCard>(), new List<Task>());
        foreach (var card in read)
        {
            // One that is in memory now may have left it when the others are counted.
            var known = _memory.Find(card.Seq);
            cards.Add(known ?? card);
            if (known is null)
            {
                counting.Add(Count(card));
            }
        }

        await Task.WhenAll(counting);
        return cards;
    }

    /// <summary>Reads what stands under one message.</summary>
    private async Task Count(MessageCard card)
    {
        foreach (var row in await log.Query(GroupReactionCounts.Ask(card.Seq, card.Seq, options.Value.Emojis)))
        {
            var (_, emoji, count) = GroupReactionCounts.Read(row);
            card.Count(emoji, count);
        }
    }
}
