using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>Registration of the hub, the gateways and the fan-out.</summary>
internal static class LiveSetup
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<LiveOptions>().BindConfiguration(LiveOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = LiveOptions.MaxMessageBytes;
            hub.KeepAliveInterval = TimeSpan.FromSeconds(15);
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(45);
            hub.HandshakeTimeout = TimeSpan.FromSeconds(10);
            hub.EnableDetailedErrors = false;
            hub.AddFilter<HubErrorFilter>();
        });
        services.AddOptions<HubOptions>().Configure<IOptions<LiveOptions>>((hub, live) =>
            hub.MaximumParallelInvocationsPerClient = live.Value.ParallelCommands);
        services.RemoveAll<IHubProtocol>();
        services.AddSingleton<RoomHubProtocol>();
        services.AddSingleton<IHubProtocol>(provider => provider.GetRequiredService<RoomHubProtocol>());
        services.AddSingleton<IHubProtocolResolver, ConnectionProtocols>();
        services.AddSingleton<HubFailures>();
        services.AddSingleton<HubErrorFilter>();
        services.AddSingleton<HubConnections>();
        services.AddSingleton<HubLifetimeManager<RoomHub>>(
            provider => provider.GetRequiredService<HubConnections>());

        services.AddSingleton<LiveMetrics>();
        services.AddSingleton(provider => new FrameEncoder(provider.GetRequiredService<RoomHubProtocol>()));
        services.AddSingleton<IRoomStreams, RoomStreams>();
        services.AddSingleton<RoomPorts>();
        services.AddSingleton<RoomCalls>();
        services.AddSingleton<Lobby>();
        services.AddSingleton<UserNames>();
        services.AddHostedService<RoomPatrol>();
    }

    public static void MapRoomHub(this WebApplication app)
    {
        var live = app.Services.GetRequiredService<IOptions<LiveOptions>>().Value;
        app.UseDirectWay(live);
        app.MapHub<RoomHub>(RoomHub.Path, connection =>
        {
            connection.CloseOnAuthenticationExpiration = true;

            // A slow phone is sent less (Viewer); only one that takes nothing for this long counts as gone.
            connection.TransportSendTimeout = live.SendTimeout;

            // What a client does not take costs this much of memory, twice: here and in the web server.
            connection.TransportMaxBufferSize = live.TransportBufferBytes;
        });
    }
}
