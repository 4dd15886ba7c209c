using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace RedNote.Frontend.Live;

/// <summary>
/// The hub protocol of one connection, so that there is a place between its bytes and SignalR's dispatcher: calls that
/// can take the short way are carried out as they are read.
/// </summary>
internal sealed class ConnectionProtocol(RoomHubProtocol shared) : IHubProtocol
{
    /// <summary>The connection's short way in; null while it has none.</summary>
    public DirectCalls? Calls { get; set; }

    public string Name => shared.Name;

    public int Version => shared.Version;

    public TransferFormat TransferFormat => shared.TransferFormat;

    public bool IsVersionSupported(int version) => shared.IsVersionSupported(version);

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (Calls is { } calls && calls.Take(ref input) > 0)
        {
            // SignalR has to be told that something was read; it does nothing about a ping.
            message = PingMessage.Instance;
            return true;
        }

        return shared.TryParseMessage(ref input, binder, out message);
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => shared.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => shared.GetMessageBytes(message);
}

/// <summary>Gives every connection a protocol of its own.</summary>
internal sealed class ConnectionProtocols(RoomHubProtocol shared) : IHubProtocolResolver
{
    public IReadOnlyList<IHubProtocol> AllProtocols { get; } = [shared];

    public IHubProtocol? GetProtocol(string protocolName, IReadOnlyList<string>? supportedProtocols)
        => string.Equals(protocolName, shared.Name, StringComparison.OrdinalIgnoreCase)
            && (supportedProtocols is null
                || supportedProtocols.Contains(shared.Name, StringComparer.OrdinalIgnoreCase))
                ? new ConnectionProtocol(shared)
                : null;
}
