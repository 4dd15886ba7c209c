// These do on purpose what nothing in a simulation may do.
#pragma warning disable RS0030

namespace RedNote.Simulation.Tests;

[Alias("simulation.culprit")]
public interface ICulpritGrain : IGrainWithIntegerKey
{
    [Alias("do")]
    Task Do(string deed);
}

/// <summary>Leaves the simulation's thread, in each way there is; a method for each, which has to be named.</summary>
public sealed class CulpritGrain(TimeProvider time) : Grain, ICulpritGrain
{
    public static IReadOnlyList<string> Deeds { get; } =
    [
        nameof(RunOnThePool), nameof(RunOnThePoolUnobserved), nameof(DelayByTheRealClock),
        nameof(DelayByTheRealClockForHours), nameof(DelayByTheRealClockOffContext), nameof(GoOnOffContext),
        nameof(SetATimer), nameof(QueueToThePool), nameof(CancelByTheRealClock), nameof(TickByTheRealClock),
        nameof(StartAThread), nameof(StartOnTheDefaultScheduler), nameof(WaitByTheRealClock),
    ];

    public Task Do(string deed) => deed switch
    {
        nameof(RunOnThePool) => RunOnThePool(),
        nameof(RunOnThePoolUnobserved) => RunOnThePoolUnobserved(),
        nameof(DelayByTheRealClock) => DelayByTheRealClock(),
        nameof(DelayByTheRealClockForHours) => DelayByTheRealClockForHours(),
        nameof(DelayByTheRealClockOffContext) => DelayByTheRealClockOffContext(),
        nameof(GoOnOffContext) => GoOnOffContext(),
        nameof(SetATimer) => SetATimer(),
        nameof(QueueToThePool) => QueueToThePool(),
        nameof(CancelByTheRealClock) => CancelByTheRealClock(),
        nameof(TickByTheRealClock) => TickByTheRealClock(),
        nameof(StartAThread) => StartAThread(),
        nameof(StartOnTheDefaultScheduler) => StartOnTheDefaultScheduler(),
        nameof(WaitByTheRealClock) => WaitByTheRealClock(),
        _ => Nothing(),
    };

    /// <summary>What is allowed.</summary>
    private async Task Nothing()
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        await Task.WhenAll(Task.Delay(TimeSpan.FromSeconds(1), time), Task.Delay(TimeSpan.FromSeconds(2), time));
        await Task.Factory.StartNew(() => { });
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        using var timer = time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await Task.Yield();
    }

    private static async Task RunOnThePool() => await Task.Run(() => 1);

    private Task RunOnThePoolUnobserved()
    {
        _ = Task.Run(() => 1);
        return Nothing();
    }

    private static async Task DelayByTheRealClock() => await Task.Delay(1);

    private static async Task DelayByTheRealClockForHours() => await Task.Delay(TimeSpan.FromHours(5));

    private static async Task DelayByTheRealClockOffContext() => await Task.Delay(1).ConfigureAwait(false);

    private async Task GoOnOffContext()
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time).ConfigureAwait(false);
        time.GetUtcNow();
    }

    private Task SetATimer()
    {
        using var timer = new Timer(_ => { }, null, 1_000, 1_000);
        return Nothing();
    }

    private Task QueueToThePool()
    {
        ThreadPool.QueueUserWorkItem(_ => { });
        return Nothing();
    }

    private Task CancelByTheRealClock()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromHours(1));
        return Nothing();
    }

    private async Task TickByTheRealClock()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        await Nothing();
    }

    private Task StartAThread()
    {
        var thread = new Thread(() => time.GetUtcNow());
        thread.Start();
        thread.Join();
        return Nothing();
    }

    private static Task StartOnTheDefaultScheduler()
        => Task.Factory.StartNew(() => { }, default, TaskCreationOptions.None, TaskScheduler.Default);

    private static async Task WaitByTheRealClock()
        => await new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromSeconds(1));
}
