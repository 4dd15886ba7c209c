using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>
/// The silo: the directory of activations, the sweep for overdue calls and idle grains, start and stop.
/// </summary>
internal sealed class EmbeddedSilo : IDisposable
{
    private const int MaxForwards = 10;

    private readonly ConcurrentDictionary<GrainId, IGrainTarget> _directory = new();
    private readonly ConcurrentDictionary<GrainId, StatelessWorkers> _workers = new();
    private readonly ConcurrentQueue<Activation> _watched = new();
    private readonly GrainCollectionOptions _collection;
    private readonly long _startTimestamp;
    private ITimer? _sweepTimer;
    private long _lastActivation;
    private long _coarseNowMs;
    private long _lastCollectionMs;
    private int _isSweeping;
    private volatile SiloPhase _phase = SiloPhase.Created;

    public EmbeddedSilo(IServiceProvider services, ServiceLifetimes lifetimes, SiloLink link)
    {
        Services = services;
        Scheduler = services.GetRequiredService<IWorkScheduler>();
        Time = services.GetRequiredService<TimeProvider>();
        Log = new SiloLog(services.GetRequiredService<ILoggerFactory>().CreateLogger<EmbeddedSilo>());
        _collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        Check(_collection);
        var messaging = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        var options = services.GetRequiredService<IOptions<EmbeddedSiloOptions>>().Value;
        MailboxLimit = messaging.MaxEnqueuedRequestsHardLimit > 0
            ? messaging.MaxEnqueuedRequestsHardLimit
            : options.MailboxCapacity;
        TurnsPerBurst = options.TurnsPerBurst;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MailboxLimit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TurnsPerBurst);
        DeactivationTimeoutMs = (long)_collection.DeactivationTimeout.TotalMilliseconds;
        _startTimestamp = Time.GetTimestamp();
        SweepPeriodMs = (long)options.SweepPeriod.TotalMilliseconds;
        NeedSweepFor(messaging.ResponseTimeout);
        NeedSweepFor(_collection.CollectionQuantum);

        link.Current = this;
        IncomingFilters = [.. services.GetServices<IIncomingGrainCallFilter>()];
        Runtime = new ReferenceRuntime(
            link, messaging.ResponseTimeout, services.GetServices<IOutgoingGrainCallFilter>());
        Client = new ClusterClient(Runtime, services);
        GrainRuntime = new GrainRuntime(this);
        Observers = new Observers(this);
        Metrics = new SiloMetrics(this);
        Classes = new GrainClassMap(type => new GrainClass(type, services, lifetimes, AgeMsOf));
    }

    internal IServiceProvider Services { get; }

    internal IWorkScheduler Scheduler { get; }

    internal TimeProvider Time { get; }

    internal SiloLog Log { get; }

    internal SiloMetrics Metrics { get; }

    internal GrainClassMap Classes { get; }

    internal ReferenceRuntime Runtime { get; }

    internal ClusterClient Client { get; }

    internal GrainRuntime GrainRuntime { get; }

    internal Observers Observers { get; }

    internal IIncomingGrainCallFilter[] IncomingFilters { get; }

    /// <summary>Called with each new grain, before anything of it runs: a simulation looks into it.</summary>
    internal Action<object>? GrainCreated { get; set; }

    internal int MailboxLimit { get; }

    internal int TurnsPerBurst { get; }

    internal long SweepPeriodMs { get; private set; }

    internal TimeSpan ActivationTimeout => _collection.ActivationTimeout;

    internal TimeSpan DeactivationTimeout => _collection.DeactivationTimeout;

    internal long DeactivationTimeoutMs { get; }

    /// <summary>
    /// Milliseconds since the silo was made, as of the last sweep: reading a clock at each call is too dear.
    /// </summary>
    internal long CoarseNowMs => Volatile.Read(ref _coarseNowMs);

    internal bool IsKilled => _phase == SiloPhase.Killed;

    internal int ActivationCount => _directory.Count;

    internal static SiloUnavailableException Killed() => new("The silo was killed.");

    internal long CountWaiting() => _watched.Sum(activation => (long)activation.QueueLength);

    internal Guid ActivationGuid(long number)
        => new((int)(number >> 32), (short)(number >> 16), (short)number, BitConverter.GetBytes(_startTimestamp));

    internal bool TryGetActivation(GrainId grainId, out Activation? activation)
    {
        activation = _directory.TryGetValue(grainId, out var target)
            ? target as Activation ?? (target is StatelessWorkers { Any: { } worker } ? worker : null)
            : null;
        return activation is not null;
    }

    internal void BeginStart()
    {
        _phase = SiloPhase.Running;
        using (ExecutionContext.SuppressFlow())
        {
            _sweepTimer = Time.CreateTimer(
                static state => ((EmbeddedSilo)state!).Sweep(), this, SweepPeriod, SweepPeriod);
        }
    }

    /// <summary>Deactivates everything; what is left when the token is cancelled is killed.</summary>
    internal async Task Stop(CancellationToken cancellationToken)
    {
        if (_phase is SiloPhase.Stopped or SiloPhase.Killed) return;
        _phase = SiloPhase.Stopping;
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping.");
        try
        {
            // Again, since one may have been on its way into the directory when the phase changed.
            // It may be killed meanwhile: then they have ended, and are in the directory for another moment.
            while (_phase == SiloPhase.Stopping && Activations().ToList() is { Count: > 0 } left)
            {
                InOrder(left);
                foreach (var activation in left) activation.Deactivate(reason, cancellationToken);
                await Task.WhenAll(left.Select(activation => activation.Deactivated)).WaitAsync(cancellationToken);
            }

            if (_phase == SiloPhase.Stopping) _phase = SiloPhase.Stopped;
        }
        catch (OperationCanceledException)
        {
            Kill();
        }

        Log.Stopped(_directory.Count);
        _sweepTimer?.Dispose();
    }

    /// <summary>Ends everything at once, like the death of a process: no grain is told.</summary>
    internal void Kill()
    {
        _phase = SiloPhase.Killed;
        _sweepTimer?.Dispose();
        foreach (var activation in Activations()) activation.Kill(Killed());
        foreach (var workers in _directory.Values.OfType<StatelessWorkers>())
            workers.ForEachWaiting(request => FailLater(request, Killed()));
        _directory.Clear();
    }

    internal void Dispatch(GrainRequest request)
    {
        var reference = request.Reference!;
        if (_phase is not (SiloPhase.Running or SiloPhase.Stopping))
        {
            request.Fail(new SiloUnavailableException($"The silo is not running; the call {request} was not sent."));
            return;
        }

        if (!_directory.TryGetValue(reference.GrainId, out var target))
        {
            if (Embedded.Observers.IsObserver(reference.GrainId))
            {
                Observers.Post(request);
                return;
            }

            target = AddTarget(reference.GrainId);
        }

        if (target is Activation activation) reference.Target = activation;
        target.Post(request);
    }

    /// <summary>A request whose activation has ended goes to the next one.</summary>
    internal void SendOn(GrainRequest request)
    {
        if (request.IsAnswered) return;
        if (++request.Forwards > MaxForwards)
        {
            request.Fail(new OrleansMessageRejectionException(
                $"The call {request} was sent on {MaxForwards} times: its grain deactivates again and again."));
            return;
        }

        try
        {
            Dispatch(request);
        }
        catch (Exception exception) when (exception is OrleansException or ArgumentException)
        {
            request.Fail(exception);
        }
    }

    internal Activation CreateActivation(GrainClass grainClass, GrainId grainId, StatelessWorkers? workers)
    {
        if (_phase != SiloPhase.Running)
            throw new SiloUnavailableException($"The silo is stopping and activates no grain {grainId}.");
        var number = Interlocked.Increment(ref _lastActivation);
        return new Activation(this, grainClass, grainId, number) { Workers = workers };
    }

    internal void Remove(Activation activation)
    {
        if (activation.Workers is { } workers) workers.Remove(activation);
        else _directory.TryRemove(new KeyValuePair<GrainId, IGrainTarget>(activation.GrainId, activation));
    }

    internal void Remove(StatelessWorkers workers)
    {
        _directory.TryRemove(new KeyValuePair<GrainId, IGrainTarget>(workers.GrainId, workers));
        _workers.TryRemove(new KeyValuePair<GrainId, StatelessWorkers>(workers.GrainId, workers));
    }

    internal void Watch(Activation activation) => _watched.Enqueue(activation);

    internal void TimeOut(GrainRequest request)
    {
        var timeout = request.Method.Timeout ?? request.Reference?.Shared.Runtime.Timeout;
        FailLater(request, new TimeoutException($"The call {request} was not answered within {timeout}."));
    }

    /// <summary>Fails a call, but not here: the caller may go on at once, on the thread that answers it.</summary>
    internal void FailLater(GrainRequest request, Exception exception)
        => Scheduler.Schedule(new Failing(this, request, exception));

    internal void Refuse(GrainRequest request, int waiting)
    {
        Metrics.Rejected();
        var exception = new LimitExceededException("requests waiting", waiting, MailboxLimit, request);
        if (request.Is(RequestFlags.OneWay)) Log.OneWayFailed(exception, request);
        request.Fail(exception);
    }

    /// <summary>Makes sweeps frequent enough for a response timeout.</summary>
    internal void NeedSweepFor(TimeSpan timeout)
    {
        var wanted = Math.Max(10, (long)timeout.TotalMilliseconds / 4);
        if (wanted >= SweepPeriodMs) return;
        SweepPeriodMs = wanted;
        _sweepTimer?.Change(SweepPeriod, SweepPeriod);
    }

    public void Dispose()
    {
        if (_phase is not (SiloPhase.Stopped or SiloPhase.Killed)) Kill();
        Metrics.Dispose();
    }

    private TimeSpan SweepPeriod => TimeSpan.FromMilliseconds(SweepPeriodMs);

    private static void Check(GrainCollectionOptions options)
    {
        if (options.CollectionQuantum <= TimeSpan.Zero || options.CollectionAge <= options.CollectionQuantum)
        {
            throw new OrleansConfigurationException(
                "CollectionAge has to be longer than CollectionQuantum, and that positive.");
        }
    }

    private long AgeMsOf(Type grainClass)
        => (long)_collection.ClassSpecificCollectionAge
            .GetValueOrDefault(grainClass.FullName!, _collection.CollectionAge).TotalMilliseconds;

    private IGrainTarget AddTarget(GrainId grainId)
    {
        var grainClass = Classes.ForType(grainId.Type);
        var target = _directory.GetOrAdd(
            grainId,
            static (id, state) => state.Class.MaxWorkers > 0
                ? new StatelessWorkers(state.Silo, state.Class, id)
                : state.Silo.CreateActivation(state.Class, id, null),
            (Silo: this, Class: grainClass));
        if (target is StatelessWorkers workers) _workers[grainId] = workers;
        return target;
    }

    // The directory's own order differs from process to process; a simulation has to repeat itself in any.
    private static void InOrder(List<Activation> activations)
        => activations.Sort(static (one, other) => one.Number.CompareTo(other.Number));

    private IEnumerable<Activation> Activations()
    {
        foreach (var (_, target) in _directory)
        {
            if (target is Activation activation) yield return activation;
            if (target is not StatelessWorkers workers) continue;
            foreach (var worker in workers.Snapshot()) yield return worker;
        }
    }

    internal void TimeOutIfDue(GrainRequest request)
    {
        if (request.TimeoutMs == 0) return;
        if (request.Deadline == long.MaxValue) request.Deadline = CoarseNowMs + request.TimeoutMs;
        else if (request.Deadline <= CoarseNowMs) TimeOut(request);
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) == 1) return;
        try
        {
            var nowMs = (long)Time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
            Volatile.Write(ref _coarseNowMs, nowMs);
            for (var left = _watched.Count; left > 0 && _watched.TryDequeue(out var activation); left--)
                if (activation.Sweep(nowMs)) _watched.Enqueue(activation);
            foreach (var (_, workers) in _workers) workers.ForEachWaiting(TimeOutIfDue);

            if (nowMs - _lastCollectionMs < _collection.CollectionQuantum.TotalMilliseconds) return;
            _lastCollectionMs = nowMs;
            List<Activation> idle = [.. Activations().Where(activation => activation.IsCollectable(nowMs))];
            InOrder(idle);
            foreach (var activation in idle) activation.CollectIfIdle(nowMs);
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }

    private sealed class Failing(EmbeddedSilo silo, GrainRequest request, Exception exception) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (!request.Fail(exception) || exception is not TimeoutException) return;
            silo.Metrics.TimedOut();
            silo.Log.TimedOut(request);
        }
    }

    private enum SiloPhase
    {
        Created,
        Running,
        Stopping,
        Stopped,
        Killed,
    }
}
