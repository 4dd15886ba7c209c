using System.Collections.Immutable;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>
/// What of a group's events a slow connection has not been told, other than new messages, which the group itself still
/// has: of each thing the latest, up to a bound. Who missed more has to ask again.
/// </summary>
internal sealed class MissedChanges(int most)
{
    private readonly Dictionary<(char Kind, long Of, string? Emoji), GroupEvent> _latest = [];

    /// <summary>Whether there were more than are kept.</summary>
    public bool IsOver { get; private set; }

    public void Add(ImmutableArray<GroupEvent> events)
    {
        foreach (var happened in events)
        {
            if (KeyOf(happened) is { } key && !IsOver)
            {
                // What is newer goes behind what is older.
                _latest.Remove(key);
                _latest[key] = happened;
                IsOver = _latest.Count > most;
            }
        }

        if (IsOver)
        {
            _latest.Clear();
        }
    }

    /// <summary>What is to be told before the messages after <paramref name="seen"/> are: those hold what became of
    /// themselves.</summary>
    public ImmutableArray<GroupEvent> Before(long seen)
        => [.. _latest.Values.Where(happened => SeqOf(happened) <= seen).OrderBy(happened => happened.At)];

    private static (char Kind, long Of, string? Emoji)? KeyOf(GroupEvent happened) => happened switch
    {
        MessageEdited edited => ('m', edited.Message.Seq, null),
        MessageTakenBack recalled => ('m', recalled.Seq, null),
        ReactionChanged reaction => ('r', reaction.Seq, reaction.Emoji),
        MessagesRead read => ('u', read.UserId.Value, null),
        MemberChanged { Change: MemberChange.Joined or MemberChange.Left or MemberChange.Removed } changed
            => ('j', changed.UserId.Value, null),
        MemberChanged { Change: MemberChange.Role } changed => ('o', changed.UserId.Value, null),
        MemberChanged { Change: MemberChange.Requested } changed => ('q', changed.UserId.Value, null),
        MemberChanged changed => ('s', changed.UserId.Value, null),
        AnnouncementChanged => ('a', 0, null),
        GroupRenamed => ('n', 0, null),
        PollChanged poll => ('p', poll.Tally.PollId.Value, null),

        // Messages can be had again, and that somebody was typing is of no use any more.
        _ => null,
    };

    private static long SeqOf(GroupEvent happened) => happened switch
    {
        MessageEdited edited => edited.Message.Seq,
        MessageTakenBack recalled => recalled.Seq,
        ReactionChanged reaction => reaction.Seq,
        _ => 0,
    };
}
