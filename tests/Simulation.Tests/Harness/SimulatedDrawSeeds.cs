using System.Globalization;
using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation;

/// <summary>Seeds of draws that the run's own seed decides.</summary>
internal sealed class SimulatedDrawSeeds(SimulationRandom random) : IDrawSeeds
{
    public DrawSeed Next() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{random.Next():x16}{random.Next():x16}{random.Next():x16}{random.Next():x16}"));
}
