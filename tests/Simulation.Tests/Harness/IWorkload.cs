namespace RedNote.Simulation;

/// <summary>
/// People and programs that use a simulated silo, and a model of their own by which they judge the answers. One object
/// per run.
/// </summary>
public interface IWorkload
{
    /// <summary>Sets each silo that starts up, beside storage, streams and journal.</summary>
    void Configure(ISiloBuilder silo);

    /// <summary>Uses the system while things go wrong; completes when all commands are answered or given up.</summary>
    Task Run(SimulatedWorld world);

    /// <summary>
    /// Looks, when nothing goes wrong any more: everything settles within the time of the run, and all that was
    /// acknowledged is there, once. Says what is not with <see cref="SimulatedWorld.Violate"/>.
    /// </summary>
    Task Check(SimulatedWorld world);
}
