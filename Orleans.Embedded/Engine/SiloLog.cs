using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>What the engine has to say.</summary>
internal sealed partial class SiloLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Information, "The embedded silo started in {ElapsedMs} ms")]
    private static partial void Started(ILogger logger, double elapsedMs);

    [LoggerMessage(2, LogLevel.Information, "The embedded silo stopped; {Count} activations were left")]
    private static partial void Stopped(ILogger logger, int count);

    [LoggerMessage(3, LogLevel.Error, "Grain {GrainId} failed to activate")]
    private static partial void ActivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(4, LogLevel.Error, "Grain {GrainId} failed to deactivate cleanly")]
    private static partial void DeactivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(5, LogLevel.Warning, "A timer of grain {GrainId} failed")]
    private static partial void TimerFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(6, LogLevel.Warning, "The one-way call {Request} failed")]
    private static partial void OneWayFailed(ILogger logger, Exception exception, GrainRequest request);

    [LoggerMessage(7, LogLevel.Error, "A turn of grain {GrainId} failed")]
    private static partial void TurnFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(8, LogLevel.Warning, "The call {Request} was not answered in time")]
    private static partial void TimedOut(ILogger logger, GrainRequest request);

    [LoggerMessage(9, LogLevel.Error, "A stage of the silo failed to stop")]
    private static partial void StopFailed(ILogger logger, Exception exception);

    internal void Started(double elapsedMs) => Started(logger, elapsedMs);

    internal void Stopped(int count) => Stopped(logger, count);

    internal void ActivationFailed(Exception exception, GrainId grainId)
        => ActivationFailed(logger, exception, grainId);

    internal void DeactivationFailed(Exception exception, GrainId grainId)
        => DeactivationFailed(logger, exception, grainId);

    internal void TimerFailed(Exception exception, GrainId grainId) => TimerFailed(logger, exception, grainId);

    internal void OneWayFailed(Exception exception, GrainRequest request) => OneWayFailed(logger, exception, request);

    internal void TurnFailed(Exception exception, GrainId grainId) => TurnFailed(logger, exception, grainId);

    internal void TimedOut(GrainRequest request) => TimedOut(logger, request);

    internal void StopFailed(Exception exception) => StopFailed(logger, exception);
}
