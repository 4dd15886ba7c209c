using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

/// <summary>
/// From a connection's command through the room's gateway to its answer, per command, beside a room that answers at
/// once: one command at a time, and as many as a batch takes that came while another was under way.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class GatewayBenchmarks
{
    private const int Crowd = RoomBatch.MaxItems;

    private readonly RoomCommand[] _danmaku =
        [.. Enumerable.Range(0, Crowd + 1).Select(i => Sample.Send(i))];

    /// <summary>Ten taps of each of fifty people.</summary>
    private readonly RoomCommand[] _likes =
        [.. Enumerable.Range(0, Crowd + 1).Select(i => new LikeRoom(1) { User = Sample.User(i % 50) })];

    private readonly ValueTask<RoomAnswer>[] _waiting = new ValueTask<RoomAnswer>[Crowd + 1];
    private readonly FakeRoom _room = new();
    private readonly RoomAnswer _verdict = Verdict.Accept(1);
    private readonly RoomAnswer _counted = new LikesAccepted(50);
    private RoomGateway _gateway = null!;
    private TaskCompletionSource? _hold;

    [GlobalSetup]
    public void Setup()
    {
        _room.OnSubmit = batch => _hold is { } hold ? AnswerLater(batch, hold.Task) : Task.FromResult(Answer(batch));
        _gateway = new RoomGateway(
            "gateway.1", Sample.Room, _room, () => 1_000, new LiveOptions(), TimeProvider.System,
            new LiveMetrics(new Meters()), NullLogger.Instance);
    }

    [Benchmark]
    public ValueTask<RoomAnswer> Danmaku() => _gateway.Submit(_danmaku[0]);

    [Benchmark]
    public ValueTask<RoomAnswer> Likes() => _gateway.Submit(_likes[0]);

    [Benchmark(OperationsPerInvoke = Crowd)]
    public Task<RoomAnswer> DanmakuOfACrowd() => SubmitAll(_danmaku);

    [Benchmark(OperationsPerInvoke = Crowd)]
    public Task<RoomAnswer> LikesOfACrowd() => SubmitAll(_likes);

    private async Task<RoomAnswer> SubmitAll(RoomCommand[] commands)
    {
        _hold = new TaskCompletionSource();
        for (var i = 0; i < commands.Length; i++)
        {
#pragma warning disable CA2012 // Each is awaited once, below.
            _waiting[i] = _gateway.Submit(commands[i]);
#pragma warning restore CA2012
        }

        var hold = _hold;
        _hold = null;
        hold.SetResult();
        RoomAnswer last = null!;
        foreach (var answer in _waiting)
        {
            last = await answer;
        }

        return last;
    }

    private async Task<BatchAnswer> AnswerLater(RoomBatch batch, Task hold)
    {
        await hold;
        return Answer(batch);
    }

    private BatchAnswer Answer(RoomBatch batch)
    {
        // It keeps what it was asked, for tests.
        _room.Batches.Clear();
        var answers = new RoomAnswer[batch.Commands.Length];
        Array.Fill(answers, batch.Commands[0] is LikeRoom ? _counted : _verdict);
        return new BatchAnswer(ImmutableCollectionsMarshal.AsImmutableArray(answers));
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
