using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Users;
using RedNote.Live;
using RedNote.Notes;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>The parts of a front end's note around a fake note, with a clock of its own.</summary>
internal sealed class NoteParts
{
    public static readonly NoteId Id = new(77);

    public NoteParts() => Port = new NotePort(
        Id, 5, Grain, Streams, new FrameEncoder(new RoomHubProtocol()), Options, new LiveOptions(), Time,
        NullLogger.Instance);

    public ManualTime Time { get; } = new();

    public FakeNote Grain { get; } = new();

    public FakeNoteStreams Streams { get; } = new();

    public NotePortOptions Options { get; } = new();

    public NotePort Port { get; }

    public NoteChannel Channel => Port.Channel;

    /// <summary>Moves the clock on and has the port look.</summary>
    public async Task Check()
    {
        Time.Advance(Options.CheckEvery);
        await Port.Patrol();
    }
}

/// <summary>A note that answers what a test says.</summary>
internal sealed class FakeNote : INoteGrain
{
    public NoteCounts? Counts { get; set; } = new(1, 0, 0);

    public int Watched { get; private set; }

    /// <summary>In the place of <see cref="Counts"/>.</summary>
    public Func<Task<NoteCounts?>>? OnWatch { get; set; }

    public List<MarkBatch> Batches { get; } = [];

    public Func<MarkBatch, Task<MarkOutcome>> OnMark { get; set; } = batch => Task.FromResult(
        new MarkOutcome(CommandStatus.Done, [.. Enumerable.Range(1, batch.Marks.Length)]));

    public Task<NoteCounts?> Watch()
    {
        Watched++;
        return OnWatch?.Invoke() ?? Task.FromResult(Counts);
    }

    public Task<MarkOutcome> Mark(MarkBatch batch)
    {
        Batches.Add(batch);
        return OnMark(batch);
    }

    public Task<NoteOutcome> Write(WriteNote command) => throw new NotSupportedException();

    public Task<NoteOutcome> Change(UserId by, NoteChange change) => throw new NotSupportedException();

    public Task<CommandStatus> Delete(UserId by) => throw new NotSupportedException();

    public Task<Note?> Get(UserId? reader) => throw new NotSupportedException();
}

/// <summary>A note's stream that says what a test says, to whoever is subscribed.</summary>
internal sealed class FakeNoteStreams : INoteStreams
{
    private Action<NoteCounts>? _onCounts;

    /// <summary>How often anybody has subscribed.</summary>
    public int Subscriptions { get; private set; }

    public bool IsHeard => _onCounts is not null;

    /// <summary>Subscribing takes until then.</summary>
    public Task Answer { get; set; } = Task.CompletedTask;

    public async Task<IStreamSubscription> Subscribe(NoteId note, Action<NoteCounts> onCounts)
    {
        Subscriptions++;
        await Answer;
        _onCounts = onCounts;
        return new Subscription(this);
    }

    public void Publish(NoteCounts counts) => _onCounts?.Invoke(counts);

    /// <summary>Whoever is subscribed hears nothing more, and is not told.</summary>
    public void GoDeaf() => _onCounts = null;

    private sealed class Subscription(FakeNoteStreams streams) : IStreamSubscription
    {
        public Task Unsubscribe()
        {
            streams._onCounts = null;
            return Task.CompletedTask;
        }
    }
}

/// <summary>A connection that takes down the counts it is sent, at once or when a test lets it.</summary>
internal sealed class CountsWriter : IFrameWriter
{
    private TaskCompletionSource? _stalled;

    /// <summary>Likes, as they were written.</summary>
    public List<int> Likes { get; } = [];

    /// <summary>The next write does not complete.</summary>
    public void Stall() => _stalled = new TaskCompletionSource();

    /// <summary>The write that hung completes.</summary>
    public void Release()
    {
        var stalled = _stalled!;
        _stalled = null;
        stalled.SetResult();
    }

    public ValueTask Write(SharedMessage message)
    {
        var text = Encoding.UTF8.GetString(message.Framed.Span);
        var json = text[text.IndexOf('{', StringComparison.Ordinal)..].TrimEnd('\u001e');
        var call = JsonDocument.Parse(json).RootElement;
        Assert.Equal(
            ("note", NoteParts.Id.ToString()),
            (call.GetProperty("target").GetString(), call.GetProperty("arguments")[0].GetString()));
        Likes.Add(call.GetProperty("arguments")[1].GetProperty("likes").GetInt32());
        return _stalled is null ? ValueTask.CompletedTask : new ValueTask(_stalled.Task);
    }

    public ValueTask WriteResync(RoomId room, RoomHead head) => throw new NotSupportedException();

    public ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs) => throw new NotSupportedException();

    public ValueTask WriteOrder(OrderNotice notice) => throw new NotSupportedException();

    public ValueTask WriteNotification(NotificationNews news) => throw new NotSupportedException();
}
