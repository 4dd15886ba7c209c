namespace RedNote.Live;

/// <summary>Danmaku numbers in a row, both ends included.</summary>
[GenerateSerializer, Immutable, Alias("live.seq-run")]
public readonly record struct SeqRun(long First, long Last)
{
    public bool Contains(long seq) => seq >= First && seq <= Last;
}
