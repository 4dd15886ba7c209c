using System.Net;
using System.Text.Json;

namespace RedNote.Frontend.Tests;

/// <summary>Checks of refusals.</summary>
internal static class Refusal
{
    /// <summary>Is this problem+json with that status and code, and nothing else?</summary>
    public static async Task<JsonElement> Is(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        return problem;
    }
}
