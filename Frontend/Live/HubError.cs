using System.Buffers;
using System.Globalization;
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

    public static HubException NoRoomId
        => Of(RejectReason.Invalid, "A room id is a string that holds a positive decimal integer.");

    public static RoomId ParseRoom(string roomId)
        => EntityId.TryParse<RoomId>(roomId, out var room) ? room : throw NoRoomId;

    public static HubException RateLimited(TimeSpan retryAfter) => Of(
        RejectReason.RateLimited,
        string.Create(CultureInfo.InvariantCulture, $"Try again in {Math.Ceiling(retryAfter.TotalMilliseconds)} ms."));

    /// <summary>The same as a verdict.</summary>
    public static Verdict TooFast(TimeSpan retryAfter)
        => Verdict.Reject(RejectReason.RateLimited, Math.Max(1, (long)retryAfter.TotalMilliseconds));

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
