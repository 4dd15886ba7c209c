using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace RedNote.Groups;

/// <summary>
/// How far members have read. A mark is answered from memory; all of them go into the log together, at most once a
/// second, so that it costs nothing to speak of that a thousand people read a message. A crash may put marks back by
/// as much.
/// </summary>
internal sealed partial class GroupGrain
{
    /// <summary>Marks in one event, which has to stay below what the log takes.</summary>
    private const int MarksAtOnce = 2_000;

    /// <summary>Marks that are further than those in the log.</summary>
    private readonly Dictionary<UserId, long> _marks = [];
    private bool _isMarking;

    public async Task<long?> MarkRead(UserId by, long seq)
    {
        if (!State.Members.TryFind(by, out var member))
        {
            await log.WhenConfirmed();
            return null;
        }

        var (before, mark) = (MarkOf(member), Math.Min(seq, State.LastSeq));
        var wasTold = mark > before && WasTold(member, before, mark);
        if (mark > before)
        {
            _marks[by] = mark;
            _desk.Note(
                new MessagesRead(by, mark) { At = Now() },
                isLate: State.Members.Count > options.Value.ReadNewsMembers);
            MoveMarksLater();
            PublishNews();
        }

        // The mark stands at a message that may not be durable yet.
        var answer = await Confirmed<long?>(MarkOf(member));
        if (wasTold)
        {
            _ = TellRead(by, mark);
        }

        return answer;
    }

    /// <summary>Whether the member's inbox may have been told of messages between two marks.</summary>
    private bool WasTold(MemberEntry member, long before, long mark)
        => _rules.IsDirect || member.IsKnocked || member.CallsAfter(before) > member.CallsAfter(mark);

    /// <summary>Lets the member's inbox know, so that those messages do not count as unread when the member is told of
    /// others; nobody waits for it.</summary>
    private async Task TellRead(UserId by, long mark)
    {
        try
        {
            await GrainFactory.Inbox(by).HasRead(Self, mark);
        }
        catch (Exception error)
        {
            // They count until notifications are listed, when groups are asked.
            LogReadNotTold(logger, Self, by, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Group {Group}: the inbox of {User} does not know of reading")]
    private static partial void LogReadNotTold(ILogger logger, GroupId group, UserId user, Exception error);

    /// <summary>How far a member has read, be it in the log or not.</summary>
    private long MarkOf(MemberEntry member) => Math.Max(member.ReadSeq, _marks.GetValueOrDefault(member.UserId));

    /// <summary>A sender who had read everything has read that message too.</summary>
    private void MoveSender(StoredMessage message)
    {
        if (_marks.TryGetValue(message.From, out var mark) && mark == message.Seq - 1)
        {
            _marks[message.From] = message.Seq;
        }
    }

    private void MoveMarksLater()
    {
        if (!_isMarking && _marks.Count > 0)
        {
            _isMarking = true;
            _ = MoveMarks();
        }
    }

    private async Task MoveMarks()
    {
        try
        {
            while (_marks.Count > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(options.Value.MarksMs), time, _stopping.Token);
                try
                {
                    await log.WhenRoom();
                    await CommitMarks();
                }
                catch (TryAgainException)
                {
                    // Either the log is behind, and takes them later, or this activation is about to end.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Marks may fall back.
        }
        finally
        {
            _isMarking = false;
        }
    }

    private Task CommitMarks()
    {
        if (_marks.Count == 0)
        {
            return Task.CompletedTask;
        }

        var now = Now();
        var events = _marks.OrderBy(mark => mark.Key.Value).Chunk(MarksAtOnce)
            .Select(GroupLogEvent (marks) => new MarksMoved(
                now, [.. marks.Select(mark => new ReadMark(mark.Key, mark.Value))])).ToList();
        var before = log.Version;
        var durable = Commit(events);
        if (log.Version > before)
        {
            _marks.Clear();
            _desk.ReleaseReads();
            PublishNews();
        }

        return durable;
    }
}
