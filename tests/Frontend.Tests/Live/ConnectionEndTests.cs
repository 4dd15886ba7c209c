using System.Net.WebSockets;

namespace RedNote.Frontend.Tests.Live;

public sealed class ConnectionEndTests
{
    [Fact]
    public async Task Stop_WithClientsConnected_TellsThemToConnectAgain()
    {
        await using var server = await TestServer.Start();
        var (room, _) = await server.LiveRoom();
        await using var client = await server.Connect(await server.Guest());
        await client.Invoke("JoinRoom", room, null);

        var stopping = Task.Factory.StartNew(server.Stop, TaskCreationOptions.LongRunning).Unwrap();

        var close = await client.Close();
        await stopping;
        Assert.True(close.GetProperty("allowReconnect").GetBoolean());
        Assert.False(close.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Shutdown_ByTheHost_TellsClientsToConnectAgain()
    {
        await using var server = await TestServer.Start();
        await using var client = await server.Connect(await server.Guest());

        var stopping = Task.Factory.StartNew(server.Lifetime.StopApplication, TaskCreationOptions.LongRunning);

        Assert.True((await client.Close()).GetProperty("allowReconnect").GetBoolean());
        await stopping;
        await server.Stop();
    }

    [Fact]
    public async Task Token_ExpiresWhileConnected_EndsTheConnection()
    {
        await using var server = await TestServer.Start(
            new() { ["RedNote:Tokens:AccessLifetime"] = "00:00:02" });
        await using var client = await server.Connect(await server.Guest());

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => client.Next(message => message.TryGetProperty("never", out _), "the end"));
        Assert.NotEqual(WebSocketState.Open, client.State);
    }
}
