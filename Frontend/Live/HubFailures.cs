using Microsoft.AspNetCore.SignalR;
using RedNote.Frontend.Problems;

namespace RedNote.Frontend.Live;

/// <summary>Keeps what goes wrong inside from clients: they get a code, the log gets the rest.</summary>
internal sealed partial class HubFailures(ILogger<HubFailures> logger)
{
    /// <summary>What the client of a call that failed is told.</summary>
    public RefusedCall Refuse(Exception failure, string method)
    {
        if (failure is HubException refusal)
        {
            return Note(new RefusedCall(refusal.Message), method);
        }

        if (ProblemHandling.IsUnknownOutcome(failure))
        {
            LogUnknown(logger, failure, method);
            return new RefusedCall(HubError.Of(ProblemCodes.TryAgain, "The outcome is unknown; try again.").Message);
        }

        LogFailed(logger, failure, method);
        return new RefusedCall(HubError.Of(ProblemCodes.InternalError, "Something went wrong on our side.").Message);
    }

    /// <summary>A refusal that is told without an exception.</summary>
    public RefusedCall Note(RefusedCall refusal, string method)
    {
        LogRefused(logger, method, refusal.Error);
        return refusal;
    }

    [LoggerMessage(LogLevel.Debug, "Hub method {Method} was refused: {Error}")]
    private static partial void LogRefused(ILogger logger, string method, string error);

    [LoggerMessage(LogLevel.Warning, "The outcome of hub method {Method} is unknown.")]
    private static partial void LogUnknown(ILogger logger, Exception failure, string method);

    [LoggerMessage(LogLevel.Error, "Hub method {Method} failed.")]
    private static partial void LogFailed(ILogger logger, Exception failure, string method);
}

/// <summary>
/// No exception goes on from here to SignalR, which logs each as an error with its stack; to refuse a client's mistake
/// is nobody's failure.
/// </summary>
internal sealed class HubErrorFilter(HubFailures failures) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception failure)
        {
            return failures.Refuse(failure, invocationContext.HubMethodName);
        }
    }
}
