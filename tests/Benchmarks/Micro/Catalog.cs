using BenchmarkDotNet.Running;

namespace RedNote.Benchmarks.Micro;

/// <summary>The benchmarks of single steps, by the name with which they are asked for.</summary>
internal static class Catalog
{
    private static readonly (string Name, Type Type, string What)[] Entries =
    [
        ("engine", typeof(EngineBenchmarks), "calls of a grain"),
        ("frames", typeof(FrameBenchmarks), "a room makes a frame of what waits"),
        ("encoding", typeof(EncodingBenchmarks), "a frame becomes the bytes of a hub message"),
        ("merger", typeof(MergerBenchmarks), "danmaku that say the same become one"),
        ("gateway", typeof(GatewayBenchmarks), "from a connection's command to its answer, the room answers at once"),
        ("journal", typeof(JournalBenchmarks), "from raising events to their being on the disk (SQLite)"),
        ("codec", typeof(CodecBenchmarks), "events become what is stored"),
        ("messages", typeof(MessageBenchmarks), "what a client sends is read, and its verdict written"),
    ];

    /// <summary>Runs the benchmarks of a name, or all; what follows goes to BenchmarkDotNet.</summary>
    public static int Run(string[] args)
    {
        switch (args)
        {
            case []:
                BenchmarkSwitcher.FromTypes([.. Entries.Select(entry => entry.Type)]).Run(["--filter", "*"]);
                return 0;
            case ["--list"]:
                foreach (var (name, _, what) in Entries)
                {
                    Console.WriteLine($"{name,-10}{what}");
                }

                return 0;
            case [['-', ..], ..]:
                BenchmarkSwitcher.FromTypes([.. Entries.Select(entry => entry.Type)]).Run(args);
                return 0;
            default:
                return RunOne(args[0], args[1..]);
        }
    }

    private static int RunOne(string name, string[] options)
    {
        var found = Array.Find(Entries, entry => entry.Name == name);
        if (found.Type is null)
        {
            Console.Error.WriteLine(
                $"There is no '{name}'; there are {string.Join(", ", Entries.Select(entry => entry.Name))}.");
            return 2;
        }

        BenchmarkSwitcher.FromTypes([found.Type]).Run(options is [] ? ["--filter", "*"] : options);
        return 0;
    }
}
