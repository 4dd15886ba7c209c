namespace RedNote.Load.Gala;

/// <summary>What people do at a gala.</summary>
public enum GalaKind
{
    Like,
    Danmaku,
    Vote,
    Buy,

    /// <summary>Coming, and coming back: not counted among the interactions.</summary>
    Join,
}
