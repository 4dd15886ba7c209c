using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Load.Servers;

/// <summary>Our server, built like this program (Release or Debug), with a fresh data directory and SQLite.</summary>
/// <param name="assembly">The server's.</param>
/// <param name="displayBudget">Danmaku a second that viewers are shown; 0: all.</param>
public sealed class RedNoteTarget(string assembly, int displayBudget = 0) : ITarget
{
    /// <summary>Where the solution's build puts the server, as seen from this program.</summary>
    public static string BesideThisProgram
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.GetFullPath(
                Path.Combine(own.FullName, "..", "..", "Frontend", own.Name, "RedNote.Frontend.dll"));
        }
    }

    public string Name { get; init; } = "rednote";

    /// <summary>Environment variables besides; they win.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    async Task<ITargetServer> ITarget.Start(int? core, CancellationToken cancellationToken)
        => await Start(core, cancellationToken);

    /// <summary>Starts a fresh one on that core; null: on all.</summary>
    public async Task<IRoomServer> Start(int? core, CancellationToken cancellationToken)
    {
        if (!File.Exists(assembly))
        {
            throw new LoadException($"There is no server at {assembly}; build Frontend or name one with --server.");
        }

        var data = Directory.CreateTempSubdirectory("rednote-load-");
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["RedNote__DataDirectory"] = data.FullName,
                ["RedNote__Storage"] = "sqlite",
                ["RedNote__Limits__Off"] = "true",
                ["RedNote__Live__DisplayBudgetPerSecond"] = displayBudget.ToString(CultureInfo.InvariantCulture),
            };
            foreach (var (name, value) in Settings)
            {
                environment[name] = value;
            }

            return await Server.Open(
                ct => ServerProcess.Start(assembly, core, environment, [], ct), data, cancellationToken);
        }
        catch
        {
            data.Delete(recursive: true);
            throw;
        }
    }

    private sealed record Session([property: JsonPropertyName("accessToken")] string AccessToken);

    private sealed record CreatedRoom([property: JsonPropertyName("roomId")] string RoomId);

    private sealed record CreatedDeal([property: JsonPropertyName("dealId")] string DealId);

    private sealed class Server(
        Func<CancellationToken, Task<ServerProcess>> start, ServerProcess process, DirectoryInfo data, string roomId,
        string host) : IRoomServer
    {
        private const int ParallelRequests = 16;

        public ServerProcess Process { get; private set; } = process;

        public string RoomId => roomId;

        public static async Task<Server> Open(
            Func<CancellationToken, Task<ServerProcess>> start, DirectoryInfo data, CancellationToken ct)
        {
            var process = await start(ct);
            try
            {
                using var http = new HttpClient { BaseAddress = process.Address };
                var host = await Guest(http, "host", ct);
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host);
                var room = await Post<CreatedRoom>(http, "api/rooms", new { title = "Load" }, ct);
                await Post<CreatedRoom>(http, $"api/rooms/{room.RoomId}/start", new { }, ct);
                return new Server(start, process, data, room.RoomId, host);
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }

        public async Task<string[]> OpenAccounts(int count, CancellationToken cancellationToken)
        {
            using var http = new HttpClient { BaseAddress = Process.Address };
            var paths = new string[count];
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = ParallelRequests,
                CancellationToken = cancellationToken,
            };
            await Parallel.ForAsync(0, count, options, async (i, ct) =>
            {
                paths[i] = "/hub?access_token=" + Uri.EscapeDataString(await Guest(http, $"viewer {i}", ct));
            });
            return paths;
        }

        public Task<JsonElement> Stats(CancellationToken cancellationToken)
            => Get($"api/rooms/{roomId}/stats", cancellationToken);

        public async Task<string> OpenDeal(object terms, CancellationToken cancellationToken)
        {
            using var http = AsHost();
            return (await Post<CreatedDeal>(http, $"api/rooms/{roomId}/deals", terms, cancellationToken)).DealId;
        }

        public async Task<JsonElement> Get(string path, CancellationToken cancellationToken)
        {
            using var http = AsHost();
            return await http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), cancellationToken);
        }

        public async Task<JsonElement> Post(string path, object body, CancellationToken cancellationToken)
        {
            using var http = AsHost();
            return await Post<JsonElement>(http, path, body, cancellationToken);
        }

        public Task Kill() => Process.DisposeAsync().AsTask();

        public async Task Restart(CancellationToken cancellationToken) => Process = await start(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            data.Delete(recursive: true);
        }

        private HttpClient AsHost()
        {
            var http = new HttpClient { BaseAddress = Process.Address };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host);
            return http;
        }

        private static async Task<string> Guest(HttpClient http, string name, CancellationToken ct)
            => (await Post<Session>(http, "api/auth/guest", new { name }, ct)).AccessToken;

        private static async Task<T> Post<T>(HttpClient http, string path, object body, CancellationToken ct)
        {
            using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, ct);
            if (!answer.IsSuccessStatusCode)
            {
                throw new LoadException(
                    $"POST /{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
            }

            return await answer.Content.ReadFromJsonAsync<T>(ct)
                ?? throw new LoadException($"POST /{path} answered nothing.");
        }
    }
}
