using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RedNote.Journal;
using RedNote.Silo.Journal;
using RedNote.Testing;

namespace RedNote.Silo.Tests.Journal;

/// <summary>What looks after the journal beside the grains: the watch that readiness asks, and the waker.</summary>
public sealed class JournalCareTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HookedStore _store = new([Outbox.Table]);
    private readonly SortedSet<string> _woken = new(StringComparer.Ordinal);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_WhileProbesFail_HasAProblemAndThenNone()
    {
        var (watch, _) = CreateWatch(probeMs: 100);
        await using var running = await Running.Start(watch);
        Assert.Null(watch.Problem());

        _store.Probe = () => throw new JournalUnavailableException("host and file");
        await Until(() => watch.Problem() is not null, "a probe failed");
        Assert.Contains("a probe failed", watch.Problem(), StringComparison.Ordinal);
        Assert.DoesNotContain("host", watch.Problem(), StringComparison.Ordinal);

        _store.Probe = () => Task.CompletedTask;
        await Until(() => watch.Problem() is null, "the probes succeed again");
    }

    [Fact]
    public async Task Watch_AfterACommitFailed_HasAProblemUntilAProbeSucceeds()
    {
        var (watch, writer) = CreateWatch(probeMs: 3_600_000);
        await using var running = await Running.Start(watch);
        var probes = 0;
        _store.Probe = () =>
        {
            Interlocked.Increment(ref probes);
            throw new JournalUnavailableException("still");
        };
        _store.Append = () => throw new JournalUnavailableException("gone");

        var append = writer.AppendAsync(new JournalSession(Id("1")), Owed("1", 1, 0));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => append);

        Assert.Contains("the last commit failed", watch.Problem(), StringComparison.Ordinal);
        await Until(() => Volatile.Read(ref probes) > 2, "it is tried again and again");
        Assert.NotNull(watch.Problem());
        _store.Probe = () => Task.CompletedTask;
        await Until(() => watch.Problem() is null, "a probe succeeded");
        Assert.Null(writer.Status().Failure);
    }

    [Fact]
    public async Task Watch_WhileAnAppendWaitsTooLong_HasAProblem()
    {
        var (watch, writer) = CreateWatch(probeMs: 3_600_000);
        var answer = new TaskCompletionSource();
        _store.Append = () => answer.Task;

        var append = writer.AppendAsync(new JournalSession(Id("1")), Owed("1", 1, 0));

        await Until(() => watch.Problem() is not null, "the append has waited too long");
        Assert.Contains("waiting", watch.Problem(), StringComparison.Ordinal);
        answer.SetResult();
        await append;
        Assert.Null(watch.Problem());
    }

    [Fact]
    public async Task Waker_AtStart_WakesEveryGrainThatOwesThroughAllPages()
    {
        // Pages of two: of one time, of several, and more effects of one grain than a page holds.
        await Append([.. Enumerable.Range(1, 5).Select(i => Owed("busy", i, 10))]);
        await Append(Owed("a", 1, 10), Owed("b", 1, 10), Owed("c", 1, 11), Owed("d", 1, 12), Owed("e", 1, 12));
        await Append(Owed("now", 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

        await using var running = await Running.Start(CreateWaker());

        await UntilWoken("a", "b", "busy", "c", "d", "e", "now");
    }

    [Fact]
    public async Task Waker_Later_LetsTheYoungBeAndIsNotStoppedByAFailure()
    {
        await Append(Owed("fails", 1, 1), Owed("old", 1, 2));
        await using var running = await Running.Start(CreateWaker());
        await UntilWoken("fails", "old");
        // The first pass takes in everything up to now, so it has to be over.
        var queries = _store.Queries;
        await Until(() => _store.Queries > queries + 3, "a later pass has begun");

        await Append(Owed("young", 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), Owed("older", 1, 1));
        _store.Query = () => throw new JournalUnavailableException("for a while");
        var before = _store.Queries;
        await Until(() => _store.Queries > before + 2, "the outbox was looked through in vain");
        _store.Query = () => { };

        await UntilWoken("fails", "old", "older");
    }

    [Fact]
    public async Task Waker_OnALogNobodyKnows_PassesItOver()
    {
        var unknown = Owed("x", 1, 1) with { Id = new LogId("gone", "x") };
        await Append(unknown with { Changes = [new UpsertRow(Outbox.Table, ["gone", "user/1", 1, 1, "{}"])] });
        await Append(Owed("a", 1, 2));

        await using var running = await Running.Start(CreateWaker());

        await UntilWoken("a");
    }

    private static LogId Id(string key) => new("room", key);

    private static JournalAppend Owed(string key, long version, long at) => new()
    {
        Id = Id(key),
        Changes = [new UpsertRow(Outbox.Table, ["room", "user/1", version, at, "{}"])],
    };

    private Task<AppendOutcome[]> Append(params JournalAppend[] appends) => _store.AppendAsync(appends, Cancelled);

    private (JournalWatch Watch, JournalWriter Writer) CreateWatch(int probeMs)
    {
        var writer = new JournalWriter(
            _store, Options.Create(new JournalOptions()), TimeProvider.System, new JournalMetrics(),
            NullLogger<JournalWriter>.Instance);
        var options = new JournalWatchOptions { ProbeMs = probeMs, RetryMs = 10, WaitMs = 50 };
        return (new JournalWatch(
            _store, writer, Options.Create(options), TimeProvider.System, NullLogger<JournalWatch>.Instance), writer);
    }

    private EffectWaker CreateWaker() => new(
        _store,
        [new FakeKind(_woken)],
        null!,
        Options.Create(new EffectWakerOptions { PeriodMs = 100, AgeMs = 3_600_000, PageRows = 2, AtOnce = 2 }),
        TimeProvider.System,
        NullLogger<EffectWaker>.Instance);

    private Task UntilWoken(params string[] keys) => Until(
        () =>
        {
            lock (_woken)
            {
                Assert.DoesNotContain("young", _woken);
                return _woken.IsSupersetOf(keys);
            }
        },
        $"woken are {string.Join(", ", keys)}");

    private static async Task Until(Func<bool> condition, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Limit, $"Not within {Limit}: {what}.");
            await Task.Delay(5, Cancelled);
        }
    }

    /// <summary>A service as a host would run it.</summary>
    private sealed class Running(IHostedService service) : IAsyncDisposable
    {
        public static async Task<Running> Start(IHostedService service)
        {
            await service.StartAsync(Cancelled);
            return new Running(service);
        }

        public async ValueTask DisposeAsync() => await service.StopAsync(CancellationToken.None);
    }

    /// <summary>A kind of log that notes which keys are woken; that of "fails" throws.</summary>
    private sealed class FakeKind(SortedSet<string> woken) : IEventLogKind
    {
        public string Name => "room";

        public IReadOnlyList<ProjectionTable> Tables => [];

        public IReadOnlyList<ProjectionTable> LateTables => [];

        public bool HasEffects => true;

        public Task Wake(IGrainFactory grains, string key)
        {
            lock (woken)
            {
                woken.Add(key);
            }

            return key == "fails" ? Task.FromException(new InvalidOperationException(key)) : Task.CompletedTask;
        }

        public ILogReplay Replay(LogId id, LogSnapshot? from = null) => throw new NotSupportedException();
    }

    /// <summary>A store in memory that a test can make fail or wait.</summary>
    private sealed class HookedStore(IReadOnlyList<ProjectionTable> tables)
        : JournalStoreOver(new MemoryJournalStore(tables))
    {
        private int _queries;

        public Func<Task> Append { get; set; } = () => Task.CompletedTask;

        public Func<Task> Probe { get; set; } = () => Task.CompletedTask;

        public Action Query { get; set; } = () => { };

        public int Queries => Volatile.Read(ref _queries);

        public override async Task<AppendOutcome[]> AppendAsync(
            IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
        {
            await Append();
            return await base.AppendAsync(batch, cancellationToken);
        }

        public override Task<IReadOnlyList<ProjectionRow>> QueryAsync(
            ProjectionQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _queries);
            Query();
            return base.QueryAsync(query, cancellationToken);
        }

        public override Task ProbeAsync(CancellationToken cancellationToken) => Probe();
    }
}
