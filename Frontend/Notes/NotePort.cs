using System.Collections.Immutable;
using RedNote.Frontend.Live;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <summary>What became of a like or the like.</summary>
/// <param name="Status">Done, NotFound, TryAgain.</param>
/// <param name="Count">How many have that mark right after it.</param>
internal readonly record struct MarkCount(CommandStatus Status, int Count);

/// <summary>One note on this front end: the way in for likes, and the way out for counts.</summary>
internal sealed class NotePort : IPort
{
    private static readonly MarkCount Unknown = new(CommandStatus.TryAgain, 0);

    private readonly NotePortOptions _options;
    private readonly TimeProvider _time;
    private readonly BatchGateway<SetMark, MarkCount> _gateway;
    private readonly Lock _gate = new();
    private long _usedAt;
    private long _checkedAt;
    private bool _retired;
    private volatile bool _isMissing;

    /// <param name="note">Which.</param>
    /// <param name="gateway">A number that no other port has, here or elsewhere.</param>
    /// <param name="grain">The note's grain.</param>
    /// <param name="streams">Of counts.</param>
    /// <param name="encoder">Makes what connections are sent.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="live">How frames are handed out.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures go.</param>
    public NotePort(
        NoteId note, long gateway, INoteGrain grain, INoteStreams streams, FrameEncoder encoder,
        NotePortOptions options, LiveOptions live, TimeProvider time, ILogger logger)
    {
        (_options, _time) = (options, time);
        Note = note;
        Channel = new NoteChannel(note, grain, streams, encoder, live, logger);
        _gateway = new BatchGateway<SetMark, MarkCount>(
            $"Note {note}",
            new GatewayBounds(
                options.Queue, MarkBatch.MaxMarks, options.Attempts, options.AnswerTimeout, options.Pause),
            Unknown,
            async (marks, number) => ToCounts(await grain.Mark(new MarkBatch(gateway, number, marks)), marks.Length),
            time,
            logger);
        _usedAt = _checkedAt = time.GetTimestamp();
    }

    public NoteId Note { get; }

    public NoteChannel Channel { get; }

    /// <summary>Lets the note decide, in the order of the calls; never fails.</summary>
    public ValueTask<MarkCount> Mark(SetMark mark)
        => _gateway.TrySubmit(mark, out var answer) == Admission.Taken ? answer : new(Unknown);

    /// <summary>There is no such note: the port need not linger.</summary>
    public void NoteMissing() => _isMissing = true;

    public bool TryUse()
    {
        lock (_gate)
        {
            _usedAt = _time.GetTimestamp();
            return !_retired;
        }
    }

    public bool TryRetire()
    {
        lock (_gate)
        {
            _retired |= Channel.Watchers == 0 && _gateway.IsIdle
                && (_isMissing || _time.GetElapsedTime(_usedAt) >= _options.Linger);
            return _retired;
        }
    }

    /// <summary>Looks after those who watch, when it is time to.</summary>
    public Task Patrol()
    {
        if (Channel.Watchers == 0 || _time.GetElapsedTime(_checkedAt) < _options.CheckEvery)
        {
            return Task.CompletedTask;
        }

        _checkedAt = _time.GetTimestamp();
        TryUse();
        return Channel.Check();
    }

    /// <summary>Takes no more likes and completes when those under way are answered.</summary>
    public Task Drain() => _gateway.Close();

    public async Task Close()
    {
        await _gateway.Close();
        await Channel.Close();
    }

    /// <summary>Throws for an outcome that is unknown, so that the batch is sent again.</summary>
    private static ImmutableArray<MarkCount> ToCounts(MarkOutcome outcome, int marks)
    {
        if (outcome.Status is CommandStatus.TryAgain or CommandStatus.WrongState)
        {
            throw new TryAgainException("The note did not take a batch.");
        }

        var counts = ImmutableArray.CreateBuilder<MarkCount>(marks);
        for (var i = 0; i < marks; i++)
        {
            counts.Add(outcome.Status == CommandStatus.Done
                ? new MarkCount(CommandStatus.Done, outcome.Counts[i])
                : new MarkCount(outcome.Status, 0));
        }

        return counts.MoveToImmutable();
    }
}
