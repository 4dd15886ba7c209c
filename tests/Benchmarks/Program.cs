using BenchmarkDotNet.Running;
using RedNote.Benchmarks;

switch (args.FirstOrDefault())
{
    case "engine":
        await EngineThroughput.Run(args.Skip(1).ToArray());
        return 0;
    case "providers":
        await ProviderThroughput.Run();
        return 0;
    case "users":
        await UserLogThroughput.Run();
        return 0;
    case "micro":
        BenchmarkSwitcher.FromTypes([typeof(EngineBenchmarks)]).Run(args[1..]);
        return 0;
    case "texts":
        TextThroughput.Run();
        return 0;
    case "crowd":
        CrowdThroughput.Run();
        return 0;
    default:
        Console.Error.WriteLine(
            """
            engine [rounds]   the engine's five figures: calls a second, garbage, memory, first calls
            providers         streams and SQLite storage: rates, latencies, garbage
            users             a user with many followers: replay, snapshots, new followers, reads
            texts             what a danmaku's text costs: its form, blocked words, and a whole verdict
            crowd             a draw of a million and a poll of 1.87 million: longest turns, snapshots
            micro  [options]  BenchmarkDotNet on single calls; try: micro --filter '*'
            """);
        return 2;
}
