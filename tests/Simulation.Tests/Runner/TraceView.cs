namespace RedNote.Simulation.Runner;

/// <summary>A recorded trace for readers: every note, and the last turns and log lines.</summary>
internal static class TraceView
{
    public const int UsualTurns = 60;

    // "000.000000 " stands before each line; what is not a note is indented.
    private const int Stamp = 11;

    public static IEnumerable<string> Select(IReadOnlyCollection<string> lines, int turns)
    {
        var before = lines.Count(IsTurn) - (long)turns;
        foreach (var line in lines)
            if (!IsTurn(line) || --before < 0) yield return line;
    }

    public static bool IsTurn(string line) => line.Length > Stamp && line[Stamp] == ' ';
}
