using Microsoft.AspNetCore.SignalR;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Wire;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>Makes the exceptions that reach clients as <c>code: text</c>.</summary>
internal static class HubError
{
    public static HubException Of(RejectReason reason, string text) => Of(SnakeCase.Of(reason), text);

    public static HubException Of(string code, string text) => new($"{code}: {text}");
}

/// <summary>Keeps what goes wrong inside from clients: they get a code, the log gets the rest.</summary>
internal sealed partial class HubErrorFilter(ILogger<HubErrorFilter> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception failure) when (failure is not HubException)
        {
            if (ProblemHandling.IsUnknownOutcome(failure))
            {
                LogUnknown(logger, failure, invocationContext.HubMethodName);
                throw HubError.Of(ProblemCodes.TryAgain, "The outcome is unknown; try again.");
            }

            LogFailed(logger, failure, invocationContext.HubMethodName);
            throw HubError.Of(ProblemCodes.InternalError, "Something went wrong on our side.");
        }
    }

    [LoggerMessage(LogLevel.Warning, "The outcome of hub method {Method} is unknown.")]
    private static partial void LogUnknown(ILogger logger, Exception failure, string method);

    [LoggerMessage(LogLevel.Error, "Hub method {Method} failed.")]
    private static partial void LogFailed(ILogger logger, Exception failure, string method);
}
