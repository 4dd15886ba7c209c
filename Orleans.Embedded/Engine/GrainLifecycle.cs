using Orleans;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>Stages that are started in rising order and stopped in falling order.</summary>
internal class StagedLifecycle
{
    private readonly List<Subscription> _subscriptions = [];
    private int _started;

    /// <summary>Called when everything in a stage has started or stopped.</summary>
    protected virtual void OnStageDone(int stage, bool isStart)
    {
    }

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        var subscription = new Subscription(this, observerName, stage, observer);
        lock (_subscriptions)
        {
            var index = _subscriptions.FindIndex(item => item.Stage > stage);
            _subscriptions.Insert(index < 0 ? _subscriptions.Count : index, subscription);
        }

        return subscription;
    }

    public async Task OnStart(CancellationToken cancellationToken = default)
    {
        foreach (var stage in Stages())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var item in stage) item.IsStarted = true;
            await Task.WhenAll(stage.Select(item => item.Observer.OnStart(cancellationToken)));
            _started++;
            OnStageDone(stage.Key, isStart: true);
        }
    }

    /// <summary>Stops what was started; one that fails does not keep the others from stopping.</summary>
    public async Task<List<Exception>> OnStop(CancellationToken cancellationToken = default)
    {
        List<Exception> failures = [];
        if (_started == 0 && !Stages().Any(stage => stage.Any(item => item.IsStarted))) return failures;
        foreach (var stage in Enumerable.Reverse(Stages()))
        {
            foreach (var item in stage.Where(item => item.IsStarted))
            {
                try
                {
                    await item.Observer.OnStop(cancellationToken);
                }
                catch (Exception exception)
                {
                    failures.Add(exception);
                }
            }

            OnStageDone(stage.Key, isStart: false);
        }

        return failures;
    }

    private List<IGrouping<int, Subscription>> Stages()
    {
        lock (_subscriptions) return [.. _subscriptions.GroupBy(item => item.Stage)];
    }

    private void Remove(Subscription subscription)
    {
        lock (_subscriptions) _subscriptions.Remove(subscription);
    }

    private sealed class Subscription(StagedLifecycle owner, string name, int stage, ILifecycleObserver observer)
        : IDisposable
    {
        internal int Stage { get; } = stage;

        internal ILifecycleObserver Observer { get; } = observer;

        internal bool IsStarted { get; set; }

        public void Dispose() => owner.Remove(this);

        public override string ToString() => $"{name} at {Stage}";
    }
}

/// <summary>The lifecycle of one activation.</summary>
internal sealed class GrainLifecycle : StagedLifecycle, IGrainLifecycle;

/// <summary>The lifecycle of the silo.</summary>
internal sealed class SiloLifecycle : StagedLifecycle, ISiloLifecycle
{
    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    protected override void OnStageDone(int stage, bool isStart)
    {
        if (isStart) HighestCompletedStage = stage;
        else LowestStoppedStage = stage;
    }
}

/// <summary>The lifecycle of an attached client.</summary>
internal sealed class ClientLifecycle : StagedLifecycle, IClusterClientLifecycle;
