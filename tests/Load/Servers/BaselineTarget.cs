namespace RedNote.Load.Servers;

/// <summary>The plain SignalR hub of <see cref="BaselineProgram"/>, in a child process of this very program.</summary>
public sealed class BaselineTarget : ITarget
{
    public string Name => "plain SignalR";

    public async Task<ITargetServer> Start(int? core, CancellationToken cancellationToken)
    {
        // The garbage collector an ordinary ASP.NET Core project gets; this program itself asks for another one.
        var environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "1", ["DOTNET_gcConcurrent"] = "1" };
        return new Server(await ServerProcess.Start(
            typeof(BaselineTarget).Assembly.Location, core, environment, [BaselineProgram.Command], cancellationToken));
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
