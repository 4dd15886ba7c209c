using System.Collections.Immutable;
using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Simulation.Groups;

/// <summary>
/// What a member's page has put together from the answer to opening the group and from its news since. Every message
/// comes, in order, and once; in the end it is what is stored.
/// </summary>
internal sealed class GroupPage
{
    private readonly SimulatedWorld _world;
    private readonly string _whose;
    private readonly SortedDictionary<long, (string Text, bool Recalled)> _messages = [];
    private readonly SortedDictionary<(long Seq, string Emoji), int> _reactions = [];
    private readonly SortedDictionary<long, GroupRole> _members = [];
    private readonly SortedDictionary<long, long> _marks = [];
    private readonly SortedDictionary<long, PollTally> _polls = [];
    private long? _told;
    private string? _announcement;

    public GroupPage(SimulatedWorld world, string whose, OpenedGroup opened)
    {
        (_world, _whose, Head, LastSeq) = (world, whose, opened.Head, opened.Group.LastSeq);
        _announcement = opened.Group.Announcement?.Text;
        foreach (var message in opened.Messages) Put(message);
        foreach (var member in opened.Members) _members[member.UserId.Value] = member.Role;
    }

    public GroupHead Head { get; private set; }

    /// <summary>The last message that the page knows of.</summary>
    public long LastSeq { get; private set; }

    /// <summary>How many messages the page was told of by news.</summary>
    public int Told { get; private set; }

    public bool Has(UserId user) => _members.ContainsKey(user.Value);

    /// <summary>Takes the next news.</summary>
    public void Take(GroupNews news)
    {
        Require(
            news.Head.Epoch == Head.Epoch && news.Head.Number == Head.Number + 1, $"takes {news.Head} after {Head}");
        Head = news.Head;
        foreach (var told in news.Events) Take(told, news);
        Require(LastSeq >= news.LastSeq, $"knows {LastSeq} messages, and {news.Head} says there are {news.LastSeq}");
    }

    /// <summary>What differs from what is stored; null: nothing.</summary>
    public string? Compare(GroupView view)
    {
        if (LastSeq != view.LastSeq) return $"knows {LastSeq} messages of {view.LastSeq}";
        foreach (var (seq, shown) in _messages)
        {
            var stored = view.Message(seq)!;
            if (shown.Recalled != stored.Recalled || (stored.Text is not null && shown.Text != stored.Text))
                return $"shows {seq} as {shown}, and it is {stored}";
            var mine = _reactions.Where(one => one.Key.Seq == seq).Select(one => (one.Key.Emoji, one.Value));
            if (!mine.Order().SequenceEqual(stored.Reactions.Select(own => (own.Key, own.Value.Count)).Order()))
                return $"shows {string.Join(' ', mine)} under {stored}";
        }

        if (!_members.Keys.SequenceEqual(view.Members.Keys)) return $"has members {string.Join(' ', _members.Keys)}";
        if (_announcement != view.Announcement) return $"shows '{_announcement}', not '{view.Announcement}'";
        foreach (var member in view.Members.Values)
        {
            if (_members[member.User] != member.Role) return $"takes {member.User} for {_members[member.User]}";
        }

        foreach (var (poll, tally) in _polls)
        {
            if (!view.Polls[poll].Matches(tally.Counts, tally.Voters) || view.Polls[poll].IsClosed != tally.Closed)
                return $"shows {tally}, and it is {view.Polls[poll]}";
        }

        return null;
    }

    private void Put(Message message)
    {
        _messages[message.Seq] = (message.Text, message.Recalled ?? false);
        foreach (var (emoji, count) in message.Reactions ?? ImmutableSortedDictionary<string, int>.Empty)
            _reactions[(message.Seq, emoji)] = count;
    }

    private void Take(GroupEvent told, GroupNews news)
    {
        switch (told)
        {
            case MessageSent sent:
                var seq = sent.Message.Seq;
                Require(
                    _told is { } before ? seq == before + 1 : seq <= LastSeq + 1,
                    $"is told of {seq} after {_told}, and knows {LastSeq}");
                Require(seq <= news.LastSeq, $"is told of {seq} by {news.Head}, which knows {news.LastSeq}");
                (_told, LastSeq, Told) = (seq, Math.Max(seq, LastSeq), Told + 1);
                Put(sent.Message);
                break;
            case MessageEdited edited when _messages.ContainsKey(edited.Message.Seq):
                Put(edited.Message);
                break;
            case MessageTakenBack taken when _messages.ContainsKey(taken.Seq):
                _messages[taken.Seq] = ("", true);
                foreach (var one in _reactions.Keys.Where(one => one.Seq == taken.Seq).ToList())
                    _reactions.Remove(one);
                break;
            case ReactionChanged changed when _messages.ContainsKey(changed.Seq):
                if (changed.Count == 0) _reactions.Remove((changed.Seq, changed.Emoji));
                else _reactions[(changed.Seq, changed.Emoji)] = changed.Count;
                break;
            case MessagesRead read:
                Require(read.Seq <= news.LastSeq, $"is told that {read} of {news.LastSeq}");
                Require(
                    read.Seq >= _marks.GetValueOrDefault(read.UserId.Value),
                    $"is told that {read}, and it was {_marks.GetValueOrDefault(read.UserId.Value)}");
                _marks[read.UserId.Value] = read.Seq;
                break;
            case MemberChanged { Change: not MemberChange.Requested } changed:
                if (changed.Role is { } role) _members[changed.UserId.Value] = role;
                else _members.Remove(changed.UserId.Value);
                if (changed.Change is MemberChange.Joined or MemberChange.Left or MemberChange.Removed)
                    _marks.Remove(changed.UserId.Value);
                break;
            case PollChanged changed:
                _polls[changed.Tally.PollId.Value] = changed.Tally;
                break;
            case AnnouncementChanged changed:
                _announcement = changed.Announcement?.Text;
                break;
        }
    }

    private void Require(bool holds, string otherwise) => _world.Require(holds, $"The page of {_whose} {otherwise}.");
}
