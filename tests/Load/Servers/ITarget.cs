using System.Text.Json;

namespace RedNote.Load.Servers;

/// <summary>A kind of server to measure.</summary>
public interface ITarget
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>Starts a fresh one on that core; null: on all.</summary>
    Task<ITargetServer> Start(int? core, CancellationToken cancellationToken);
}

/// <summary>A running server with one live room.</summary>
public interface ITargetServer : IAsyncDisposable
{
    ServerProcess Process { get; }

    string RoomId { get; }

    /// <summary>Makes that many accounts and answers, for each, the path to upgrade to a hub connection of its own.
    /// </summary>
    Task<string[]> OpenAccounts(int count, CancellationToken cancellationToken);
}

/// <summary>A running server of ours, whose room can be asked for its figures.</summary>
public interface IRoomServer : ITargetServer
{
    /// <summary>The answer to <c>GET /api/rooms/{id}/stats</c>.</summary>
    Task<JsonElement> Stats(CancellationToken cancellationToken);

    /// <summary>Makes a deal in the room and answers its id.</summary>
    Task<string> OpenDeal(object terms, CancellationToken cancellationToken);

    /// <summary>What the host gets from an address of the API.</summary>
    Task<JsonElement> Get(string path, CancellationToken cancellationToken);

    /// <summary>What the host's command to an address of the API is answered.</summary>
    Task<JsonElement> Post(string path, object body, CancellationToken cancellationToken);

    /// <summary>Ends it at once, as kill -9 does; what it had under way is lost.</summary>
    Task Kill();

    /// <summary>Starts it again on the same data, on a port of its own.</summary>
    Task Restart(CancellationToken cancellationToken);
}
