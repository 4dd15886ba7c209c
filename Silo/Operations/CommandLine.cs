using System.Globalization;
using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>The command line is wrong; the message says how, the usage follows it.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A command could not do its work; the message is for the person who gave it.</summary>
internal sealed class OperationException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>Options in the form <c>--name value</c>, and flags without a value. What is not known is refused.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string?> _given = new(StringComparer.Ordinal);

    /// <param name="args">What follows the command.</param>
    /// <param name="options">Names that take a value.</param>
    /// <param name="flags">Names that take none.</param>
    public CommandLine(ReadOnlySpan<string> args, string[] options, string[] flags)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            string? value = null;
            if (options.Contains(name))
            {
                value = i + 1 < args.Length ? args[++i] : throw new UsageException($"--{name} needs a value.");
            }
            else if (!flags.Contains(name))
            {
                throw new UsageException($"'{args[i]}' is not an option of this command.");
            }

            if (!_given.TryAdd(name, value))
            {
                throw new UsageException($"--{name} is given twice.");
            }
        }
    }

    public bool Has(string name) => _given.ContainsKey(name);

    public string? Text(string name) => _given.GetValueOrDefault(name);

    public string Required(string name) => Text(name) ?? throw new UsageException($"--{name} is missing.");

    public long Number(string name, long fallback, long min)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min
            ? number
            : throw new UsageException($"--{name} is a number from {min}, not '{text}'.");
    }

    /// <summary>A grain in the form <c>log/key</c>; null when it is not given.</summary>
    public LogId? Grain()
    {
        if (Text("grain") is not { } text)
        {
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1
            ? new LogId(text[..slash], text[(slash + 1)..])
            : throw new UsageException($"--grain is LOG/KEY, for example room/123, not '{text}'.");
    }

    /// <summary>Either one grain or all (null).</summary>
    public LogId? GrainOrAll() => (Grain(), Has("all")) switch
    {
        ({ } grain, false) => grain,
        (null, true) => null,
        (null, false) => throw new UsageException("Say --grain LOG/KEY or --all."),
        _ => throw new UsageException("Say either --grain or --all."),
    };
}
