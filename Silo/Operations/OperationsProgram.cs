using System.Data.Common;
using Microsoft.Extensions.Options;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Operations;

/// <summary>
/// The commands of the silo program, for whoever runs RedNote: look into logs, verify and export them, rebuild
/// projections, back the data up. Exit codes: 0 well, 1 something is wrong with the data, 2 the command could not be
/// carried out.
/// </summary>
internal sealed class OperationsProgram
{
    private const int DefaultLimit = 50;

    private const string Usage = """
        usage: dotnet run --project Silo                       runs a silo
               dotnet run --project Silo -- COMMAND [options]

          log show    --grain LOG/KEY [--from N] [--to N] [--newest] [--limit N]
                      prints events: version, time, kind, JSON; 50 unless --limit says otherwise
          log verify  --grain LOG/KEY | --all
                      compares logs with their snapshots and projections; changes nothing
          log export  --grain LOG/KEY | --all [--from N] [--to N] [--file FILE]
                      prints every event as a line of JSON, exactly as it is stored
          log rebuild --table TABLE [--grain LOG/KEY]
                      writes a projection anew from the log, and says what it changed
          backup      --to FOLDER
                      copies the SQLite databases; the copy is a data directory to start on
          draw verify --draw FILE --entrants FILE
                      recomputes a published lucky draw: FILE is what GET .../draws/ID answers, and what
                      GET .../draws/ID/entrants answers, page after page; needs no database, and - is standard input

        RedNote__Storage, RedNote__DataDirectory and ConnectionStrings__RedNote say where the data is, as for the
        server. show, verify, export and backup may run beside a server. Exit codes: 0 well, 1 something is wrong with
        the data, 2 the command could not be carried out.
        """;

    private readonly RedNoteOptions _options;
    private readonly LogKinds _kinds;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    private OperationsProgram(
        RedNoteOptions options, IEnumerable<IEventLogKind> kinds, TextWriter output, TextWriter errors)
    {
        _options = options;
        _kinds = new LogKinds(kinds);
        _output = output;
        _errors = errors;
    }

    /// <summary>Whether these arguments are a command; those of a silo are settings, or none.</summary>
    public static bool IsCommand(string[] args) => args is [var first, ..]
        && (first is "--help" or "-h" || !(first.StartsWith('-') || first.StartsWith('/') || first.Contains('=')));

    /// <summary>Carries a command out and answers the exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="options">Where the data is; read when a command needs it.</param>
    /// <param name="kinds">The kinds of logs.</param>
    /// <param name="output">Takes what was asked for.</param>
    /// <param name="errors">Takes what is said besides.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<int> Run(
        string[] args,
        Func<RedNoteOptions> options,
        IEnumerable<IEventLogKind> kinds,
        TextWriter output,
        TextWriter errors,
        CancellationToken cancellationToken)
    {
        if (args is ["--help" or "-h" or "help", ..])
        {
            await output.WriteLineAsync(Usage);
            return 0;
        }

        try
        {
            return await new OperationsProgram(options(), kinds, output, errors).Run(args, cancellationToken);
        }
        catch (UsageException error)
        {
            await errors.WriteLineAsync($"{error.Message}\n\n{Usage}");
        }
        catch (Exception error) when (error is OperationException or OptionsValidationException
            or StartupException or JournalSchemaException or JournalUnavailableException or IOException
            or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(error.Message);
        }
        catch (DbException error)
        {
            await errors.WriteLineAsync($"The database says: {error.Message}");
        }

        return 2;
    }

    private Task<int> Run(string[] args, CancellationToken ct) => args switch
    {
        ["log", "show", ..] => Show(new(args.AsSpan(2), ["grain", "from", "to", "limit"], ["newest"]), ct),
        ["log", "verify", ..] => Verify(new(args.AsSpan(2), ["grain"], ["all"]), ct),
        ["log", "export", ..] => Export(new(args.AsSpan(2), ["grain", "from", "to", "file"], ["all"]), ct),
        ["log", "rebuild", ..] => Rebuild(new(args.AsSpan(2), ["table", "grain"], []), ct),
        ["backup", ..] => Backup(new(args.AsSpan(1), ["to"], []), ct),
        ["draw", "verify", ..] => VerifyDraw(new(args.AsSpan(2), ["draw", "entrants"], []), ct),
        _ => throw new UsageException($"There is no command '{string.Join(' ', args.Take(2))}'."),
    };

    private async Task<int> Show(CommandLine line, CancellationToken ct)
    {
        var id = line.Grain() ?? throw new UsageException("--grain is missing.");
        var range = Range(line) with { NewestFirst = line.Has("newest") };
        var limit = line.Number("limit", DefaultLimit, 1);
        try
        {
            var next = await new LogPrinter(new(_options), _kinds, _output).Show(id, range, limit, ct);
            if (next is { } version)
            {
                await _errors.WriteLineAsync(
                    $"There are more: go on with {(range.NewestFirst ? "--newest --to" : "--from")} {version}.");
            }

            return 0;
        }
        catch (LogUnreadableException error)
        {
            await _errors.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private async Task<int> Verify(CommandLine line, CancellationToken ct)
    {
        var one = line.GrainOrAll();
        var summary = await new LogVerification(new(_options), _kinds, _output).Run(one, ct);
        return summary.Findings == 0 ? 0 : 1;
    }

    private async Task<int> Export(CommandLine line, CancellationToken ct)
    {
        var id = line.GrainOrAll();
        var database = new JournalDatabase(_options);
        try
        {
            if (line.Text("file") is not { } file)
            {
                await new LogPrinter(database, _kinds, _output).Export(id, Range(line), ct);
                return 0;
            }

            // A file that is there already is somebody's; an export that stops half way must not stand for a whole one.
            await using var writer = new StreamWriter(new FileStream(file, FileMode.CreateNew));
            var count = await new LogPrinter(database, _kinds, writer).Export(id, Range(line), ct);
            await _errors.WriteLineAsync($"{count} events written to {file}.");
            return 0;
        }
        catch (LogUnreadableException error)
        {
            await _errors.WriteLineAsync($"The export is not complete: {error.Message}");
            return 1;
        }
    }

    private async Task<int> Rebuild(CommandLine line, CancellationToken ct)
    {
        var name = line.Required("table");
        var table = _kinds.Tables.FirstOrDefault(table => table.Name == name) ?? throw new UsageException(
            $"There is no table '{name}' that follows from a log; there are "
            + $"{string.Join(", ", _kinds.Tables.Select(table => table.Name))}.");
        var grain = line.Grain();
        if (grain is { } id && !_kinds.OwnersOf(table).Any(kind => kind.Name == id.Log))
        {
            throw new UsageException($"Logs called '{id.Log}' have no table '{name}'.");
        }

        // Two processes on one SQLite file would each believe to be its only writer.
        using var hold = _options.Storage == StorageKind.Sqlite ? DataDirectoryLock.Take(_options.DataDirectory) : null;
        var rebuild = new ProjectionRebuild(new(_options), _kinds, table, _output);
        await rebuild.Prepare(isWhole: grain is null, ct);
        await (grain is { } one ? rebuild.Rebuild(one.Key, ct) : rebuild.RebuildAll(ct));
        await _output.WriteLineAsync($"{rebuild.Changed} rows changed, {rebuild.Refused} grains left as they are.");
        return rebuild.Refused == 0 ? 0 : 1;
    }

    private async Task<int> Backup(CommandLine line, CancellationToken ct)
    {
        var folder = line.Required("to");
        if (_options.Storage != StorageKind.Sqlite)
        {
            throw new OperationException(_options.Storage == StorageKind.Postgres
                ? "RedNote:Storage is postgres: back the database up with pg_dump, which may run beside a server."
                : "RedNote:Storage is memory: there is nothing to back up.");
        }

        var files = await SqliteBackup.CopyAsync(_options.DataDirectory, folder, ct);
        foreach (var file in files)
        {
            await _output.WriteLineAsync($"{file}: {new FileInfo(file).Length} bytes");
        }

        return 0;
    }

    private async Task<int> VerifyDraw(CommandLine line, CancellationToken ct)
    {
        var draw = PublishedDraw.Read(await Text(line.Required("draw"), ct));
        var entrants = PublishedDraw.ReadEntrants(await Text(line.Required("entrants"), ct));
        return await new DrawVerifier(_output).Verify(draw, entrants) ? 0 : 1;

        static Task<string> Text(string file, CancellationToken ct)
            => file == "-" ? Console.In.ReadToEndAsync(ct) : File.ReadAllTextAsync(file, ct);
    }

    private static VersionRange Range(CommandLine line)
    {
        var range = new VersionRange(line.Number("from", 1, 1), line.Number("to", long.MaxValue, 1));
        return range.From <= range.To
            ? range
            : throw new UsageException($"--from {range.From} is after --to {range.To}.");
    }
}
