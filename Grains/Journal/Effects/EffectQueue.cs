using Microsoft.Extensions.Logging;

namespace RedNote.Journal;

/// <summary>See <see cref="IEffectQueue"/>. Used from the grain's turns only.</summary>
internal sealed partial class EffectQueue(
    LogId source, JournalWriter writer, IJournalStore store, JournalOptions options, TimeProvider time, ILogger logger)
    : IEffectQueue
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries to one receiver after which its mark is moved, if there is no pause before.</summary>
    private const int MarkEvery = 32;

    private readonly Dictionary<string, Receiver> _receivers = [];
    private readonly JournalSession _session = new(source);

    /// <summary>Marks that could not be moved, by receiver: up to where each has taken what it is owed.</summary>
    private SortedDictionary<string, long>? _unmarked;
    private Func<Effect, Task>? _deliver;
    private long _lastTaken;
    private long _loadedUpTo;
    private bool _isMoreStored;
    private bool _isLoading;
    private bool _isStopped;

    public int Pending { get; private set; }

    /// <summary>Called with each <see cref="Retry"/>.</summary>
    public Action? Retried { get; init; }

    public void Start(Func<Effect, Task> deliver)
    {
        _deliver = deliver;
        foreach (var receiver in _receivers.Values.ToList())
        {
            Run(receiver);
        }
    }

    public async Task<bool> WhenDelivered(string receiver, TimeSpan atMost)
    {
        if (!_receivers.TryGetValue(receiver, out var queue))
        {
            return !_isMoreStored;
        }

        try
        {
            await queue.WhenTaken(queue.Items.Last().Version).WaitAsync(atMost, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Retry()
    {
        EndPauses();
        foreach (var (receiver, upTo) in _unmarked?.ToList() ?? [])
        {
            _ = Settle(receiver, upTo);
        }

        LoadRestIfRoom();
        Retried?.Invoke();
    }

    /// <summary>Loads what is owed from before; called once, before any <see cref="Add"/>.</summary>
    public Task Load(CancellationToken cancellationToken) => LoadMore(cancellationToken);

    /// <summary>Takes an effect whose event is durable.</summary>
    public void Add(Effect effect)
    {
        if (effect.Version <= _loadedUpTo)
        {
            // The store was read after it was durable and before it was told here.
            return;
        }

        if (_isMoreStored || _isLoading || Pending >= options.PendingEffects)
        {
            // It is in the store, behind what waits there; taken from there in its turn.
            _isMoreStored = true;
            return;
        }

        Enqueue(effect);
    }

    /// <summary>Ends deliveries; what is left is in the store.</summary>
    public void Stop()
    {
        _isStopped = true;
        EndPauses();
    }

    private void EndPauses()
    {
        foreach (var receiver in _receivers.Values.ToList())
        {
            receiver.EndPause();
        }
    }

    private async Task LoadMore(CancellationToken cancellationToken)
    {
        _isMoreStored = false;
        var rows = await store.QueryAsync(
            Outbox.Owed(source, _lastTaken, options.PendingEffects + 1), cancellationToken);
        // Versions are taken whole, so that the next page begins after one.
        var effects = rows.Select(Outbox.Read).ToList();
        if (effects.Count > options.PendingEffects)
        {
            _isMoreStored = true;
            var last = effects[^1].Version;
            if (effects[0].Version < last)
            {
                effects.RemoveAll(effect => effect.Version == last);
            }
        }

        _loadedUpTo = effects.Count > 0 ? effects[^1].Version : _loadedUpTo;
        foreach (var effect in effects)
        {
            Enqueue(effect);
        }
    }

    private void Enqueue(Effect effect)
    {
        _lastTaken = Math.Max(_lastTaken, effect.Version);
        if (!_receivers.TryGetValue(effect.Receiver, out var receiver))
        {
            _receivers[effect.Receiver] = receiver = new Receiver(effect.Receiver);
        }

        receiver.Items.Enqueue(effect);
        Pending++;
        Run(receiver);
    }

    private void Run(Receiver receiver)
    {
        if (_deliver is not null && !receiver.IsRunning)
        {
            receiver.IsRunning = true;
            _ = DeliverAll(receiver, _deliver);
        }
    }

    private async Task DeliverAll(Receiver receiver, Func<Effect, Task> deliver)
    {
        var unmarked = 0;
        while (receiver.Items.TryPeek(out var effect) && !_isStopped)
        {
            try
            {
                await deliver(effect);
            }
            catch (Exception error)
            {
                LogNotDelivered(logger, source, effect.Version, receiver.Name, error);
                unmarked = Mark(receiver, unmarked);
                await receiver.Pause(FirstPause, LongestPause, time);
                continue;
            }

            Pending--;
            unmarked++;
            receiver.Taken(effect.Version);
            if (unmarked >= MarkEvery)
            {
                unmarked = Mark(receiver, unmarked);
            }
        }

        Mark(receiver, unmarked);
        receiver.IsRunning = false;
        if (receiver.Items.Count == 0)
        {
            _receivers.Remove(receiver.Name);
        }

        LoadRestIfRoom();
    }

    private void LoadRestIfRoom()
    {
        if (_isMoreStored && !_isLoading && !_isStopped && Pending <= options.PendingEffects / 2)
        {
            _ = LoadRest();
        }
    }

    private async Task LoadRest()
    {
        _isLoading = true;
        try
        {
            await LoadMore(CancellationToken.None);
        }
        catch (Exception error)
        {
            // Tried again when the next receiver is through, or with the next retry.
            _isMoreStored = true;
            LogNotLoaded(logger, source, error);
        }
        finally
        {
            _isLoading = false;
        }
    }

    /// <summary>Moves the receiver's mark in the store, if anything was taken since it was last moved.</summary>
    private int Mark(Receiver receiver, int unmarked)
    {
        if (unmarked > 0)
        {
            _ = Settle(receiver.Name, receiver.LastTaken);
        }

        return 0;
    }

    private async Task Settle(string receiver, long upTo)
    {
        try
        {
            await writer.AppendAsync(
                _session, new JournalAppend { Id = source, Changes = [Outbox.Settle(source, receiver, upTo)] });
            if (_unmarked is not null && _unmarked.TryGetValue(receiver, out var late) && late <= upTo)
            {
                _unmarked.Remove(receiver);
            }
        }
        catch (Exception error)
        {
            // Until it is moved the effects are sent again by each activation, and dropped there.
            _unmarked ??= new SortedDictionary<string, long>(StringComparer.Ordinal);
            _unmarked[receiver] = Math.Max(upTo, _unmarked.GetValueOrDefault(receiver));
            LogNotMarked(logger, source, receiver, error);
        }
    }

    [LoggerMessage(
        LogLevel.Warning, "Effect {Version} of {Source} was not taken by {Receiver}; it is sent again")]
    private static partial void LogNotDelivered(
        ILogger logger, LogId source, long version, string receiver, Exception error);

    [LoggerMessage(LogLevel.Warning, "What {Receiver} took of {Source} could not be marked; it is tried again")]
    private static partial void LogNotMarked(ILogger logger, LogId source, string receiver, Exception error);

    [LoggerMessage(LogLevel.Warning, "The rest of what {Source} owes could not be read")]
    private static partial void LogNotLoaded(ILogger logger, LogId source, Exception error);

    /// <summary>What is owed to one receiver.</summary>
    private sealed class Receiver(string name)
    {
        private readonly List<(long Version, TaskCompletionSource Source)> _waiting = [];
        private CancellationTokenSource? _pause;
        private int _failures;

        public string Name => name;

        public Queue<Effect> Items { get; } = [];

        public bool IsRunning { get; set; }

        public long LastTaken { get; private set; }

        public Task WhenTaken(long version)
        {
            // Not RunContinuationsAsynchronously: a wait with a time limit would go on from the thread pool.
            var source = new TaskCompletionSource();
            _waiting.Add((version, source));
            return source.Task;
        }

        public void Taken(long version)
        {
            Items.Dequeue();
            LastTaken = version;
            _failures = 0;
            if (_waiting.Count == 0)
            {
                return;
            }

            // Told at last, as who waits may go on at once, in the middle of this.
            var told = _waiting.FindAll(waiter => waiter.Version <= version);
            _waiting.RemoveAll(waiter => waiter.Version <= version);
            foreach (var waiter in told)
            {
                waiter.Source.SetResult();
            }
        }

        public async Task Pause(TimeSpan first, TimeSpan longest, TimeProvider time)
        {
            var pause = first * Math.Pow(2, Math.Min(_failures++, 16));
            using var end = new CancellationTokenSource();
            _pause = end;
            try
            {
                await Task.Delay(pause < longest ? pause : longest, time, end.Token);
            }
            catch (OperationCanceledException)
            {
                // Ended early, to try at once.
            }
            finally
            {
                _pause = null;
            }
        }

        public void EndPause() => _pause?.Cancel();
    }
}
