using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace RedNote.Journal;

/// <summary>
/// The snapshot of one log in grain storage: taken in a turn, stored when the version it is of is durable, so that it
/// is never ahead of the log. The bigger it is, the rarer: writing it costs a bounded share of what events cost.
/// </summary>
internal sealed partial class SnapshotKeeper<TState>(
    ISnapshotForm<TState> form, LogId id, GrainId grain, EventLogServices services)
    where TState : class
{
    /// <summary>Characters of snapshot that an event has to pay for.</summary>
    private const int CharactersPerEvent = 100;

    private readonly GrainState<LogSnapshot> _stored = new();
    private Task _writing = Task.CompletedTask;
    private int _characters;
    private long? _lastAt;
    private bool _isDemanded;
    private bool _hasFailed;

    /// <summary>Version of the stored snapshot; 0: there is none.</summary>
    public long Version { get; private set; }

    private string Name => $"log-{id.Log}";

    /// <summary>The stored snapshot, or null.</summary>
    public async Task<LogSnapshot?> Read()
    {
        try
        {
            await services.Snapshots.ReadStateAsync(Name, grain, _stored);
        }
        catch (Exception error) when (error is DbException or IOException or TimeoutException)
        {
            throw new JournalUnavailableException($"The snapshot of log {id} cannot be read now.", error);
        }

        if (!_stored.RecordExists || _stored.State is not { Version: > 0 } snapshot)
        {
            return null;
        }

        Stored(snapshot);
        return snapshot;
    }

    /// <summary>Whether one was demanded that is not stored or under way yet.</summary>
    public bool IsDemanded => _isDemanded;

    /// <summary>Says that the stored snapshot holds what it no longer should.</summary>
    public void Demand() => _isDemanded = true;

    public bool IsDue(long version)
    {
        if (!_writing.IsCompleted)
        {
            return false;
        }

        // One that failed is not tried again at once, demanded or not.
        if (_isDemanded && !_hasFailed)
        {
            return true;
        }

        var events = Math.Max(services.Options.SnapshotEvents, _characters / CharactersPerEvent);
        return (_isDemanded || version - Version >= events)
            && (_lastAt is not { } last
                || services.Time.GetElapsedTime(last).TotalMilliseconds >= services.Options.SnapshotIntervalMs);
    }

    /// <summary>
    /// Takes a snapshot now and stores it after <paramref name="confirmed"/>. Throws only
    /// <see cref="InconsistentStateException"/>: another activation has stored one.
    /// </summary>
    public Task Take(long version, TState state, Task confirmed)
    {
        _lastAt = services.Time.GetTimestamp();
        var wasDemanded = _isDemanded;
        _isDemanded = false;
        return _writing = Store(version, state, confirmed, wasDemanded);
    }

    public async Task WhenWritten()
        => await _writing.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private async Task Store(long version, TState state, Task confirmed, bool wasDemanded)
    {
        try
        {
            // Written before the first await: later events are not in it.
            var taken = new LogSnapshot { Version = version, Json = form.Write(state) };
            await confirmed;
            _stored.State = taken;
            await services.Snapshots.WriteStateAsync(Name, grain, _stored);
            Stored(taken);
            _hasFailed = false;
        }
        catch (Exception error) when (error is not InconsistentStateException)
        {
            // The log has everything; but the one that is stored may hold what it no longer should.
            _stored.State = new LogSnapshot();
            _hasFailed = true;
            _isDemanded |= wasDemanded;
            LogNotTaken(services.Logger, id, version, error);
            return;
        }

        await Trim();
    }

    /// <summary>Keeps what has to be known of a stored snapshot; its text may be as big as the state.</summary>
    private void Stored(LogSnapshot snapshot)
    {
        Version = snapshot.Version;
        _characters = snapshot.Json.Length;
        _stored.State = new LogSnapshot();
    }

    private async Task Trim()
    {
        if (!services.Options.RetainDays.TryGetValue(id.Log, out var days))
        {
            return;
        }

        var before = services.Time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds();
        try
        {
            await services.Store.TrimAsync(id, Version, before, CancellationToken.None);
        }
        catch (JournalUnavailableException error)
        {
            LogNotTrimmed(services.Logger, id, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The snapshot of log {Id} at version {Version} was not stored")]
    private static partial void LogNotTaken(ILogger logger, LogId id, long version, Exception error);

    [LoggerMessage(LogLevel.Warning, "Old events of log {Id} were not deleted")]
    private static partial void LogNotTrimmed(ILogger logger, LogId id, Exception error);
}
