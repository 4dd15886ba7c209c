using RedNote.Live;

namespace RedNote.Simulation.Show;

/// <summary>A danmaku that somebody sends, maybe more than once.</summary>
/// <param name="user">Who.</param>
/// <param name="text">Others may say the same, but for those without a key.</param>
/// <param name="key">For a repeat.</param>
internal sealed class Line(UserId user, string text, string? key)
{
    public UserId User => user;

    public string Text => text;

    public string? Key => key;

    /// <summary>What its sender was told that became of it, and its number.</summary>
    public (VerdictStatus Status, long Number)? Outcome { get; set; }

    /// <summary>The version of the log in which that is.</summary>
    public long SettledBy { get; set; }

    /// <summary>Whether the outcome of a sending is unknown.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether a later answer could still say what became of it.</summary>
    public bool IsUnsettled => IsOpen && Outcome is null && key is not null;

    /// <summary>Whether the log has it.</summary>
    public bool IsFound { get; set; }
}
