using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

/// <summary>Group commit: what shares a transaction, who is refused, and what is bounded.</summary>
public sealed class JournalWriterTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FaultyJournal _store = new([Outbox.Table]);
    private readonly JournalMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Append_WhenIdle_IsABatchOfItsOwnEachTime()
    {
        var writer = Writer();
        var session = Session("a");
        for (var version = 1; version <= 5; version++)
        {
            await writer.AppendAsync(session, Append("a", version)).WaitAsync(Limit);
        }

        Assert.Equal(5, _store.Batches);
    }

    [Fact]
    public async Task Appends_OfManyLogsWhileABatchIsUnderWay_ShareTheNext()
    {
        var writer = Writer();
        List<Task> appends = [];
        using (await HoldBatch(writer))
        {
            for (var i = 0; i < 1_000; i++)
            {
                appends.Add(writer.AppendAsync(Session($"{i}"), Append($"{i}", 1)));
            }

            Assert.Equal(1_000, writer.Status().Queued);
        }

        await Task.WhenAll(appends).WaitAsync(Limit);
        Assert.Equal(2, _store.Batches);
        Assert.Equal(1, await _store.ReadHeadAsync(new LogId("test", "999"), CancellationToken.None));
    }

    [Fact]
    public async Task Appends_OfOneSession_BecomeOneRowInOrder()
    {
        var writer = Writer();
        var session = Session("a");
        List<Task> appends = [];
        using (await HoldBatch(writer))
        {
            appends.Add(writer.AppendAsync(session, Append("a", 1)));
            appends.Add(writer.AppendAsync(session, Append("a", 2, count: 3)));
            appends.Add(writer.AppendAsync(session, Append("a", 5)));
        }

        await Task.WhenAll(appends).WaitAsync(Limit);
        var row = Assert.Single(await Rows("a"));
        Assert.Equal("[1,2,3,4,5]", Encoding.UTF8.GetString(row.Payload.Span));
        Assert.Equal(5, row.Count);
    }

    [Fact]
    public async Task Appends_OfTwoSessionsOfOneLog_AreNotInOneBatch()
    {
        var writer = Writer();
        List<Task> appends = [];
        using (await HoldBatch(writer))
        {
            appends.Add(writer.AppendAsync(Session("a"), Append("a", 1)));
            appends.Add(writer.AppendAsync(Session("a"), Append("a", 2)));
        }

        await Task.WhenAll(appends).WaitAsync(Limit);
        Assert.Equal(3, _store.Batches);
        Assert.Equal(2, (await Rows("a")).Count);
    }

    [Fact]
    public async Task Append_OfAStaleSession_IsRefusedEvenIfItsNextNumberFits()
    {
        var writer = Writer();
        await writer.AppendAsync(Session("a"), Append("a", 1)).WaitAsync(Limit);
        var stale = Session("a");
        Task first, second;
        using (_store.Hold())
        {
            first = writer.AppendAsync(stale, Append("a", 1));
            await Eventually.Holds("a batch under way", () => _store.Batches == 2);
            second = writer.AppendAsync(stale, Append("a", 2));
        }

        await Assert.ThrowsAsync<InconsistentStateException>(() => first.WaitAsync(Limit));
        await Assert.ThrowsAsync<InconsistentStateException>(() => second.WaitAsync(Limit));
        Assert.True(stale.IsRefused);
        Assert.Equal(1, await _store.ReadHeadAsync(new LogId("test", "a"), CancellationToken.None));
    }

    [Fact]
    public async Task Redaction_OfAnEventInTheSameBatch_ComesAfterIt()
    {
        var writer = Writer();
        var session = Session("a");
        List<Task> appends = [];
        using (await HoldBatch(writer))
        {
            appends.Add(writer.AppendAsync(session, Append("a", 1)));
            appends.Add(writer.AppendAsync(
                session, Append("a", 2) with { Redactions = [new Redaction(1, "0"u8.ToArray())] }));
        }

        await Task.WhenAll(appends).WaitAsync(Limit);
        Assert.Equal(["[0]", "[2]"], (await Rows("a")).Select(row => Encoding.UTF8.GetString(row.Payload.Span)));
    }

    [Fact]
    public async Task Append_AfterAnUnknownOutcome_IsRefusedForThatSessionOnly()
    {
        var writer = Writer();
        var session = Session("a");
        _store.FailNext(new LogId("test", "a"), afterTakingEffect: true);
        await Assert.ThrowsAsync<JournalUnavailableException>(
            () => writer.AppendAsync(session, Append("a", 1)).WaitAsync(Limit));
        Assert.NotNull(writer.Status().Failure);
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => writer.AppendAsync(session, Append("a", 2)).WaitAsync(Limit));
        Assert.Equal(1, await _store.ReadHeadAsync(new LogId("test", "a"), CancellationToken.None));
        await writer.AppendAsync(Session("a"), Append("a", 2)).WaitAsync(Limit);
        Assert.Null(writer.Status().Failure);
    }

    [Fact]
    public async Task Append_WhenTheStoreHangs_FailsInTimeAndSoDoThoseBehindIt()
    {
        var writer = Writer(options => options.AppendTimeoutMs = 100);
        var session = Session("a");
        using (_store.Hold())
        {
            var first = writer.AppendAsync(session, Append("a", 1));
            await Eventually.Holds("a batch under way", () => _store.Batches == 1);
            var second = writer.AppendAsync(Session("b"), Append("b", 1));
            await Assert.ThrowsAsync<JournalUnavailableException>(() => first.WaitAsync(Limit));
            await Assert.ThrowsAsync<JournalUnavailableException>(() => second.WaitAsync(Limit));
            Assert.NotNull(writer.Status().Failure);
        }

        await writer.WhenIdle().WaitAsync(Limit);
        Assert.Equal(1, await _store.ReadHeadAsync(new LogId("test", "a"), CancellationToken.None));
        Assert.Equal(0, await _store.ReadHeadAsync(new LogId("test", "b"), CancellationToken.None));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => writer.AppendAsync(session, Append("a", 2)).WaitAsync(Limit));
    }

    [Fact]
    public async Task Batch_Always_KeepsItsBounds()
    {
        var writer = Writer(options =>
        {
            options.BatchAppends = 10;
            options.BatchBytes = 64 * 1024;
        });
        List<Task> appends = [];
        using (await HoldBatch(writer))
        {
            for (var i = 0; i < 25; i++)
            {
                appends.Add(writer.AppendAsync(Session($"{i}"), Append($"{i}", 1)));
            }

            for (var i = 0; i < 3; i++)
            {
                var big = Append($"big {i}", 1) with { Payload = new byte[50_000] };
                appends.Add(writer.AppendAsync(Session($"big {i}"), big));
            }
        }

        await Task.WhenAll(appends).WaitAsync(Limit);
        // 10, 10, 5 with the first big one, and one for each of the other two.
        Assert.Equal(6, _store.Batches);
    }

    [Fact]
    public async Task Room_WhenTheQueueIsFull_ComesBackWithTheStore()
    {
        var writer = Writer(options => options.QueuedAppends = 10);
        List<Task> appends = [];
        Task room;
        using (await HoldBatch(writer))
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.True(writer.HasRoom);
                Assert.True(writer.WhenRoom().IsCompletedSuccessfully);
                appends.Add(writer.AppendAsync(Session($"{i}"), Append($"{i}", 1)));
            }

            Assert.False(writer.HasRoom);
            room = writer.WhenRoom();
            Assert.False(room.IsCompleted);
        }

        await room.WaitAsync(Limit);
        await Task.WhenAll(appends).WaitAsync(Limit);
    }

    [Fact]
    public async Task Room_WhenThereIsNoneForLong_EndsInTryAgain()
    {
        var writer = Writer(options =>
        {
            options.QueuedAppends = 1;
            options.AppendTimeoutMs = 100;
        });
        using (await HoldBatch(writer))
        {
            var second = writer.AppendAsync(Session("a"), Append("a", 1));
            var room = writer.WhenRoom();
            Assert.False(room.IsCompleted);

            // Asked for without waiting for room: it keeps the place that the second leaves when that is given up.
            _ = writer.AppendAsync(Session("b"), Append("b", 1));
            await Assert.ThrowsAsync<TryAgainException>(() => room.WaitAsync(Limit));
            await Assert.ThrowsAsync<JournalUnavailableException>(() => second.WaitAsync(Limit));
        }

        await writer.WhenIdle().WaitAsync(Limit);
        Assert.True(writer.HasRoom);
    }

    [Fact]
    public async Task AppendWithoutEvents_WhoseOutcomeIsUnknown_EndsNothing()
    {
        var writer = Writer(options => options.AppendTimeoutMs = 100);
        var session = Session("a");
        var settle = new JournalAppend
        {
            Id = session.Id,
            Changes = [new DeleteRows(Outbox.Table, [new("receiver", Comparison.Equal, "b")])],
        };
        using (_store.Hold())
        {
            await Assert.ThrowsAsync<JournalUnavailableException>(
                () => writer.AppendAsync(session, settle).WaitAsync(Limit));
        }

        await writer.AppendAsync(session, settle).WaitAsync(Limit);
        await writer.AppendAsync(session, Append("a", 1)).WaitAsync(Limit);
    }

    [Fact]
    public async Task Append_InATurn_RunsTheStoreOutsideOfItsScheduler()
    {
        var turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var writer = Writer();
        TaskScheduler? seen = null;
        _store.Begins = () => seen = TaskScheduler.Current;
        await Task.Factory.StartNew(
            () =>
            {
                Assert.Same(turns, TaskScheduler.Current);
                return writer.AppendAsync(Session("a"), Append("a", 1));
            },
            CancellationToken.None, TaskCreationOptions.None, turns).Unwrap().WaitAsync(Limit);
        Assert.Same(TaskScheduler.Default, seen);
    }

    [Fact]
    public void Append_WhenIdle_BeginsAtOnceAndIsAnsweredInALaterStep()
    {
        var scheduler = new SteppedScheduler(runsInline: true);
        var writer = Writer(scheduler: scheduler);
        var append = writer.AppendAsync(Session("a"), Append("a", 1));
        Assert.Equal(1, _store.Batches);
        Assert.False(append.IsCompleted);
        scheduler.RunAll();
        Assert.True(append.IsCompletedSuccessfully);
    }

    [Fact]
    public void Append_OnASchedulerThatDecides_BeginsWhenThatRuns()
    {
        var scheduler = new SteppedScheduler(runsInline: false);
        var writer = Writer(scheduler: scheduler);
        var first = writer.AppendAsync(Session("a"), Append("a", 1));
        var second = writer.AppendAsync(Session("b"), Append("b", 1));
        Assert.Equal(0, _store.Batches);
        scheduler.RunAll();
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
        Assert.Equal(1, _store.Batches);
    }

    private static JournalSession Session(string key) => new(new LogId("test", key));

    private static JournalAppend Append(string key, long first, int count = 1) => new()
    {
        Id = new LogId("test", key),
        FirstVersion = first,
        Count = count,
        Payload = Encoding.UTF8.GetBytes(
            $"[{string.Join(',', Enumerable.Range(0, count).Select(i => first + i))}]"),
    };

    private Task<IReadOnlyList<JournalRow>> Rows(string key)
        => _store.ReadAsync(new LogId("test", key), new VersionRange(1), 100, CancellationToken.None);

    /// <summary>A batch is under way until the answer is disposed of; what is appended meanwhile waits.</summary>
    private async Task<IDisposable> HoldBatch(JournalWriter writer)
    {
        var held = _store.Hold();
        _ = writer.AppendAsync(Session("first"), Append("first", 1));
        await Eventually.Holds("a batch under way", () => _store.Batches == 1);
        return held;
    }

    private JournalWriter Writer(Action<JournalOptions>? configure = null, TaskScheduler? scheduler = null)
    {
        var options = new JournalOptions();
        configure?.Invoke(options);
        return new JournalWriter(
            _store, Options.Create(options), TimeProvider.System, _metrics,
            NullLogger<JournalWriter>.Instance, scheduler);
    }

    /// <summary>Runs tasks on the test's own thread when told to, and perhaps at once those that may be.</summary>
    private sealed class SteppedScheduler(bool runsInline) : TaskScheduler
    {
        private readonly Queue<Task> _tasks = [];

        public void RunAll()
        {
            while (_tasks.TryDequeue(out var task))
            {
                TryExecuteTask(task);
            }
        }

        protected override void QueueTask(Task task) => _tasks.Enqueue(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
            => runsInline && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => _tasks;
    }
}
