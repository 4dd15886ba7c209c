using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Wire;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>Makes the exceptions that reach clients as <c>code: text</c>.</summary>
internal static class HubError
{
    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    public static HubException Of(RejectReason reason, string text) => Of(SnakeCase.Of(reason), text);

    public static HubException Of(string code, string text) => new($"{code}: {text}");

    /// <summary>An error as SignalR words it, as <c>code: text</c>. What is thrown here it puts behind words of its own
    /// (<c>... HubException: code: text</c>); what it refuses by itself has no code.</summary>
    public static string Coded(string error)
    {
        const string Own = "HubException: ";
        var own = error.IndexOf(Own, StringComparison.Ordinal);
        var text = own < 0 ? error : error[(own + Own.Length)..];
        return IsCoded(text) ? text
            : error.StartsWith("Unknown hub method", StringComparison.Ordinal)
                ? Of(ProblemCodes.NotFound, "There is no such method.").Message
            : own >= 0 || error.Contains("streaming", StringComparison.Ordinal)
                ? Of(ProblemCodes.Invalid, "That method is called another way.").Message
            : Of(ProblemCodes.InternalError, "Something went wrong on our side.").Message;
    }

    private static bool IsCoded(string text)
        => text.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon
            && !text.AsSpan(0, colon).ContainsAnyExcept(CodeCharacters);
}

/// <summary>What a hub method came to when it refused; <see cref="RoomHubProtocol"/> writes it as an error.</summary>
/// <param name="Error"><c>code: text</c>.</param>
internal sealed record RefusedCall(string Error);

/// <summary>
/// Keeps what goes wrong inside from clients: they get a code, the log gets the rest. No exception goes on from here,
/// as SignalR logs each as an error with its stack, and to refuse a client's mistake is nobody's failure.
/// </summary>
internal sealed partial class HubErrorFilter(ILogger<HubErrorFilter> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (HubException refusal)
        {
            LogRefused(logger, invocationContext.HubMethodName, refusal.Message);
            return new RefusedCall(refusal.Message);
        }
        catch (Exception failure) when (ProblemHandling.IsUnknownOutcome(failure))
        {
            LogUnknown(logger, failure, invocationContext.HubMethodName);
            return new RefusedCall(HubError.Of(ProblemCodes.TryAgain, "The outcome is unknown; try again.").Message);
        }
        catch (Exception failure)
        {
            LogFailed(logger, failure, invocationContext.HubMethodName);
            return new RefusedCall(
                HubError.Of(ProblemCodes.InternalError, "Something went wrong on our side.").Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Hub method {Method} was refused: {Error}")]
    private static partial void LogRefused(ILogger logger, string method, string error);

    [LoggerMessage(LogLevel.Warning, "The outcome of hub method {Method} is unknown.")]
    private static partial void LogUnknown(ILogger logger, Exception failure, string method);

    [LoggerMessage(LogLevel.Error, "Hub method {Method} failed.")]
    private static partial void LogFailed(ILogger logger, Exception failure, string method);
}
