using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;
using RedNote.Silo;

namespace RedNote.Frontend.Hosting;

/// <summary>Kestrel's address and limits, and whom the front end gets its grains from.</summary>
public static class WebServer
{
    /// <summary>Where the server listens when nothing says otherwise.</summary>
    public const string DefaultAddress = "http://localhost:5080";

    /// <summary>The largest request body, in bytes; larger ones are answered 413 <c>too_large</c>.</summary>
    public const long MaxBodyBytes = 256 * 1024;

    private static readonly string[] AddressKeys =
        [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];

    internal static void AddWebServer(this WebApplicationBuilder builder)
    {
        if (!HasAddress(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        builder.TuneSockets();

        // Its lines hold whole addresses, and that of a hub connection holds the token: not for appsettings.json
        // to decide.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }

    /// <summary>Starts a silo inside this process, unless the host was given a cluster client before.</summary>
    internal static void AddCoHostedSilo(this WebApplicationBuilder builder)
    {
        if (!builder.Services.Any(service => service.ServiceType == typeof(IClusterClient)))
        {
            builder.AddRedNoteSilo();
        }
    }

    /// <summary>
    /// Reads go on where they end. And Linux lets a connection's send buffer grow to megabytes for a client that takes
    /// nothing; connections inherit the bound from the socket that listens.
    /// </summary>
    private static void TuneSockets(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SocketTransportOptions>().Configure<IOptions<LiveOptions>>((sockets, live) =>
        {
            // What a read sets going is short, or goes on elsewhere by itself: another hop through the thread pool
            // costs more than it saves.
            sockets.UnsafePreferInlineScheduling = true;
            var bytes = live.Value.SendBufferBytes;
            if (bytes > 0)
            {
                sockets.CreateBoundListenSocket = endpoint =>
                {
                    var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                    socket.SendBufferSize = bytes;
                    return socket;
                };
            }
        });
    }

    private static bool HasAddress(ConfigurationManager configuration)
        => AddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
            || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
