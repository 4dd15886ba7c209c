namespace RedNote.Load.Measure;

/// <summary>What a run used of the machine, as shares of a core, and what it says of itself.</summary>
/// <param name="Server">Share of the server's core, or of all its cores.</param>
/// <param name="Generator">Share of this program's core.</param>
/// <param name="Others">What other programs took, in cores.</param>
/// <param name="SendLateP99Ms">How late the generator itself was.</param>
/// <param name="Missing">Events that did not come back.</param>
public readonly record struct Strain(
    double Server, double Generator, double Others = 0, double SendLateP99Ms = 0, long Missing = 0)
{
    /// <summary>Beyond this share of its core the generator's own delays are in the figures.</summary>
    public const double MostGenerator = 0.8;

    private const double FullServer = 0.9;
    private const double MostOthers = 0.2;
    private const double MostLateMs = 5;

    /// <summary>What kept the figures from being better.</summary>
    public string LimitedBy => this switch
    {
        { Others: > MostOthers } => "other programs on this machine: measure again when it is quiet",
        { Generator: > MostGenerator } => "the generator's core was over 80% busy: the server could do better",
        { Server: > FullServer } => "the server's core was full",
        { SendLateP99Ms: > MostLateMs } => "sends left late: something else used the generator's core",
        { Missing: > 0 } => "something was lost although no core was full",
        _ => "nothing: what was asked for was met",
    };

    /// <summary>The figures are the server's, not the generator's nor the neighbours'.</summary>
    public bool IsFair => this is { Others: <= MostOthers, Generator: <= MostGenerator };
}
