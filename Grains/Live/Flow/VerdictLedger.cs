using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// Counts what becomes of a room's danmaku in one epoch (<see cref="VerdictTotals"/>). A danmaku is received in the
/// turn in which its verdict is decided; an accepted one is pending while it waits in the frames' queue, which is
/// counted there.
/// </summary>
public sealed class VerdictLedger(RoomMetrics? metrics = null)
{
    private static readonly int Reasons = Enum.GetValues<RejectReason>().Length;

    /// <summary>By reason; null while nothing was refused.</summary>
    private long[]? _rejected;
    private long _received;
    private long _shown;
    private long _merged;
    private long _sampled;
    private long _held;
    private long _repeated;

    /// <summary>Danmaku are held from an earlier epoch.</summary>
    public void Inherit(long held)
    {
        Receive(held);
        Hold(held);
    }

    /// <summary>A danmaku got its first verdict. One that is accepted waits for a frame from here on.</summary>
    public void Decided(Verdict verdict)
    {
        Receive(1);
        switch (verdict.Status)
        {
            case VerdictStatus.Accepted:
                break;
            case VerdictStatus.Merged:
                _merged++;
                metrics?.Settled(DanmakuFate.Merged, 1);
                break;
            case VerdictStatus.Held:
                Hold(1);
                break;
            default:
                Reject(verdict.Reason ?? RejectReason.Invalid, 1);
                break;
        }
    }

    /// <summary>Danmaku were refused, here or at a front end, and nothing else is to be done about them.</summary>
    public void Refused(RejectReason reason, long count)
    {
        Receive(count);
        Reject(reason, count);
    }

    /// <summary>A send was answered with the result of an earlier one.</summary>
    public void Repeated()
    {
        _repeated++;
        metrics?.Repeated();
    }

    /// <summary>A held danmaku was let through: it waits for a frame from here on.</summary>
    public void Released() => Hold(-1);

    /// <summary>A held danmaku was let through, and shown as one more of another.</summary>
    public void ReleasedAsMerged()
    {
        Hold(-1);
        _merged++;
        metrics?.Settled(DanmakuFate.Merged, 1);
    }

    /// <summary>A held danmaku was turned down.</summary>
    public void TurnedDown(RejectReason reason)
    {
        Hold(-1);
        Reject(reason, 1);
    }

    /// <summary>Danmaku left the frames' queue: into a frame, or out of it for want of room.</summary>
    public void Sealed(int shown, int sampled)
    {
        _shown += shown;
        _sampled += sampled;
        if (shown > 0)
        {
            metrics?.Settled(DanmakuFate.Shown, shown);
        }

        if (sampled > 0)
        {
            metrics?.Settled(DanmakuFate.Sampled, sampled);
        }
    }

    /// <param name="pending">Danmaku that wait for a frame.</param>
    public VerdictTotals Totals(int pending)
    {
        var rejected = ImmutableArray.CreateBuilder<RefusalCount>();
        for (var reason = 0; reason < _rejected?.Length; reason++)
        {
            if (_rejected[reason] > 0)
            {
                rejected.Add(new RefusalCount((RejectReason)reason, _rejected[reason]));
            }
        }

        return new VerdictTotals(
            _received, pending, _shown, _merged, _sampled, _held, rejected.DrainToImmutable(), _repeated);
    }

    private void Receive(long count)
    {
        _received += count;
        metrics?.Received(count);
    }

    private void Hold(long change)
    {
        _held += change;
        metrics?.Held(change);
    }

    private void Reject(RejectReason reason, long count)
    {
        _rejected ??= new long[Reasons];
        _rejected[(int)reason] += count;
        metrics?.Rejected(reason, count);
    }
}
