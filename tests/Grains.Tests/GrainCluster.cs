using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.TestingHost;
using RedNote.Grains.Tests.Journal;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests;

/// <summary>One silo with the real grains over <see cref="FaultyStorage"/>, for the tests of one class.</summary>
public sealed class GrainCluster : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    public FaultyStorage Storage { get; } = new();

    /// <summary>Changes the journal's bounds; to be set before the start.</summary>
    public Action<JournalOptions> Bounds { get; init; } = _ => { };

    /// <summary>Changes a silo's services last; for a cluster of one test's own.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>What grains publish to in the place of the memory streams; nothing of it is heard.</summary>
    public IStreamProvider? Streams { get; init; }

    /// <summary>The journal's bounds as they are now. One that is as tight as can be is set once what a test prepares
    /// is done: what that owes to others takes places in the queue, too, whenever it likes.</summary>
    public JournalOptions JournalBounds => Services.GetRequiredService<IOptions<JournalOptions>>().Value;

    /// <summary>Where the event logs are.</summary>
    public FaultyJournal Journal { get; private set; } = null!;

    /// <summary>The silo's services.</summary>
    public IServiceProvider Services => _cluster.GetSiloServiceProvider();

    public IGrainFactory Grains => _cluster.Client;

    public IClusterClient Client => _cluster.Client;

    /// <summary>While batches are held up: completes when events of that log have set out for the store, or wait
    /// behind others.</summary>
    public async Task WhenAppending(LogId id)
    {
        var writer = Services.GetRequiredService<JournalWriter>();
        var head = await Journal.ReadHeadAsync(id, CancellationToken.None);
        await Eventually.Holds(
            $"events of {id} on their way",
            () => writer.Status().Queued > 0
                || Journal.Appends.Any(append => append.Id == id && append.Count > 0 && append.LastVersion > head));
    }

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            if (Streams is null)
            {
                silo.AddMemoryStreams(StreamNames.Provider);
            }
            else
            {
                silo.Services.AddKeyedSingleton(StreamNames.Provider, Streams);
            }

            silo.AddMemoryGrainStorage("PubSubStore");
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, Storage);
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddOptions<LiveRoomOptions>().Configure(room => room.DisplayBudgetPerSecond = 0);
            silo.Services.AddRedNoteGrains();
            LedgerGrain.AddTo(silo.Services);
            silo.Services.Configure<JournalOptions>(Bounds);
            silo.Services.AddSingleton<IJournalStore>(services => new FaultyJournal(
                JournalServices.ProjectionTables(services.GetServices<IEventLogKind>())));
            Configure?.Invoke(silo.Services);
#if ORLEANS_MICROSOFT
            // A clock that a test moves is the grains' alone: Orleans' own waits never end on one that stands still.
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
#endif
        });
        builder.ConfigureClient(client => client.AddMemoryStreams(StreamNames.Provider));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        Journal = (FaultyJournal)_cluster.GetSiloServiceProvider().GetRequiredService<IJournalStore>();
    }

    /// <summary>Ends the silo as it should end; what it has stored can be looked at still.</summary>
    public Task StopSilo() => _cluster.StopAllSilosAsync();

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}

/// <summary>
/// Storage in memory as JSON, so that nothing survives that storage could not hold; a test can make the next write to a
/// grain fail before or after it took effect.
/// </summary>
public sealed class FaultyStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), (string Json, int Version)> _states = [];
    private readonly ConcurrentDictionary<GrainId, bool> _faults = [];

    /// <summary>The stored state as JSON; null if there is none.</summary>
    public string? Stored(string stateName, GrainId grain)
        => _states.TryGetValue((stateName, grain), out var stored) ? stored.Json : null;

    /// <summary>Puts a state in the place of the stored one, under the same version.</summary>
    public void Replace(string stateName, GrainId grain, string json)
        => _states[(stateName, grain)] = (json, _states[(stateName, grain)].Version);

    /// <summary>The next write of that grain throws; before it was stored, or after.</summary>
    public void FailNextWrite(GrainId grain, bool afterTakingEffect) => _faults[grain] = afterTakingEffect;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_states.TryGetValue((stateName, grainId), out var stored))
        {
            grainState.State = JsonSerializer.Deserialize<T>(stored.Json)!;
            grainState.ETag = stored.Version.ToString(CultureInfo.InvariantCulture);
            grainState.RecordExists = true;
        }
        else
        {
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = null;
            grainState.RecordExists = false;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var fails = _faults.TryRemove(grainId, out var afterTakingEffect);
        if (fails && !afterTakingEffect)
        {
            throw new IOException("The disk is full.");
        }

        var known = _states.TryGetValue((stateName, grainId), out var stored) ? stored.Version : 0;
        var expected = grainState.ETag is { } etag ? int.Parse(etag, CultureInfo.InvariantCulture) : 0;
        if (known != expected)
        {
            throw new InconsistentStateException("A newer state is stored.", $"{known}", grainState.ETag);
        }

        _states[(stateName, grainId)] = (JsonSerializer.Serialize(grainState.State), known + 1);
        grainState.ETag = (known + 1).ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
        return fails ? Task.FromException(new IOException("The answer was lost.")) : Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove((stateName, grainId), out _);
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }
}
