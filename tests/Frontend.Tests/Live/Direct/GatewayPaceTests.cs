using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Live.Direct;

public sealed class GatewayPaceTests
{
    private const int Burst = 3;
    private const int BatchItems = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTime _time = new();
    private readonly List<Pending<int, int>> _next = [];
    private readonly List<int[]> _sent = [];
    private readonly GatewayQueue<int, int> _queue;

    public GatewayPaceTests() => _queue = new GatewayQueue<int, int>(
        1_000, BatchItems, TryAdd, Send, _time, new BatchPace(_time, perSecond: 100, Burst));

    [Fact]
    public async Task Batches_AFewAtOnce_ThenSpaced()
    {
        await UseUpBurst();

        var waiting = Enumerable.Range(1, 3).Select(Submit).ToList();
        _time.Advance(Interval - Tick);
        Assert.Equal(Burst + 1, _sent.Count);
        _time.Advance(Tick);

        await Done(Task.WhenAll(waiting));
        Assert.Equal([1, 2, 3], _sent[^1]);
        Assert.Equal(Burst + 2, _sent.Count);
        var behind = Submit(4);
        _time.Advance(Interval - Tick);
        Assert.False(behind.IsCompleted);
        _time.Advance(Tick);
        await Done(behind);
    }

    [Fact]
    public async Task Batch_ThatIsFull_GoesAtOnce()
    {
        await UseUpBurst();

        var all = Enumerable.Range(0, BatchItems).Select(Submit).ToList();

        await Done(Task.WhenAll(all));
        Assert.Equal(Enumerable.Range(0, BatchItems), _sent[^1]);
    }

    [Fact]
    public async Task Close_LetsWhatWaitsGoAtOnce()
    {
        await UseUpBurst();
        var waiting = Submit(7);
        Assert.False(waiting.IsCompleted);

        await Done(_queue.Close());

        Assert.Equal(7, await waiting);
        Assert.Equal(Admission.Closed, _queue.TrySubmit(8, out _));
    }

    [Fact]
    public async Task Batch_AfterARushOfFullOnes_WaitsNoLongerThanOneInterval()
    {
        await UseUpBurst();
        await Done(Task.WhenAll(Enumerable.Range(0, 50 * BatchItems).Select(Submit)));

        var one = Submit(1);
        Assert.False(one.IsCompleted);
        _time.Advance(Interval);

        await Done(one);
        Assert.Equal([1], _sent[^1]);
    }

    [Fact]
    public void Pace_InTheLongRun_IsAsManyASecond()
    {
        var pace = new BatchPace(_time, perSecond: 100, Burst);
        var end = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
        var batches = 0;
        for (; _time.GetUtcNow() < end; batches++)
        {
            _time.Advance(pace.Next());
        }

        Assert.InRange(batches, 200, 200 + Burst + 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.All(Enumerable.Range(0, Burst + 1), _ => Assert.Equal(TimeSpan.Zero, pace.Next()));
        Assert.Equal(Interval, pace.Next());
    }

    /// <summary>After a quiet time so many may go at once.</summary>
    private async Task UseUpBurst()
    {
        for (var i = 0; i <= Burst; i++)
        {
            await Done(Submit(-i));
        }

        Assert.Equal(Burst + 1, _sent.Count);
    }

    private Task<int> Submit(int item)
    {
        Assert.Equal(Admission.Taken, _queue.TrySubmit(item, out var answer));
        return answer.AsTask();
    }

    private static Task Done(Task task) => task.WaitAsync(HubClient.Patience);

    private bool TryAdd(Pending<int, int> pending)
    {
        if (_next.Count == BatchItems)
        {
            return false;
        }

        _next.Add(pending);
        return true;
    }

    private Task Send()
    {
        _sent.Add([.. _next.Select(pending => pending.Item)]);
        var answered = _next.ToList();
        _next.Clear();
        answered.ForEach(pending => pending.Complete(pending.Item));
        return Task.CompletedTask;
    }
}
