using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>Looking for words, and what happened while one was away.</summary>
internal sealed partial class GroupPerson
{
    private async Task Search(GroupBook group, int number)
    {
        var said = group.Log.Said;
        var words = (number % 4) switch
        {
            0 when said.Count > 0 => said[number % said.Count].Text.Split(' ')[0],
            1 => "大",
            2 => $"{GroupCast.Words[number % GroupCast.Words.Length].Split(' ')[0].TrimEnd('？')} 家好",
            _ => "t",
        };
        var query = new SearchQuery(
            words, number % 3 == 0 ? 1 + (number % (group.Now.LastSeq + 2)) : null, 1 + (number % 20));
        var oldest = group.Oldest;
        var outcome = await Until($"looks for {query}", group, grain => grain.Search(id, query));
        if (!IsServed(group, oldest, outcome.Status)) return;
        var page = outcome.Page!;
        group.Judge(
            oldest, $"{query} is answered {string.Join(' ', page.Items.Select(item => item.Seq))}, {page.HasMore}",
            view => Holds(view, query, page));
        foreach (var item in page.Items) group.Judge(oldest, id, item);
    }

    /// <summary>Whether a page holds what there was to find. What was blanked before this model saw it may be found or
    /// not.</summary>
    private static bool Holds(GroupView view, SearchQuery query, MessagePage page)
    {
        var shown = page.Items.Select(item => item.Seq).ToList();
        var found = view.Messages
            .Where(message => message.Seq < (query.Before ?? long.MaxValue) && !message.Recalled
                && (message.Text is { } text ? Holds(text, query.Text) : shown.Contains(message.Seq)))
            .Select(message => message.Seq).Reverse().ToList();
        return shown.SequenceEqual(found.Take(query.Limit)) && page.HasMore == (found.Count > query.Limit);
    }

    private static bool Holds(string text, string words) => words.Split(' ').All(word => char.IsAscii(word[0])
        ? (' ' + text).Contains(' ' + word, StringComparison.Ordinal)
        : text.Contains(word, StringComparison.Ordinal));

    private async Task Digest(GroupBook group, int number)
    {
        long? since = number % 3 == 0 ? null : number % (group.Now.LastSeq + 2);
        var oldest = group.Oldest;
        var outcome = await Until($"asks what was since {since}", group, grain => grain.Digest(id, since));
        if (!IsServed(group, oldest, outcome.Status)) return;
        var digest = outcome.Digest!;
        group.Judge(oldest, $"{id} is shown {digest} since {since}", view => digest.UpTo == view.LastSeq
            && (since is { } asked
                ? digest.Since == Math.Min(asked, view.LastSeq)
                : group.MayBe(view, id, digest.Since))
            && digest.Messages
                == view.Messages.Count(message => message.Seq > digest.Since && !message.Recalled));
        var picked = digest.MostReacted.Concat(digest.Mentions).Concat(digest.Questions).ToList();
        world.Require(
            digest.IsWhole && digest.Senders.Sum(sender => sender.Messages) <= digest.UpTo - digest.Since
                && picked.TrueForAll(message => message.Seq > digest.Since && message.Seq <= digest.UpTo)
                && digest.Mentions.All(message => group.Now.Message(message.Seq)!.Called.Contains(id.Value))
                && digest.Questions.All(message => message.From != id && message.Text.IndexOfAny(['?', '？']) >= 0),
            $"{id} is shown {digest} in {group.Id}.");
        foreach (var message in picked) group.Judge(oldest, id, message);
    }
}
