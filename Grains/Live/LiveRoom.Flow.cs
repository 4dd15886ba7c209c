using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>The part of a room that counts what becomes of everything.</summary>
public sealed partial class LiveRoom
{
    private BatchTally? _decided;

    /// <summary>What became of the danmaku of this epoch.</summary>
    public VerdictLedger Ledger { get; }

    /// <summary>Closes the next frame. What it leaves out has to be in the log before anybody sees it.</summary>
    public RoomFrame Seal(long now, List<LiveRoomEvent> events)
    {
        var frame = Frames.Seal(Counters, now, IsNeverLeftOut);
        if (frame.Sampled is { } sampled)
        {
            events.Add(new DanmakuSampled(now, sampled));
        }

        Ledger.Sealed(Frames.ShownFirst, frame.Shed?.Sampled ?? 0);
        return frame;
    }

    /// <summary>
    /// Nobody is here any more: lets go of what only matters while people talk, and of the space that lists have taken
    /// in a busy hour. What still binds somebody stays.
    /// </summary>
    public void Rest(long now)
    {
        if (_merger is { } merger && merger.IsPast(now))
        {
            _merger = null;
        }

        Frames.Rest(now);
        Memory.TrimExcess();
        _state.TrimExcess();
    }

    /// <summary>Whose danmaku are shown however much there is to show: the host's and the moderators'.</summary>
    private bool IsNeverLeftOut(UserId user) => _state.IsStaff(user);

    /// <summary>The room in figures, for its host.</summary>
    public StatsOutcome Stats(UserId by)
        => RefuseUnlessHost(by) is { } refusal
            ? new StatsOutcome(refusal, null)
            : new StatsOutcome(
                CommandStatus.Done, new RoomStats(Frames.Epoch, Counters, Ledger.Totals(Frames.Waiting)));

    /// <summary>Counts the verdicts of the batch that was decided last, once its events are in the log.</summary>
    public void CountDecided()
    {
        _decided?.CountIn(Ledger);
        _decided = null;
    }

    /// <summary>Counts a batch all of whose commands are refused.</summary>
    public void CountRefused(RoomBatch batch, RejectReason reason)
    {
        var danmaku = CountDanmaku(batch.Commands);
        if (danmaku > 0)
        {
            Ledger.Refused(reason, danmaku);
        }
    }

    /// <summary>Counts what a front end tells of, once; <see cref="GatewayBook.Report"/> has just taken it in.
    /// </summary>
    public void Take(string gateway, GatewayReport? report)
    {
        if (report is null)
        {
            return;
        }

        if (Gateways.IsNews(gateway, report))
        {
            foreach (var refused in report.Refused)
            {
                if (Enum.IsDefined(refused.Reason) && refused.Count > 0)
                {
                    Ledger.Refused(refused.Reason, refused.Count);
                }
            }
        }

        foreach (var given in report.GivenUp)
        {
            if (given.Danmaku > 0 && Gateways.GiveUp(gateway, given.Number))
            {
                Ledger.Refused(RejectReason.TryAgain, given.Danmaku);
            }
        }
    }

    private static int CountDanmaku(ImmutableArray<RoomCommand> commands)
    {
        var danmaku = 0;
        foreach (var command in commands)
        {
            danmaku += command is SendDanmaku ? 1 : 0;
        }

        return danmaku;
    }
}
