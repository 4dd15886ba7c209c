using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>The groups of a run, the bounds they have, and what is asked of every answer to who opens one.</summary>
internal sealed class GroupCast(SimulatedWorld world, GroupOptions options)
{
    /// <summary>Users have the ids from 1 to that.</summary>
    public const int Users = 9;

    public static readonly string[] Emojis = ["👍", "❤️", "🎉", "😂"];

    public static readonly string[] Words = ["红薯", "露营", "hiking", "tea https://a.example/b", "明天去吗？"];

    public GroupOptions Options => options;

    public List<GroupBook> Books { get; } = [];

    /// <summary>Codes that somebody wanted to be made, and for how many seconds.</summary>
    public List<(GroupBook Group, string Code, int Seconds)> Codes { get; } = [];

    /// <summary>Adds a group that has been made.</summary>
    public void Add(GroupId id)
    {
        var book = new GroupBook(world, id, options);
        Books.Add(book);
        book.Acknowledge(0, "it was made", view => view.Token.Length > 0 && view.Version > 0);
    }

    /// <summary>Holds an answer to who opens a group against its log; true if it was opened.</summary>
    public bool CheckOpened(GroupBook group, long oldest, UserId reader, long? after, OpenOutcome outcome)
    {
        if (outcome.Opened is not { } opened)
        {
            group.Judge(oldest, $"{reader} opens it: {outcome.Status}", view => !view.Has(reader)
                && outcome.Status == (view.IsDirect || view.Members.IsEmpty
                    ? CommandStatus.NotFound
                    : CommandStatus.Forbidden));
            return false;
        }

        var last = opened.Group.LastSeq;
        var shown = opened.Messages.Select(message => message.Seq).ToList();
        var first = after is { } seq ? Math.Clamp(seq, 0, last) + 1 : Math.Max(1, last - 49);
        world.Require(
            shown.SequenceEqual(Enumerable.Range(0, shown.Count).Select(place => first + place))
                && opened.HasMore == (first + shown.Count <= last)
                && (shown.Count == MessagePage.MaxLimit || !opened.HasMore),
            $"{reader} opens group {group.Id} after {after}, and is shown {string.Join(',', shown)} of {last}.");
        group.Judge(oldest, $"{reader} is shown {last} messages", view => view.LastSeq == last);
        group.Judge(
            oldest, $"{reader} is shown {opened.Group}",
            view => view.Has(reader) && GroupBook.Matches(view, reader, opened.Group with { LastSeq = view.LastSeq }));
        if (!group.Was(
            oldest,
            view => opened.Members.Select(member => member.UserId.Value).SequenceEqual(view.Members.Keys)
                && opened.Members.All(member => group.Matches(view, member))))
        {
            world.Violate($"Group {group.Id} shows {reader} members {string.Join(' ', opened.Members)}.");
        }

        group.Judge(oldest, $"{reader} has read {opened.ReadSeq}", view => group.MayBe(view, reader, opened.ReadSeq));
        foreach (var message in opened.Messages) group.Judge(oldest, reader, message);
        world.Require(
            opened.Head.Epoch >= 1 && opened.Head.Epoch <= group.Now.Epoch, $"{opened.Head} is not in the log.");
        return true;
    }
}
