using Microsoft.Extensions.Logging;

namespace RedNote.Groups;

/// <summary>What happened while a member was away, and looking for words.</summary>
internal sealed partial class GroupGrain
{
    /// <summary>Longest text of a language model that is passed on, in UTF-16 units.</summary>
    private const int MaxDigestSummary = 4_000;

    public async Task<MessagesOutcome> Search(UserId reader, SearchQuery query)
    {
        var status = _rules.CanRead(reader);
        var isSound = TextRules.Clean(query.Text, SearchQuery.MaxText, out var words) == TextCheck.Ok;
        if (status == CommandStatus.Done && !isSound)
        {
            status = CommandStatus.Invalid;
        }

        if (status != CommandStatus.Done)
        {
            return await Confirmed(new MessagesOutcome(status, null));
        }

        var limit = Math.Clamp(query.Limit, 1, SearchQuery.MaxLimit);
        var ask = GroupMessages.AskWords(words, query.Before ?? long.MaxValue, limit + 1);
        var hasMore = false;
        var found = await Current(async () =>
        {
            var rows = GroupMessages.Read(await log.Query(ask));
            hasMore = rows.Count > limit;
            rows.Reverse();
            return await Counted(rows.Take(limit));
        });
        status = _rules.CanRead(reader);
        return await Confirmed(new MessagesOutcome(
            status,
            status == CommandStatus.Done
                ? new MessagePage([.. found.Select(card => card.ToMessage())], hasMore)
                : null));
    }

    public async Task<DigestOutcome> Digest(UserId reader, long? since)
    {
        if (_rules.CanRead(reader) is var refusal and not CommandStatus.Done)
        {
            return await Confirmed(new DigestOutcome(refusal, null));
        }

        var before = since is >= DigestSince.FirstTime and var time
            ? await LastBefore(time)
            : since ?? MarkOf(State.Members.Find(reader)!);
        var last = State.LastSeq;
        before = Math.Clamp(before, 0, last);
        var count = (int)Math.Min(int.MaxValue, State.MessagesAfter(before));
        var from = Math.Max(before + 1, last - options.Value.DigestMessages + 1);
        var cards = new List<MessageCard>();
        for (var first = from; first <= last; first += MessagePage.MaxLimit)
        {
            cards.AddRange(await Cards(first, Math.Min(last, first + MessagePage.MaxLimit - 1)));
        }

        var picks = DigestPicker.Pick(reader, cards);
        await log.WhenConfirmed();
        var summary = await Say(reader, cards);

        // The reader may have gone meanwhile.
        var status = _rules.CanRead(reader);
        return await Confirmed(new DigestOutcome(status, status != CommandStatus.Done ? null : new Digest(
            before, last, count, IsWhole: from == before + 1, picks.Senders, picks.MostReacted, picks.Mentions,
            picks.Questions, picks.Links, summary)));
    }

    /// <summary>The last message before a time.</summary>
    private async Task<long> LastBefore(long at)
        => GroupMessages.Read(await log.Query(GroupMessages.AskSince(at))) is [var first]
            ? first.Seq - 1
            : State.LastSeq;

    /// <summary>What a language model says, if there is one and it says it in time.</summary>
    private async Task<string?> Say(UserId reader, List<MessageCard> cards)
    {
        if (cards.Count == 0 || digests is NoDigestWriter)
        {
            return null;
        }

        var material = new DigestMaterial(
            State.Name,
            State.Members.Find(reader)?.Name ?? "",
            [
                .. cards.Where(card => !card.Stored.Recalled)
                    .Select(card => new DigestLine(card.Stored.FromName, card.Text, card.Stored.At)),
            ]);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            var said = await digests.Write(material, end.Token)
                .WaitAsync(TimeSpan.FromMilliseconds(options.Value.DigestMs), time);
            return said is { Length: > MaxDigestSummary } ? null : said;
        }
        catch (Exception error)
        {
            LogNotSaid(logger, Self, error);
            return null;
        }
        finally
        {
            end.Cancel();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Group {Group}: a digest goes without what a model says")]
    private static partial void LogNotSaid(ILogger logger, GroupId group, Exception error);
}
