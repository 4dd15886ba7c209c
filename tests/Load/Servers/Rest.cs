using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Load.Servers;

/// <summary>Requests to a server's REST API.</summary>
internal static class Rest
{
    /// <summary>The answer's JSON; a <see cref="LoadException"/> that says what was answered if it is none.</summary>
    public static async Task<JsonElement> Ask(
        this HttpClient http, HttpMethod method, string? token, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, ct);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(ct)
            : throw new LoadException(
                $"{method} {request.RequestUri} answered {(int)answer.StatusCode}: "
                + await answer.Content.ReadAsStringAsync(ct));
    }
}
