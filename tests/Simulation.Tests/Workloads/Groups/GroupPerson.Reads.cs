using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>What a person looks at.</summary>
internal sealed partial class GroupPerson
{
    private async Task MarkRead(GroupBook group, int number)
    {
        var last = group.Now.LastSeq;
        var seq = number % 7 == 0 ? last + 5 : number % 3 == 0 ? last : number % (last + 1);
        var oldest = group.Oldest;
        group.Ask(id, seq);
        var mark = await Until($"has read {seq}", group, grain => grain.MarkRead(id, seq));
        if (mark is { } at)
        {
            group.Judge(
                oldest, $"the mark of {id} is at {at} after {seq}",
                view => group.MayBe(view, id, at) && at >= Math.Min(seq, view.LastSeq));
        }
        else
        {
            group.Judge(oldest, $"{id} has no mark", view => !view.Has(id));
        }
    }

    private async Task LookAt(GroupBook group)
    {
        var oldest = group.Oldest;
        var summary = await Until("looks", group, grain => grain.Summary(id));
        if (summary is null)
        {
            group.Judge(oldest, $"{id} is shown nothing", view => !view.Has(id));
            return;
        }

        group.Judge(oldest, $"{id} is shown {summary}", view => view.Has(id)
            && GroupBook.Matches(view, id, summary.Group)
            && group.MayBe(view, id, summary.ReadSeq)
            && summary.Unread == view.Unread(id, summary.ReadSeq)
            && summary.UnreadMentions == view.UnreadCalls(id, summary.ReadSeq));
        if (summary.LastMessage is not { } message)
        {
            group.Judge(oldest, $"{id} is shown no last message", view => view.LastSeq == 0);
            return;
        }

        group.Judge(oldest, $"{id} is shown {message.Seq} as the last", view => view.LastSeq == message.Seq);
        group.Judge(oldest, id, message);
    }

    private async Task Open(GroupBook group, int number)
    {
        long? after = number % 3 == 0 ? null : Math.Max(0, group.Now.LastSeq - (number % 20));
        var oldest = group.Oldest;
        var outcome = await Until($"opens after {after}", group, grain => grain.Open(id, after));
        cast.CheckOpened(group, oldest, id, after, outcome);
    }

    private async Task Page(GroupBook group, int number)
    {
        var (seq, limit) = (number % (group.Now.LastSeq + 3), 1 + (number % 12));
        var query = (number % 4) switch
        {
            0 => new MessageQuery(null, null, limit),
            1 => new MessageQuery(seq, seq, limit),
            2 => new MessageQuery(seq, null, limit),
            _ => new MessageQuery(null, seq, limit),
        };
        var oldest = group.Oldest;
        var outcome = await Until($"pages {query}", group, grain => grain.Messages(id, query));
        if (!IsServed(group, oldest, outcome.Status)) return;
        if (outcome.Status == CommandStatus.Invalid)
        {
            world.Require(number % 4 == 1, $"{query} is invalid.");
            return;
        }

        var page = outcome.Page!;
        group.Judge(oldest, $"{query} is answered {page.Items.Length}, {page.HasMore}", view =>
        {
            var (from, to) = Bounds(query, view.LastSeq);
            return page.Items.Select(item => item.Seq).SequenceEqual(Numbers(from, to))
                && page.HasMore == (query.After is null ? from > 1 : to < view.LastSeq);
        });
        foreach (var item in page.Items) group.Judge(oldest, id, item);
    }

    private async Task Ask(GroupBook group, int number)
    {
        var seq = Some(group, number);
        var oldest = group.Oldest;
        var outcome = await Until($"asks who has read {seq}", group, grain => grain.Receipts(id, seq));
        if (!IsServed(group, oldest, outcome.Status)) return;
        if (outcome.Status == CommandStatus.NotFound)
        {
            group.Judge(oldest, $"{seq} is not found", view => view.Message(seq) is null);
            return;
        }

        var shown = outcome.Receipts!;
        group.Judge(oldest, $"{id} is shown {shown}", view =>
        {
            if (view.Message(seq) is not { } message) return false;
            var all = view.Members.Values
                .Where(member => member.User != message.From && member.JoinedSeq < seq).ToList();
            var readers = shown.Readers.Select(reader => reader.UserId.Value).ToHashSet();
            return shown.Seq == seq && shown.Read + shown.Unread == all.Count && readers.Count == shown.Read
                && shown.Readers.Length == shown.Read
                && all.TrueForAll(member => readers.Contains(member.User)
                    ? group.MayHaveRead(view, member, seq)
                    : member.Mark < seq);
        });
    }

    private async Task Count(GroupBook group, int number)
    {
        var (after, limit) = (new UserId(number % GroupCast.Users), 1 + (number % 8));
        var oldest = group.Oldest;
        var outcome = await Until($"asks who is in after {after}", group, grain => grain.Members(id, after, limit));
        if (!IsServed(group, oldest, outcome.Status)) return;
        var page = outcome.Page!;
        group.Judge(oldest, $"{id} is shown {string.Join(' ', page.Items)}", view =>
        {
            var all = view.Members.Values.Where(member => member.User > after.Value).ToList();
            var next = all.Count > limit ? new UserId(all[limit - 1].User) : (UserId?)null;
            return page.Items.Select(item => item.UserId.Value)
                    .SequenceEqual(all.Take(limit).Select(member => member.User))
                && page.Items.All(item => group.Matches(view, item)) && page.Next == next;
        });
    }

    private async Task Type(GroupBook group)
    {
        var oldest = group.Oldest;
        var isMember = await Until("types", group, grain => grain.Type(id, Name));
        group.Judge(oldest, $"{id} types: {isMember}", view => view.Has(id) == isMember);
    }

    /// <summary>Members alone are shown what is in a group, and nobody else is.</summary>
    private bool IsServed(GroupBook group, long oldest, CommandStatus status)
    {
        var isRefused = status == CommandStatus.Forbidden
            || (status == CommandStatus.NotFound
                && (group.Now.IsDirect ? !group.Now.Has(id) : group.Now.Members.IsEmpty));
        group.Judge(
            oldest, $"{id} is answered {status}",
            view => (view.Has(id) && !view.Members.IsEmpty) != isRefused);
        return !isRefused;
    }

    private static (long From, long To) Bounds(MessageQuery query, long last)
    {
        if (query.After is { } after)
        {
            after = Math.Clamp(after, 0, last);
            return (after + 1, Math.Min(last, after + query.Limit));
        }

        var before = Math.Clamp(query.Before ?? last + 1, 1, last + 1);
        return (Math.Max(1, before - query.Limit), before - 1);
    }

    private static IEnumerable<long> Numbers(long from, long to)
    {
        for (var number = from; number <= to; number++) yield return number;
    }
}
