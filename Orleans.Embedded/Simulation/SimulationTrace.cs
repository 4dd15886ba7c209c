using System.Globalization;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// What happened, in order: always as a hash, by which two runs are compared, and as lines of text when it is recorded.
/// </summary>
public sealed class SimulationTrace(bool isRecorded, int maxLines = 200_000)
{
    private readonly Queue<string> _lines = new();

    /// <summary>The same in every run and process that did the same things in the same order.</summary>
    public ulong Hash { get; private set; } = StableHash.Start;

    public bool IsRecorded => isRecorded;

    /// <summary>The newest lines, at most the bound that was given; none when nothing is recorded.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    internal void Turn(long ticks, int choice, int among, int node)
    {
        Hash = StableHash.Add(Hash, (ulong)ticks);
        Hash = StableHash.Add(Hash, ((ulong)node << 48) | ((ulong)among << 24) | (uint)choice);
    }

    /// <summary>Something worth to be read and to be compared: a command, an answer, a fault.</summary>
    internal void Note(long ticks, string text)
    {
        Hash = StableHash.Add(Hash, text);
        Line(ticks, text);
    }

    /// <summary>Only for readers.</summary>
    internal void Line(long ticks, string text)
    {
        if (!isRecorded) return;
        if (_lines.Count == maxLines) _lines.Dequeue();
        var seconds = TimeSpan.FromTicks(ticks).TotalSeconds.ToString("000.000000", CultureInfo.InvariantCulture);
        _lines.Enqueue($"{seconds} {text}");
    }
}

/// <summary>Something that must never happen has happened; ends the run.</summary>
public sealed class SimulationViolationException(string message, Exception? cause = null)
    : Exception(message, cause);
