using RedNote.Benchmarks;
using RedNote.Benchmarks.Micro;

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
        return Catalog.Run(args[1..]);
    case "search":
        await SearchThroughput.Run(args.ElementAtOrDefault(1) ?? "sqlite");
        return 0;
    case "rooms":
        return await IdleRooms.Run(args[1..]);
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
            search [store]    words in a log of 100,000 messages beside two others: sqlite, postgres or memory
            rooms [number]    memory of rooms that nobody is in, and of those that sleep
            micro [name]      BenchmarkDotNet on single steps, all or one; micro --list names them
            """);
        return 2;
}
