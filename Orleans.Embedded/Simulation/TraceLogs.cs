using Microsoft.Extensions.Logging;

namespace RedNote.Embedded.Simulation;

/// <summary>What a node logs, as lines of a recorded trace.</summary>
internal sealed class TraceLogs(SimulationNode node) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
        node.Loop.Trace.Line(node.Loop.Now, $"  {node.Name} logs {logLevel}: {formatter(state, exception)}{cause}");
    }

    public void Dispose()
    {
    }
}
