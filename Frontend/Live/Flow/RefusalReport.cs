using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// What became of danmaku on this front end without the room's doing, until the room was told
/// (<see cref="GatewayReport"/>). What was sent once keeps its number and its content until it is answered, so that the
/// room can count it once, whichever way it comes and however often. Used from any thread.
/// </summary>
internal sealed class RefusalReport
{
    /// <summary>Batches given up that the room was not told of; the oldest is let go. With a batch given up every
    /// fifteen seconds at most, that is four hours without a room.</summary>
    private const int MaxGivenUp = 1_024;

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<RejectReason>().Length];
    private ImmutableArray<RefusalCount> _sent = [];
    private ImmutableArray<GivenUpBatch> _givenUp = [];
    private long _number;
    private bool _counted;

    /// <summary>Whether there is something to tell.</summary>
    public bool HasNews
    {
        get
        {
            lock (_gate)
            {
                return _counted || !_sent.IsEmpty || !_givenUp.IsEmpty;
            }
        }
    }

    /// <summary>A danmaku was refused here.</summary>
    public void Refused(RejectReason reason)
    {
        lock (_gate)
        {
            _counts[(int)reason]++;
            _counted = true;
        }
    }

    /// <summary>What a batch's answer, or the want of one, says about its danmaku and its report.</summary>
    public void Answered(RoomBatch batch, BatchAnswer? answer)
    {
        if (answer is null)
        {
            GiveUp(batch);
            return;
        }

        if (answer.IsCounted)
        {
            Taken(batch.Report);
            return;
        }

        for (var i = 0; i < batch.Commands.Length; i++)
        {
            if (batch.Commands[i] is SendDanmaku && answer.Answers[i] is Verdict { Reason: { } reason })
            {
                Refused(reason);
            }
        }
    }

    /// <summary>What the room is to be told now; null: nothing.</summary>
    public GatewayReport? Current()
    {
        lock (_gate)
        {
            if (_sent.IsEmpty && _counted)
            {
                _sent = Drain();
                _counted = false;
                _number++;
            }

            return _sent.IsEmpty && _givenUp.IsEmpty
                ? null
                : new GatewayReport(_sent.IsEmpty ? 0 : _number, _sent, _givenUp);
        }
    }

    /// <summary>The room has taken note of it.</summary>
    public void Taken(GatewayReport? report)
    {
        if (report is null)
        {
            return;
        }

        lock (_gate)
        {
            if (report.Number == _number)
            {
                _sent = [];
            }

            if (!report.GivenUp.IsEmpty)
            {
                var newest = report.GivenUp[^1].Number;
                _givenUp = _givenUp.RemoveAll(batch => batch.Number <= newest);
            }
        }
    }

    private void GiveUp(RoomBatch batch)
    {
        var danmaku = batch.Commands.Count(command => command is SendDanmaku);
        lock (_gate)
        {
            // Also one without danmaku: what it brings to the room late is then refused rather than forgotten.
            _givenUp = _givenUp.Add(new GivenUpBatch(batch.Number, danmaku));
            if (_givenUp.Length > MaxGivenUp)
            {
                _givenUp = _givenUp.RemoveAt(0);
            }
        }
    }

    private ImmutableArray<RefusalCount> Drain()
    {
        var drained = ImmutableArray.CreateBuilder<RefusalCount>();
        for (var reason = 0; reason < _counts.Length; reason++)
        {
            if (_counts[reason] > 0)
            {
                drained.Add(new RefusalCount((RejectReason)reason, _counts[reason]));
                _counts[reason] = 0;
            }
        }

        return drained.DrainToImmutable();
    }
}
