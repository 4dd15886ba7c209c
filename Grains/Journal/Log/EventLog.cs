using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace RedNote.Journal;

/// <summary>See <see cref="IEventLog{TState, TEvent}"/>.</summary>
internal sealed partial class EventLog<TState, TEvent> : IEventLog<TState, TEvent>, ILifecycleObserver
    where TState : class, IEventState<TEvent>
    where TEvent : class
{
    /// <summary>Rows fetched at once to answer a <see cref="Read"/>.</summary>
    private const int RowsAtOnce = 16;

    private readonly EventLogDefinition<TState, TEvent> _definition;
    private readonly EventLogServices _services;
    private readonly IGrainContext _context;
    private readonly EventCodec<TEvent> _codec;
    private readonly JournalSession _session;
    private readonly EffectQueue _effects;
    private readonly LateRows? _late;
    private readonly SnapshotKeeper<TState> _snapshots;
    private TState _state = null!;
    private Task _lastCommit = Task.CompletedTask;
    private TryAgainException? _failure;
    private long _currentAt;
    private bool _isLooking;

    public EventLog(
        EventLogDefinition<TState, TEvent> definition,
        EventLogServices services,
        IGrainContext context,
        string key,
        GrainId snapshotPlace)
    {
        _definition = definition;
        _services = services;
        _context = context;
        _codec = new EventCodec<TEvent>(definition.Event, definition.Frequent);
        Id = new LogId(definition.Name, key);
        _session = new JournalSession(Id);
        _effects = new EffectQueue(
            Id, services.Writer, services.Store, services.Options, services.Time, services.Logger)
        {
            // What lies in the outbox may be owed by another activation, of which this one knows nothing.
            Retried = LookAgain,
        };
        _late = definition.Projections.Any(projection => projection.IsLate)
            ? new LateRows(Id, services.Writer, services.Options, services.Time, services.Logger)
            : null;
        _snapshots = new SnapshotKeeper<TState>(definition.Snapshot, Id, snapshotPlace, services);
        context.ObservableLifecycle.Subscribe($"log {definition.Name}", GrainLifecycleStage.SetupState, this);
    }

    public LogId Id { get; }

    public TState State => _failure is null ? _state : throw _failure;

    public long Version { get; private set; }

    public long ConfirmedVersion { get; private set; }

    public Action<long>? Confirmed { get; set; }

    public IEffectQueue Effects => _effects;

    public Task Raise(params ReadOnlySpan<TEvent> events)
        => events.IsEmpty ? WhenConfirmed() : Append(events, []);

    public Task RaiseRedacting(TEvent raised, params ReadOnlySpan<LoggedEvent<TEvent>> blanked)
    {
        var redactions = new Redaction[blanked.Length];
        for (var i = 0; i < blanked.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(blanked[i].Version, Version, nameof(blanked));
            redactions[i] = new Redaction(blanked[i].Version, _codec.WriteOne(blanked[i].Event));
        }

        // Before the append, which may be done by the time it returns.
        _snapshots.Demand();
        return Append([raised], redactions);
    }

    public Task WhenConfirmed()
    {
        if (_failure is not null)
        {
            return Task.FromException(_failure);
        }

        if (_services.Time.GetElapsedTime(_currentAt).TotalMilliseconds >= _services.Options.LookAgainMs)
        {
            LookAgain();
        }

        return _lastCommit;
    }

    public async Task WhenCurrent()
    {
        await WhenConfirmed();
        Compare(await FromStore(store => store.ReadHeadAsync(Id, CancellationToken.None)));

        // What is under way is stored only if nobody else has appended.
        await WhenConfirmed();
    }

    public Task WhenRoom()
        => _failure is not null ? Task.FromException(_failure)
            : _late is null or { HasRoom: true } ? _services.Writer.WhenRoom()
            : WhenAllRoom(_late);

    public Task WhenProjected()
        => _failure is not null ? Task.FromException(_failure) : _late?.WhenWritten() ?? Task.CompletedTask;

    public async Task<ImmutableArray<LoggedEvent<TEvent>>> Read(VersionRange range, int limit)
    {
        await WhenConfirmed();
        // A newer version may become durable meanwhile; what this answer may show ends here.
        range = range with { To = Math.Min(range.To, ConfirmedVersion), From = Math.Max(range.From, 1) };
        var found = ImmutableArray.CreateBuilder<LoggedEvent<TEvent>>();
        while (found.Count < limit && range.From <= range.To)
        {
            var page = range;
            // A row may hold one event or thousands: what is read beyond the limit is read in vain.
            var rows = await FromStore(store => store.ReadAsync(
                Id, page, Math.Min(limit - found.Count, RowsAtOnce), CancellationToken.None));
            if (rows.Count == 0)
            {
                break;
            }

            foreach (var row in rows)
            {
                if (found.Count < limit)
                {
                    Collect(row, range, limit, found);
                }
            }

            range = range.NewestFirst
                ? range with { To = rows[^1].FirstVersion - 1 }
                : range with { From = rows[^1].LastVersion + 1 };
        }

        return found.ToImmutable();
    }

    public async Task<IReadOnlyList<ProjectionRow>> Query(ProjectionQuery query)
    {
        await WhenConfirmed();
        return await FromStore(store => store.QueryAsync(query with { Grain = Id.Key }, CancellationToken.None));
    }

    public async Task OnStart(CancellationToken cancellationToken = default)
    {
        try
        {
            await Replay(cancellationToken);
            if (_late is not null)
            {
                await LoadLateRows(_late, cancellationToken);
            }

            if (_definition.Effects is not null)
            {
                await _effects.Load(cancellationToken);
            }

            // Whoever blanked something died before its snapshot; perhaps nothing is ever raised here again.
            TakeDemanded();
        }
        catch (JournalUnavailableException error)
        {
            LogNotRead(_services.Logger, Id, error);
            throw new TryAgainException($"Log {Id} cannot be read now.");
        }
        catch (LogUnreadableException error)
        {
            LogUnreadable(_services.Logger, Id, error);
            throw;
        }
    }

    public async Task OnStop(CancellationToken cancellationToken = default)
    {
        _effects.Stop();
        _late?.Stop(new TryAgainException($"The grain of log {Id} has ended."));
        // What was raised is not left to chance; it ends by itself, as appends have a time limit.
        await _lastCommit.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _snapshots.WhenWritten();
    }

    private async Task<T> FromStore<T>(Func<IJournalStore, Task<T>> read)
    {
        try
        {
            return await read(_services.Store);
        }
        catch (JournalUnavailableException error)
        {
            LogNotRead(_services.Logger, Id, error);
            throw new TryAgainException("The journal cannot be read.");
        }
    }

    private async Task Replay(CancellationToken cancellationToken)
    {
        var snapshot = await _snapshots.Read();
        var replay = StartReplay(snapshot);
        while (true)
        {
            var rows = await _services.Store.ReadAsync(
                Id, new VersionRange(replay.Version + 1), _services.Options.ReplayRows, cancellationToken);
            foreach (var row in rows)
            {
                replay.Apply(row);
            }

            if (rows.Count < _services.Options.ReplayRows)
            {
                break;
            }
        }

        await RefuseLostTail(replay, cancellationToken);
        if (replay.IsOutdated)
        {
            _snapshots.Demand();
        }

        _state = replay.State;
        Version = ConfirmedVersion = replay.Version;
        _currentAt = _services.Time.GetTimestamp();
    }

    /// <summary>A snapshot that the log does not reach means that the log has lost events.</summary>
    private async Task RefuseLostTail(LogReplay<TState, TEvent> replay, CancellationToken cancellationToken)
    {
        if (replay.Version == _snapshots.Version && replay.Version > 0)
        {
            var head = await _services.Store.ReadHeadAsync(Id, cancellationToken);
            if (head < replay.Version)
            {
                throw new LogUnreadableException(
                    $"Log {Id} ends at version {head}, and its snapshot is of version {replay.Version}.");
            }
        }
    }

    private LogReplay<TState, TEvent> StartReplay(LogSnapshot? snapshot)
    {
        try
        {
            return new LogReplay<TState, TEvent>(_definition, Id, snapshot);
        }
        catch (JsonException error)
        {
            // The log is the truth; a snapshot only saves reading it.
            LogBadSnapshot(_services.Logger, Id, error);
            return new LogReplay<TState, TEvent>(_definition, Id, null);
        }
    }

    /// <summary>
    /// An activation that does not append is not refused when another has; so it looks now and then, or it would show
    /// what was so before for as long as it is asked.
    /// </summary>
    private void LookAgain()
    {
        if (!_isLooking && _failure is null)
        {
            _isLooking = true;
            _ = Look();
        }
    }

    private async Task Look()
    {
        try
        {
            Compare(await _services.Store.ReadHeadAsync(Id, CancellationToken.None));
            TakeDemanded();
        }
        catch (JournalUnavailableException error)
        {
            LogNotRead(_services.Logger, Id, error);
        }
        finally
        {
            _isLooking = false;
        }
    }

    /// <summary>Fails when the store has what this activation did not raise.</summary>
    private void Compare(long head)
    {
        _currentAt = _services.Time.GetTimestamp();
        if (head > Version)
        {
            Fail(new InconsistentStateException($"Another activation has appended to log {Id}."));
        }
    }

    private Task Append(ReadOnlySpan<TEvent> events, IReadOnlyList<Redaction> redactions)
    {
        if (_failure is not null)
        {
            return Task.FromException(_failure);
        }

        if (!_services.Writer.HasRoom)
        {
            return Task.FromException(new TryAgainException("The journal is behind; nothing was changed."));
        }

        var payload = _codec.Write(events, _services.Options.EventBytes);
        var at = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        List<ProjectionChange> changes = [];
        List<ProjectionChange>? late = null;
        List<Effect>? effects = null;
        var first = Version + 1;
        for (var i = 0; i < events.Length; i++)
        {
            CollectRows(first + i, at, events[i], changes, ref late);
            CollectEffects(first + i, at, events[i], changes, ref effects);
        }

        ApplyAll(events);
        if (late is not null && _late!.TryInline(Version, late))
        {
            changes.AddRange(late);
            late = null;
        }

        var append = new JournalAppend
        {
            Id = Id,
            FirstVersion = first,
            Count = events.Length,
            At = at,
            Payload = payload,
            Changes = changes,
            Redactions = redactions,
        };
        // Not awaited by everybody, so it is a source whose failure counts as seen.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastCommit = done.Task;
        _ = Commit(append, late, effects, done);
        return done.Task;
    }

    private void ApplyAll(ReadOnlySpan<TEvent> events)
    {
        try
        {
            foreach (var raised in events)
            {
                _state.Apply(raised);
                Version++;
            }
        }
        catch (Exception error)
        {
            // A state that took half of it in is good for nothing; the log does not have it.
            Fail(error);
            throw;
        }
    }

    /// <summary>Never fails: it answers through <paramref name="done"/>.</summary>
    private async Task Commit(
        JournalAppend append, List<ProjectionChange>? late, List<Effect>? effects, TaskCompletionSource done)
    {
        try
        {
            await _services.Writer.AppendAsync(_session, append);
        }
        catch (Exception error)
        {
            done.SetException(Fail(error));
            _ = done.Task.Exception;
            return;
        }

        ConfirmedVersion = append.LastVersion;
        _currentAt = _services.Time.GetTimestamp();
        if (late is not null)
        {
            _late!.Durable(ConfirmedVersion, late);
        }

        foreach (var effect in effects ?? [])
        {
            _effects.Add(effect);
        }

        done.SetResult();
        TellConfirmed();
        if (_failure is null && _snapshots.IsDue(Version))
        {
            _ = TakeSnapshot();
        }
    }

    private void TellConfirmed()
    {
        try
        {
            Confirmed?.Invoke(ConfirmedVersion);
        }
        catch (Exception error)
        {
            LogCallbackFailed(_services.Logger, Id, error);
        }
    }

    /// <summary>Takes a snapshot that was demanded and did not come about, without waiting for an append.</summary>
    private void TakeDemanded()
    {
        if (_failure is null && _snapshots.IsDemanded && _snapshots.IsDue(Version))
        {
            _ = TakeSnapshot();
        }
    }

    private async Task TakeSnapshot()
    {
        try
        {
            do
            {
                await _snapshots.Take(Version, _state, _lastCommit);
            }
            while (_failure is null && _snapshots.IsDue(Version)); // It may have been demanded meanwhile.
        }
        catch (InconsistentStateException error)
        {
            // Another activation has taken one: this is the stale one.
            Fail(error);
        }
    }

    private TryAgainException Fail(Exception error)
    {
        if (_failure is null)
        {
            LogAppendFailed(_services.Logger, Id, error);
            _failure = new TryAgainException($"The outcome of a write to log {Id} is unknown.");
            _session.Refuse();
            _effects.Stop();
            _late?.Stop(_failure);
            _context.Deactivate(
                new DeactivationReason(DeactivationReasonCode.ApplicationError, "The log could not be written."));
        }

        return _failure;
    }

    private void Collect(
        JournalRow row, VersionRange range, int limit, ImmutableArray<LoggedEvent<TEvent>>.Builder found)
    {
        var events = _codec.Read(Id, row);
        for (var i = 0; i < events.Count && found.Count < limit; i++)
        {
            var at = range.NewestFirst ? events.Count - 1 - i : i;
            var version = row.FirstVersion + at;
            if (version >= range.From && version <= range.To)
            {
                found.Add(new LoggedEvent<TEvent>(version, events[at]));
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Log {Id} could not be written; its grain rebuilds from what is stored")]
    private static partial void LogAppendFailed(ILogger logger, LogId id, Exception error);

    [LoggerMessage(LogLevel.Warning, "Log {Id} cannot be read now")]
    private static partial void LogNotRead(ILogger logger, LogId id, Exception error);

    [LoggerMessage(LogLevel.Critical, "Log {Id} cannot be read; its grain does not start")]
    private static partial void LogUnreadable(ILogger logger, LogId id, Exception error);

    [LoggerMessage(LogLevel.Error, "The snapshot of log {Id} cannot be read; the whole log is")]
    private static partial void LogBadSnapshot(ILogger logger, LogId id, Exception error);

    [LoggerMessage(LogLevel.Error, "What log {Id} tells after a commit failed")]
    private static partial void LogCallbackFailed(ILogger logger, LogId id, Exception error);
}
