using RedNote.Simulation;
using RedNote.Simulation.Ledger;

var watch = TimeProvider.System.GetTimestamp();
var seeds = int.Parse(args[1]);
long turns = 0, commands = 0, faults = 0, crashes = 0;
for (var seed = ulong.Parse(args[0]); seed < ulong.Parse(args[0]) + (ulong)seeds; seed++)
{
    var r = SeedRun.Execute("ledger", () => new LedgerWorkload(), seed,
        new RedNote.Embedded.Simulation.SimulationOptions { IsRecorded = args.Length > 2 });
    turns += r.Turns; commands += r.Commands; faults += r.FaultCount; crashes += r.Crashes;
    if (seeds < 10) Console.WriteLine($"{r.Seed} {r.Hash:x} turns {r.Turns} commands {r.Commands} time {r.Time} crashes {r.Crashes} faults {r.FaultCount}");
    if (args.Length > 2) File.WriteAllLines(args[2], r.Lines);
    if (r.Violation is { } v) { Console.WriteLine($"seed {seed}: {(args.Length > 2 ? v : v.Message)}"); }
}
var s = TimeProvider.System.GetElapsedTime(watch).TotalSeconds;
Console.WriteLine($"{s:f1} s, {turns / s:f0} turns/s, {s / seeds * 1000:f0} ms per seed, per seed: turns {turns / seeds} commands {commands / seeds} crashes {(double)crashes / seeds} faults {(double)faults / seeds}");
