using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo;

/// <summary>Runs a RedNote process.</summary>
public static class RedNoteProgram
{
    private const int CannotStart = 1;

    /// <summary>
    /// Builds a host, opens its journal and runs it until it is stopped. Answers the exit code: 0, or 1 when it cannot
    /// start for a reason that whoever runs it can do something about; that is said in one line.
    /// </summary>
    public static async Task<int> RunAsync(Func<IHost> build)
    {
        try
        {
            var host = build();
            // Asynchronously: stores end that way.
            await using var disposed = (IAsyncDisposable)host;
            // Before the host starts, which would log the whole way of an exception.
            await host.OpenJournalAsync();
            await host.RunAsync();
            return 0;
        }
        catch (Exception failure) when (Why(failure) is { } why)
        {
            await Console.Error.WriteLineAsync($"RedNote cannot start: {why}");
            return CannotStart;
        }
    }

    private static string? Why(Exception failure) => failure switch
    {
        StartupException or JournalSchemaException or JournalUnavailableException => failure.Message,
        OptionsValidationException refused => string.Join(' ', refused.Failures),
        AggregateException { InnerExceptions: [OptionsValidationException, ..] } several
            => string.Join(' ', several.InnerExceptions.Select(Why)),
        // A setting that cannot be read, for example a kind of storage that does not exist.
        InvalidOperationException { InnerException: FormatException or ArgumentException } => failure.Message,
        _ => null,
    };
}
