namespace RedNote.Load.Probe;

/// <summary>What the garbage collector of a server says of itself.</summary>
/// <param name="Gen0">Collections of this generation since the start, those of the older ones included.</param>
/// <param name="Gen1">Likewise.</param>
/// <param name="Gen2">Likewise.</param>
/// <param name="PauseMs">What all of them kept the program waiting.</param>
/// <param name="AllocatedMiB">All that was ever allocated.</param>
/// <param name="HeapMiB">What is on the heap now; right after a full collection: what is alive.</param>
/// <param name="CommittedMiB">What the heap has from the system.</param>
/// <param name="IsServer">Which collector it is.</param>
public sealed record GcReading(
    int Gen0, int Gen1, int Gen2, double PauseMs, double AllocatedMiB, double HeapMiB, double CommittedMiB,
    bool IsServer)
{
    /// <summary>What happened since an earlier reading; sizes are as they are now.</summary>
    public GcReading Since(GcReading earlier) => this with
    {
        Gen0 = Gen0 - earlier.Gen0,
        Gen1 = Gen1 - earlier.Gen1,
        Gen2 = Gen2 - earlier.Gen2,
        PauseMs = PauseMs - earlier.PauseMs,
        AllocatedMiB = AllocatedMiB - earlier.AllocatedMiB,
    };
}
