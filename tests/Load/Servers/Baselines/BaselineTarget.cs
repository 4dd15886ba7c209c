namespace RedNote.Load.Servers.Baselines;

/// <summary>A server of <see cref="BaselineProgram"/>, in a child process of this very program.</summary>
public sealed class BaselineTarget(BaselineOptions options) : ITarget
{
    public string Name => options.Kind switch
    {
        BaselineKind.Plain => "plain SignalR",
        BaselineKind.Batched => "batched SignalR",
        _ => "bare Kestrel",
    };

    public BaselineKind Kind => options.Kind;

    public async Task<ITargetServer> Start(int? core, CancellationToken cancellationToken)
    {
        // The garbage collector an ordinary ASP.NET Core project gets; this program itself asks for another one.
        var environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "1", ["DOTNET_gcConcurrent"] = "1" };
        return new Server(await ServerProcess.Start(
            typeof(BaselineTarget).Assembly.Location, core, environment, options.ToArguments(), cancellationToken));
    }

    private sealed class Server(ServerProcess process) : ITargetServer
    {
        public ServerProcess Process => process;

        public string RoomId => "1";

        public Task<string[]> OpenAccounts(int count, CancellationToken cancellationToken)
            => Task.FromResult(Enumerable.Repeat("/hub", count).ToArray());

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
