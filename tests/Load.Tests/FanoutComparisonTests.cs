using RedNote.Load.Fanout;
using RedNote.Load.Servers;
using RedNote.Load.Servers.Baselines;

namespace RedNote.Load.Tests;

public sealed class FanoutComparisonTests
{
    [Fact]
    public void Ratios_AreMediansOfOurs_OverMediansOfTheOther()
    {
        var comparison = new FanoutComparison(
            Options("--rate", "50"),
            [
                Run("rednote", 50, cpu: 3), Run("rednote", 50, cpu: 90), Run("rednote", 50, cpu: 4),
                Run("batched SignalR", 50, cpu: 8), Run("batched SignalR", 50, cpu: 1),
                Run("batched SignalR", 50, cpu: 16),
            ]);

        var ratio = Assert.Single(comparison.Ratios);
        Assert.Equal(("batched SignalR", 0.5), (ratio.Other, ratio.Cpu));
        Assert.Equal([4.0, 8.0], comparison.Medians.Select(it => it.ServerCpuPerMillion));
    }

    [Theory]
    [InlineData(1_000, 50, 4.9, 3)]
    [InlineData(1_000, 50, 5.1, 2)]
    [InlineData(1_000, 1_000, 6.4, 3)]
    [InlineData(1_000, 1_000, 6.6, 2)]
    [InlineData(5_000, 200, 8.4, 3)]
    [InlineData(5_000, 200, 8.6, 2)]
    public void Promises_AtThePromisedLoads_CompareWithTheBatchedHub(int viewers, int rate, double cpu, int kept)
    {
        var comparison = new FanoutComparison(
            Options("--viewers", $"{viewers}", "--rate", $"{rate}"),
            [Run("rednote", rate, cpu), Run("batched SignalR", rate, cpu: 10), Run("plain SignalR", rate, cpu: 1)]);

        Assert.Equal(3, comparison.Promises.Count);
        Assert.Equal(kept, comparison.Promises.Count(it => it.IsKept));
    }

    [Theory]
    [InlineData("50", 61, 60, false)]
    [InlineData("50", 60, 61, true)]
    [InlineData("adaptive", 249, 60, true)]
    [InlineData("adaptive", 251, 300, false)]
    public void Promises_Latency_IsTheOthersOrAFigureWhenTheTickAdapts(
        string tick, double ours, double others, bool isKept)
    {
        var comparison = new FanoutComparison(
            Options("--rate", "50", "--tick", tick),
            [Run("rednote", 50, cpu: 1, p99: ours), Run("batched SignalR", 50, cpu: 10, p99: others * 0.95)]);

        Assert.Equal(isKept, comparison.Promises.All(it => it.IsKept));
    }

    [Fact]
    public void Promises_OtherLoads_AreNone()
        => Assert.Empty(new FanoutComparison(
            Options("--viewers", "100"),
            [Run("rednote", 50, cpu: 9), Run("batched SignalR", 50, cpu: 1)]).Promises);

    [Fact]
    public void Options_Servers_AreThoseNamed_AndTheSecondOfOursIfItHasSettings()
    {
        Assert.Equal(
            ["rednote", "plain SignalR", "batched SignalR", "bare Kestrel"], Options().Targets.Select(it => it.Name));
        var targets = Options("--servers", "batched,rednote", "--set-b", "DOTNET_gcServer=1").Targets;

        Assert.Equal(["batched SignalR", "rednote", "rednote b"], targets.Select(it => it.Name));
        Assert.Equal("50", ((RedNoteTarget)targets[1]).Settings["RedNote__Live__MaxTickMs"]);
        Assert.Equal("1", ((RedNoteTarget)targets[2]).Settings["DOTNET_gcServer"]);
    }

    [Fact]
    public void Options_AdaptiveTick_SetsNone()
        => Assert.Empty(((RedNoteTarget)Options("--tick", "adaptive").Targets[0]).Settings);

    [Theory]
    [InlineData("RedNote:Live:MinTickMs=10", "RedNote__Live__MinTickMs", "10")]
    [InlineData("RedNote__A=b=c", "RedNote__A", "b=c")]
    [InlineData("DOTNET_GCConserveMemory=", "DOTNET_GCConserveMemory", "")]
    public void Settings_OfTheServerOrTheRuntime_AreTaken(string text, string key, string value)
        => Assert.Equal(value, ServerSettings.Parse("set", text)[key]);

    [Theory]
    [InlineData("")]
    [InlineData("RedNote:A")]
    [InlineData("PATH=x")]
    [InlineData("RedNote:A=1,RedNote__A=2")]
    [InlineData("RedNote:A=1,,RedNote:B=2")]
    public void Settings_Others_AreRefused(string text)
        => Assert.Throws<LoadException>(() => ServerSettings.Parse("set", text));

    [Fact]
    public void Baseline_Arguments_AreReadAsTheyWereWritten()
    {
        var options = new BaselineOptions(BaselineKind.Kestrel, 70, BaselineOptions.Danmaku);

        Assert.Equal(options, BaselineOptions.Parse(options.ToArguments()[1..]));
        Assert.Throws<LoadException>(() => BaselineOptions.Parse(["Batched", "0", "text"]));
        Assert.Throws<LoadException>(() => BaselineOptions.Parse(["Batched", "50", "all"]));
    }

    private static FanoutOptions Options(params string[] arguments) => FanoutOptions.Parse(new Arguments(arguments));

    private static FanoutResult Run(string target, int rate, double cpu, double p99 = 60) => new()
    {
        Target = target,
        Rate = rate,
        Run = 1,
        Viewers = 1,
        Sent = 1,
        Accepted = 1,
        Refused = 0,
        Expected = 1,
        Lost = 0,
        Skipped = 0,
        Resyncs = 0,
        Duplicates = 0,
        DeliveriesPerSecond = 1,
        DanmakuPerFrame = 1,
        ServerCpuPerMillion = cpu,
        ServerBusy = 0.5,
        GeneratorBusy = 0.5,
        OthersBusy = 0,
        P50Ms = 1,
        P99Ms = p99,
        MaxMs = 1,
        PeakMemoryMiB = 1,
        ClosedConnections = 0,
        Problem = null,
    };
}
