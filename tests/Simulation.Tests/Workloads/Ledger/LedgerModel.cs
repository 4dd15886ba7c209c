namespace RedNote.Simulation.Ledger;

/// <summary>What was asked for and what was told, as those outside know it.</summary>
internal sealed class LedgerModel
{
    public Dictionary<string, Asked> Commands { get; } = new(StringComparer.Ordinal);

    /// <summary>Keys that a reading showed.</summary>
    public HashSet<(long Counter, string Key)> Shown { get; } = [];

    /// <summary>What streams told: the total of a counter at a version.</summary>
    public Dictionary<(long Counter, long Version), long> Told { get; } = [];

    public IEnumerable<Asked> Of(long counter) => Commands.Values.Where(asked => asked.Counter == counter);
}

internal enum CommandKind
{
    Add,
    Pay,
    Alarm,
    Erase,
}

/// <summary>A command of one key.</summary>
internal sealed record Asked(CommandKind Kind, long Counter, string Key)
{
    /// <summary>What an addition adds, each with a key of its own; the first is that of the command.</summary>
    public IReadOnlyList<Amount> Amounts { get; init; } = [];

    public long To { get; init; }

    public int Paid { get; init; }

    public long Due { get; init; }

    public string Erased { get; init; } = "";

    public bool IsAcknowledged { get; set; }

    /// <summary>What it was answered the first time; a repeated key is answered that it is done.</summary>
    public bool WasDone { get; set; }
}
