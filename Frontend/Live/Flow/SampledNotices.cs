using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>Somebody who is told which danmaku of theirs the others were not shown.</summary>
internal interface ISampledSender
{
    /// <summary>Never waits; what cannot be told now is dropped.</summary>
    void TellSampled(RoomId room, ImmutableArray<long> seqs);
}

/// <summary>
/// Brings together what this front end's connections sent and what a room's frames left out, in whichever order the
/// two come to be known. Bounded: it knows the newest messages and the newest runs only, and tells each sender of many
/// at a time (<see cref="Flush"/>).
/// </summary>
internal sealed class SampledNotices(RoomId room, LiveOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, ISampledSender> _sent = [];
    private readonly Queue<long> _order = new();
    private readonly Queue<SeqRun> _runs = new();
    private readonly Dictionary<ISampledSender, ImmutableArray<long>.Builder> _told = [];

    /// <summary>The newest message that a frame left out: most verdicts come before the frames of their messages, and
    /// need no look at the runs.</summary>
    private long _newestLeftOut;

    /// <summary>Messages and runs that are known at present.</summary>
    public int Count => _order.Count + _runs.Count;

    /// <summary>A connection's danmaku was accepted under that number.</summary>
    public void Accepted(long seq, ISampledSender sender)
    {
        lock (_gate)
        {
            if (seq <= _newestLeftOut && IsLeftOut(seq))
            {
                Note(seq, sender);
                return;
            }

            _sent[seq] = sender;
            _order.Enqueue(seq);
            while (_order.Count > options.SampledWatch)
            {
                _sent.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>A frame of the room, maybe for the second time.</summary>
    public void Take(RoomFrame frame)
    {
        if (frame.Sampled is not { } runs)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var run in runs)
            {
                Take(run);
            }
        }
    }

    /// <summary>Tells everybody what there is to tell. Called a few times a second.</summary>
    public void Flush()
    {
        List<(ISampledSender Sender, ImmutableArray<long> Seqs)> due;
        lock (_gate)
        {
            if (_told.Count == 0)
            {
                return;
            }

            due = [.. _told.Select(pair => (pair.Key, pair.Value.DrainToImmutable()))];
            _told.Clear();
        }

        foreach (var (sender, seqs) in due)
        {
            sender.TellSampled(room, seqs);
        }
    }

    private void Take(SeqRun run)
    {
        for (var seq = run.First; seq <= run.Last && _sent.Count > 0; seq++)
        {
            if (_sent.Remove(seq, out var sender))
            {
                Note(seq, sender);
            }
        }

        // The verdict of one of them may still be on its way here.
        _runs.Enqueue(run);
        _newestLeftOut = Math.Max(_newestLeftOut, run.Last);
        while (_runs.Count > options.SampledRuns)
        {
            _runs.Dequeue();
        }
    }

    private bool IsLeftOut(long seq)
    {
        foreach (var run in _runs)
        {
            if (run.Contains(seq))
            {
                return true;
            }
        }

        return false;
    }

    private void Note(long seq, ISampledSender sender)
    {
        if (!_told.TryGetValue(sender, out var seqs))
        {
            _told[sender] = seqs = ImmutableArray.CreateBuilder<long>();
        }

        seqs.Add(seq);
    }
}
