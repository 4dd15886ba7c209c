using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace RedNote.Frontend.Live;

/// <summary>
/// Stands in for the web server where a hub connection is upgraded to a WebSocket, and keeps the stream that its bytes
/// go through. Connections of other kinds (server-sent events, long polling, HTTP/2) have none and are read and
/// written to by SignalR.
/// </summary>
internal sealed class DirectWay(
    HttpContext context, IHttpUpgradeFeature upgrade, LiveOptions options, TimeProvider time) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

    /// <summary>Puts the gate in the way of a request for the hub, where there can be one.</summary>
    public static void Prepare(HttpContext context, LiveOptions options, TimeProvider time)
    {
        if (options.Direct != DirectMode.Off && context.Features.Get<IHttpUpgradeFeature>() is { } upgrade
            && upgrade.IsUpgradableRequest)
        {
            context.Features.Set<IHttpUpgradeFeature>(new DirectWay(context, upgrade, options, time));
        }
    }

    /// <summary>The stream of a connection, or null when it has none.</summary>
    public static DirectStream? StreamOf(HttpContext? context) => context?.Features.Get<DirectStream>();

    public async Task<Stream> UpgradeAsync()
    {
        var inner = await upgrade.UpgradeAsync();
        var lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        var gate = new ConnectionGate(SinkFor(inner), options.SendTimeout, time, lifetime.Abort);
        var stream = new DirectStream(inner, gate, new CallIntake(inner, time));
        context.Features.Set(stream);
        return stream;
    }

    private IByteSink SinkFor(Stream stream)
        => options.Direct == DirectMode.Socket
            && context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket
            && context.Features.Get<ITlsHandshakeFeature>() is null
            && context.Features.Get<ITlsConnectionFeature>() is null
                ? new SocketSink(socket)
                : new StreamSink(stream);
}

/// <summary>Puts <see cref="DirectWay"/> ahead of the hub.</summary>
internal static class DirectWaySetup
{
    public static void UseDirectWay(this WebApplication app, LiveOptions options)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use((context, next) =>
        {
            if (context.Request.Path.Equals(RoomHub.Path, StringComparison.OrdinalIgnoreCase))
            {
                DirectWay.Prepare(context, options, time);
            }

            return next(context);
        });
    }
}
