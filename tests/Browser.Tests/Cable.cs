using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RedNote.Browser.Tests;

/// <summary>A TCP relay to the server that can be cut, with all that runs through it, and mended.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _ends = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly EndPoint _server;
    private readonly Task _accepting;
    private volatile bool _cut;

    public Cable(Uri server)
    {
        _server = new IPEndPoint(IPAddress.Parse(server.Host), server.Port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = new Uri($"http://{_listener.LocalEndPoint}");
        _accepting = Accept();
    }

    public Uri Address { get; }

    /// <summary>Resets every connection, and every new one until it is mended.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var end in _ends.Keys)
        {
            end.Close(0);
        }
    }

    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                _ = _cut ? Refuse(client) : Relay(client);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private static Task Refuse(Socket client)
    {
        client.Close(0);
        return Task.CompletedTask;
    }

    private async Task Relay(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            client.NoDelay = server.NoDelay = true;
            _ends[client] = _ends[server] = true;
            try
            {
                await server.ConnectAsync(_server, _stop.Token);
                await Task.WhenAny(Copy(client, server), Copy(server, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The server is gone; so is the client when this method ends.
            }
            finally
            {
                _ends.TryRemove(client, out _);
                _ends.TryRemove(server, out _);
            }
        }
    }

    private async Task Copy(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException
            or OperationCanceledException or InvalidOperationException)
        {
            // One end is gone; Relay closes the other.
        }
    }
}
