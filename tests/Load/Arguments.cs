using System.Globalization;

namespace RedNote.Load;

/// <summary>
/// Options in the form <c>--name value</c>. Every option has bounds; what is not asked for is an error.
/// </summary>
public sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public Arguments(ReadOnlySpan<string> args)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                throw new LoadException($"Options are written --name value; '{args[i]}' is not.");
            }

            _values[args[i][2..]] = args[i + 1];
        }
    }

    public int Int(string name, int fallback, int min, int max)
        => Text(name) is { } text ? Parse(name, text, min, max) : fallback;

    /// <summary>Numbers separated by commas.</summary>
    public int[] Ints(string name, int[] fallback, int min, int max)
        => Text(name) is { } text ? [.. text.Split(',').Select(part => Parse(name, part, min, max))] : fallback;

    public string? Text(string name)
    {
        _asked.Add(name);
        return _values.GetValueOrDefault(name);
    }

    /// <summary>Words separated by commas, each of them known and none twice.</summary>
    public string[] Words(string name, string[] fallback, params string[] known)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        var words = text.Split(',');
        return words.All(known.Contains) && words.Distinct().Count() == words.Length
            ? words
            : throw new LoadException($"--{name} is one or more of {string.Join(", ", known)}, not '{text}'.");
    }

    /// <summary>A file to write, in a folder that exists; null: none. Checked before anything is measured.</summary>
    public string? OutputFile(string name)
        => Text(name) is not { } text ? null
            : Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(text))) ? Path.GetFullPath(text)
            : throw new LoadException($"--{name}: there is no folder for '{text}'.");

    /// <summary>To be called when every known option was asked for.</summary>
    public void RefuseUnknown()
    {
        var unknown = _values.Keys.Where(name => !_asked.Contains(name)).ToArray();
        if (unknown.Length > 0)
        {
            throw new LoadException(
                $"Unknown option --{unknown[0]}; known are {string.Join(", ", _asked.Select(name => "--" + name))}.");
        }
    }

    private static int Parse(string name, string text, int min, int max)
        => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max
            ? value
            : throw new LoadException($"--{name} has to be a number from {min} to {max}, not '{text}'.");
}
