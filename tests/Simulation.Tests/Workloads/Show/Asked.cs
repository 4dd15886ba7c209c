namespace RedNote.Simulation.Show;

/// <summary>What was known outside when something was asked for: the answer rests on nothing older.</summary>
/// <param name="Known">The version of the room's log that somebody had been told of.</param>
/// <param name="HostHead">Where the host's log was, for who follows.</param>
/// <param name="Wall">What the clock on the wall said, Unix ms.</param>
/// <param name="Jumps">How often that clock had been set.</param>
internal sealed record Asked(long Known, long HostHead, long Wall, int Jumps);
