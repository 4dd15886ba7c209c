using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>A way that bytes take to a client.</summary>
public enum Way
{
    Off,
    Stream,
    Socket,

    /// <summary>The server's as for Socket, but the client comes by TLS.</summary>
    Tls,
}

/// <summary>A server for each setting, made when first asked for; tests have rooms and users of their own.</summary>
public sealed class DirectServers : IAsyncLifetime
{
    public const int ParallelCommands = 64;

    private readonly Dictionary<Way, (TestServer Server, Uri Hub)> _servers = [];
    private X509Certificate2? _certificate;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The server and where its hub is to be looked for.</summary>
    public async Task<(TestServer Server, Uri Hub)> Get(Way way)
    {
        if (!_servers.TryGetValue(way, out var known))
        {
            known = way is Way.Off or Way.Stream ? await Plain(way) : await WithTls();
            if (way is Way.Off or Way.Stream)
            {
                _servers[way] = known;
            }
            else
            {
                // One server with two addresses: the first is plain.
                _servers[Way.Socket] = (known.Server, known.Server.Address);
                _servers[Way.Tls] = known;
                known = _servers[way];
            }
        }

        return known;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values.Select(known => known.Server).Distinct())
        {
            await server.DisposeAsync();
        }

        _certificate?.Dispose();
    }

    private static async Task<(TestServer Server, Uri Hub)> Plain(Way way)
    {
        var server = await TestServer.Start(Settings(way is Way.Off ? DirectMode.Off : DirectMode.Stream));
        return (server, server.Address);
    }

    private async Task<(TestServer Server, Uri Hub)> WithTls()
    {
        _certificate = SelfSigned();
        var server = await TestServer.Start(Settings(DirectMode.Socket), builder => builder.WebHost.ConfigureKestrel(
            kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0);
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate));
            }));
        return (server, server.Addresses.Single(address => address.Scheme == Uri.UriSchemeHttps));
    }

    private static Dictionary<string, string?> Settings(DirectMode mode) => new()
    {
        ["RedNote:Live:Frontend:Direct"] = mode.ToString(),
        ["RedNote:Live:Frontend:ParallelCommands"] = $"{ParallelCommands}",
        ["RedNote:Live:Frontend:SendBufferBytes"] = "65536",
    };

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
