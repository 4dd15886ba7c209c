using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>Gathers what a server logs of trouble.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _troubles = [];

    /// <summary>Warnings and errors. A connection that was ended with a code for what it sent is none.</summary>
    public IReadOnlyCollection<string> Troubles => _troubles;

    public ILogger CreateLogger(string categoryName) => new Listener(_troubles, categoryName);

    public void Dispose()
    {
        // The server disposes of its providers; the lines stay.
    }

    private sealed class Listener(ConcurrentQueue<string> troubles, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning && exception is not HubException)
            {
                troubles.Enqueue($"{category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
