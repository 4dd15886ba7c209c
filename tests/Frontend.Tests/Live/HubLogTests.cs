using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Tests.Live;

/// <summary>What the server's log says about calls of the hub.</summary>
public sealed class HubLogTests : IAsyncLifetime, ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text, Exception? Failure)> _lines = [];
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.Start(
        configure: builder => builder.Logging.AddProvider(this)
            .SetMinimumLevel(LogLevel.Information).AddFilter(typeof(HubFailures).FullName, LogLevel.Debug));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Call_ThatIsRefused_IsAQuietLineAndNoError()
    {
        await using var hub = await _server.Connect(await _server.Guest());
        (string Method, object?[] Arguments)[] mistakes =
        [
            ("JoinRoom", ["no room", null]), ("JoinRoom", ["404", null]), ("LeaveRoom", [""]),
            ("Like", ["7", 51, null]), ("Like", ["7", 1, "no key"]), ("Like", ["404", 1, null]),
            ("Like", ["7", "many", null]), ("Nothing", []),
        ];
        foreach (var (method, arguments) in mistakes)
        {
            await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke(method, arguments));
        }

        // A call that wants no answer is refused as quietly, and the connection goes on.
        await hub.SendRaw("""{"type":1,"target":"LeaveRoom","arguments":["no room"]}""");
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("LeaveRoom", "no room"));

        Assert.DoesNotContain(_lines, line => line.Level >= LogLevel.Warning || line.Failure is not null);
        var refused = _lines.Where(line => line.Category == typeof(HubFailures).FullName).ToList();
        Assert.Equal(8, refused.Count);
        Assert.All(refused, line => Assert.Equal(LogLevel.Debug, line.Level));
        Assert.Contains(
            refused,
            line => line.Text.Contains("JoinRoom was refused: not_found:", StringComparison.Ordinal));
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Listener(this, categoryName);

    void IDisposable.Dispose()
    {
        // The server disposes of its providers; the lines stay.
    }

    private sealed class Listener(HubLogTests owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
            => owner._lines.Enqueue((logLevel, category, formatter(state, exception), exception));
    }
}
