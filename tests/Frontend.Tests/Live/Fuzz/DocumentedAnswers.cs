using System.Text.Json;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>What the wire contract says the server may answer.</summary>
internal static class DocumentedAnswers
{
    /// <summary>CONTRACT.md, Codes.</summary>
    private static readonly HashSet<string> Codes =
    [
        "invalid", "unauthorized", "bad_credentials", "forbidden", "not_found", "conflict", "handle_taken",
        "order_expired", "wrong_state", "too_large", "rate_limited", "try_again",
    ];

    /// <summary>CONTRACT.md, Verdict; and <c>conflict</c>, of which it says under Codes' keys.</summary>
    private static readonly HashSet<string> Reasons =
    [
        "not_live", "muted", "slow_mode", "followers_only", "blocked_word", "duplicate", "too_long", "empty", "invalid",
        "rate_limited", "try_again", "already_voted", "invalid_choice", "poll_closed", "draw_closed", "not_found",
        "conflict",
    ];

    /// <summary>Why something is not done in a group, beside those of rooms.</summary>
    private static readonly HashSet<string> GroupReasons =
    [
        "not_found", "not_member", "forbidden", "muted", "empty", "too_long", "invalid", "too_late", "conflict",
        "rate_limited", "try_again",
    ];

    /// <summary>CONTRACT.md, Buy.</summary>
    private static readonly HashSet<string> BuyStatuses =
    [
        "accepted", "waiting", "sold_out", "limit_reached", "not_started", "ended", "not_eligible", "rate_limited",
        "not_found", "conflict", "invalid",
    ];

    /// <summary>What HTTP itself refuses, and no hub method can.</summary>
    private static readonly Dictionary<int, string[]> CodesByStatus = new()
    {
        [400] = ["invalid"],
        [401] = ["unauthorized"],
        [403] = ["forbidden"],
        [404] = ["not_found"],
        [405] = ["method_not_allowed"],
        [409] = ["conflict", "wrong_state", "order_expired"],
        [413] = ["too_large"],
        [415] = ["unsupported_media_type"],
        [429] = ["rate_limited"],
    };

    /// <summary>The code of an error, which has to be <c>code: text</c>.</summary>
    public static string CodeOf(string error)
    {
        var colon = error.IndexOf(": ", StringComparison.Ordinal);
        var code = colon < 0 ? "" : error[..colon];
        Assert.True(
            (Codes.Contains(code) || Reasons.Contains(code)) && error.Length > colon + 2, $"Not 'code: text': {error}");
        return code;
    }

    /// <summary>Checks a completion, and gives its outcome: a code, a status, a reason, or <c>ok</c>.</summary>
    public static string OutcomeOf(string target, JsonElement completion)
    {
        if (completion.TryGetProperty("error", out var error))
        {
            Assert.False(completion.TryGetProperty("result", out _), $"Both a result and an error: {completion}");
            return CodeOf(error.GetString()!);
        }

        if (target is "LeaveRoom" or "CloseGroup" or "Typing" or "WatchNote" or "UnwatchNote")
        {
            return "ok";
        }

        var result = completion.GetProperty("result");
        switch (target)
        {
            case "JoinRoom":
                Assert.True(result.GetProperty("seq").GetInt64() >= 0);
                Assert.NotEqual("", result.GetProperty("room").GetProperty("roomId").GetString());
                return "ok";
            case "OpenGroup":
                Assert.True(result.GetProperty("lastSeq").GetInt64() >= 0);
                Assert.NotEqual("", result.GetProperty("group").GetProperty("groupId").GetString());
                return "ok";
            case "MarkRead":
                Assert.True(result.GetProperty("readSeq").GetInt64() >= 0);
                return "ok";
            case "SendMessage" or "EditMessage" or "RecallMessage" or "React":
                return OutcomeOf(result, GroupReasons);
            case "Like" or "Cheer":
                Assert.InRange(result.GetProperty("accepted").GetInt32(), 0, 50);
                return "ok";
            case "Buy":
                return BoughtOf(result);
            default:
                return OutcomeOf(result, Reasons);
        }
    }

    /// <summary>Checks a REST answer: a success, or a problem with the code of its status.</summary>
    public static async Task<int> Check(HttpResponseMessage answer, string request)
    {
        var status = (int)answer.StatusCode;
        var text = await answer.Content.ReadAsStringAsync();
        if (status is >= 200 and < 300)
        {
            Assert.True(status != 204 || text.Length == 0, $"{request}: 204 with a body.");
            return status;
        }

        Assert.True(CodesByStatus.TryGetValue(status, out var codes), $"{request}: {status} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Contains(problem.GetProperty("code").GetString(), codes);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        return status;
    }

    private static string BoughtOf(JsonElement answer)
    {
        var status = answer.GetProperty("status").GetString()!;
        Assert.Contains(status, BuyStatuses);
        Assert.Equal(status is "accepted" or "waiting", answer.TryGetProperty("orderId", out _));
        Assert.Equal(status == "waiting", answer.TryGetProperty("position", out var position));
        Assert.True(status != "waiting" || position.GetInt32() >= 1, $"No place: {answer}");
        return status;
    }

    private static string OutcomeOf(JsonElement verdict, HashSet<string> reasons)
    {
        var status = verdict.GetProperty("status").GetString()!;
        var hasReason = verdict.TryGetProperty("reason", out var reason);
        Assert.True(hasReason == (status == "rejected"), $"Reason and status do not fit: {verdict}");
        if (verdict.TryGetProperty("retryAfterMs", out var retry))
        {
            Assert.True(hasReason && retry.GetInt64() > 0, $"Nothing to try again: {verdict}");
        }

        if (hasReason)
        {
            Assert.Contains(reason.GetString()!, reasons);
            return reason.GetString()!;
        }

        Assert.True(status is "accepted" or "merged" or "held", $"Unknown status: {verdict}");
        return status;
    }
}
