using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>What is asked of news.</summary>
internal sealed partial class GroupBook
{
    /// <summary>What is told is stored, but for who has read and who types.</summary>
    public void CheckStored(GroupNews news)
    {
        var now = Now;
        world.Require(news.Head.Epoch <= now.Epoch, $"{news.Head} of group {id} is not in the log.");
        world.Require(news.LastSeq <= now.LastSeq, $"{news} of group {id} is ahead of {now.LastSeq}.");
        foreach (var told in news.Events)
        {
            if (!IsStored(now, told)) world.Violate($"Group {id} tells {told} in {news.Head}, which is not stored.");
        }
    }

    private bool IsStored(GroupView now, GroupEvent told) => told switch
    {
        MessageSent sent => IsStored(now, sent.Message),
        MessageEdited edited => IsStored(now, edited.Message) && now.Message(edited.Message.Seq)! is { Edits: > 0 },
        MessageTakenBack taken => now.Message(taken.Seq) is { Recalled: true },
        ReactionChanged changed => now.Message(changed.Seq) is not null && Log.Views.Any(
            view => view.Message(changed.Seq)?.Reactions.GetValueOrDefault(changed.Emoji, []) is { } users
                && users.Count == changed.Count && users.Contains(changed.UserId.Value) == changed.On),
        MessagesRead read => read.Seq <= now.LastSeq,
        MemberChanged { Change: MemberChange.Requested } asked =>
            Log.Views.Any(view => view.Requests.ContainsKey(asked.UserId.Value)),
        MemberChanged changed => Log.Views.Any(view => view.Members.Count == changed.Members
            && view.Member(changed.UserId)?.Role == changed.Role),
        GroupRenamed renamed => Log.Views.Any(view => view.Name == renamed.Name),
        AnnouncementChanged changed => Log.Views.Any(view => view.Announcement == changed.Announcement?.Text),
        PollChanged changed => Log.Views.Any(
            view => view.Polls.TryGetValue(changed.Tally.PollId.Value, out var poll)
                && poll.Matches(changed.Tally.Counts, changed.Tally.Voters)
                && poll.IsClosed == changed.Tally.Closed),
        _ => told is MemberTyping,
    };

    /// <summary>What was taken back before it was asked for is not said any more.</summary>
    public void CheckSilent(GroupNews news, IEnumerable<MessageView> recalled)
    {
        foreach (var told in news.Events)
        {
            var shown = told is MessageSent sent ? sent.Message : told is MessageEdited edited ? edited.Message : null;
            if (shown is { Text.Length: > 0 } && recalled.Any(message => message.Seq == shown.Seq))
                world.Violate($"Group {id} tells {shown}, which was taken back.");
            if (told is PollChanged { Tally: { Voters: > 0 } tally }
                && Now.Polls.TryGetValue(tally.PollId.Value, out var poll) && recalled.Any(one => one.Seq == poll.Seq))
                world.Violate($"Group {id} tells {tally}, which was taken back.");
        }
    }

    private bool IsStored(GroupView now, Message shown)
        => now.Message(shown.Seq) is { } stored && stored.From == shown.From.Value && stored.At == shown.At
            && (stored.Recalled || Log.Said.Contains((shown.Seq, shown.Text)));
}
