using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using RedNote.Journal;
using RedNote.Silo.Journal;
using RedNote.Silo.Operations;

namespace RedNote.Silo.Tests.Operations;

/// <summary>Data as a server leaves it, and somebody at a keyboard who gives commands about it.</summary>
internal sealed class OperationsDesk : IAsyncDisposable
{
    private const string SnapshotState = "log-" + Notebook.Log;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rednote-test-");
    private readonly EventLogKind<Notebook, NotebookEvent> _kind = new(Notebook.Definition);

    private OperationsDesk(string? postgres)
    {
        Options = new RedNoteOptions
        {
            DataDirectory = _folder.FullName,
            Storage = postgres is null ? StorageKind.Sqlite : StorageKind.Postgres,
            ConnectionString = postgres,
        };
    }

    public RedNoteOptions Options { get; }

    public string Folder => _folder.FullName;

    /// <summary>What the last command printed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>What the last command said besides.</summary>
    public string Errors { get; private set; } = "";

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="postgres">A database; null: SQLite in a folder of its own.</param>
    public static async Task<OperationsDesk> Open(string? postgres)
    {
        SQLitePCL.Batteries_V2.Init();
        DbProviderFactories.RegisterFactory("System.Data.SQLite", SqliteFactory.Instance);
        DbProviderFactories.RegisterFactory("Npgsql", NpgsqlFactory.Instance);
        var desk = new OperationsDesk(postgres);
        await desk.WithStore(_ => Task.CompletedTask);
        return desk;
    }

    public Task<int> Run(params string[] args) => RunKnowing([_kind], args);

    /// <summary>Gives a command to a program that knows other kinds of logs.</summary>
    public async Task<int> RunKnowing(IEventLogKind[] kinds, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await OperationsProgram.Run(args, () => Options, kinds, output, errors, Cancelled);
        Output = output.ToString();
        Errors = errors.ToString();
        return code;
    }

    /// <summary>Works with the store that a server would have.</summary>
    public async Task WithStore(Func<IJournalStore, Task> work)
    {
        var tables = JournalServices.ProjectionTables([_kind]);
        IJournalStore store = Options.Storage == StorageKind.Sqlite
            ? new SqliteJournalStore(Options.JournalFile, tables)
            : new PostgresJournalStore(Options.ConnectionString!, tables);
        await using var closing = (IAsyncDisposable)store;
        await store.StartAsync(Cancelled);
        await work(store);
    }

    /// <summary>Appends events to a notebook, one row for each list, with what follows from them.</summary>
    public Task Write(string key, params NotebookEvent[][] rows) => WithStore(async store =>
    {
        var id = new LogId(Notebook.Log, key);
        foreach (var row in rows)
        {
            var append = Append(id, await store.ReadHeadAsync(id, Cancelled) + 1, row);
            Assert.Equal([AppendOutcome.Stored], await store.AppendAsync([append], Cancelled));
        }
    });

    /// <summary>An append as the log of a grain would make it.</summary>
    public static JournalAppend Append(LogId id, long first, params NotebookEvent[] events)
    {
        var at = 1_700_000_000_000 + first;
        var changes = events.SelectMany((raised, i) => Notebook.Definition.Projections
            .SelectMany(projection => projection.Project(first + i, at, raised))
            .Concat(Notebook.Definition.Effects!(raised).Select(draft => (ProjectionChange)new UpsertRow(
                Outbox.Table, [id.Log, draft.Receiver, first + i, at, draft.Payload]))));
        return new JournalAppend
        {
            Id = id,
            FirstVersion = first,
            Count = events.Length,
            At = at,
            Payload = Encoding.UTF8.GetBytes($"[{string.Join(',', events.Select(Json))}]"),
            Changes = [.. changes, new UpsertRow(LateMarks.Table, [id.Log, first + events.Length - 1])],
        };
    }

    public static string Json(NotebookEvent raised)
        => JsonSerializer.Serialize(raised, NotebookJson.Instance.NotebookEvent);

    /// <summary>Stores a snapshot the way a silo does.</summary>
    public async Task Snapshot(string key, long version, params (long Page, string Text)[] pages)
    {
        var document = new NotebookDocument([.. pages.Select(page => new PageDocument(page.Page, page.Text))]);
        var json = JsonSerializer.Serialize(document, NotebookJson.Instance.NotebookDocument);
        await WithSnapshots(async storage =>
        {
            var grain = GrainId.Create("notebook", key);
            var state = new GrainState<LogSnapshot>();
            await storage.ReadStateAsync(SnapshotState, grain, state);
            state.State = new LogSnapshot { Version = version, Json = json };
            await storage.WriteStateAsync(SnapshotState, grain, state);
        });
    }

    /// <summary>Runs a statement on the journal's database, past everything.</summary>
    public async Task Execute(string sql)
    {
        await using DbConnection connection = Options.Storage == StorageKind.Sqlite
            ? new SqliteConnection($"Data Source={Options.JournalFile};Pooling=False")
            : new NpgsqlConnection(Options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task WithSnapshots(Func<IGrainStorage, Task> work)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo => silo.AddAdoNetGrainStorage(StorageNames.Provider, storage =>
        {
            var isSqlite = Options.Storage == StorageKind.Sqlite;
            storage.Invariant = isSqlite ? "System.Data.SQLite" : "Npgsql";
            storage.ConnectionString = isSqlite ? $"Data Source={Options.DatabaseFile}" : Options.ConnectionString;
            storage.GrainStorageSerializer = new JsonStateSerializer();
        }));
        using var host = builder.Build();
        await host.StartAsync(Cancelled);
        await work(host.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider));
        await host.StopAsync(Cancelled);
    }
}
