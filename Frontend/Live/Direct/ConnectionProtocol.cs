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
    private ICallTaker? _calls;
    private CallIntake? _intake;

    /// <summary>Bytes of the last message, which SignalR is told of only when it asks for the next one.</summary>
    private long _open;

    public string Name => shared.Name;

    public int Version => shared.Version;

    public TransferFormat TransferFormat => shared.TransferFormat;

    public bool IsVersionSupported(int version) => shared.IsVersionSupported(version);

    /// <summary>Gives the connection its short way in, before its first message is read.</summary>
    public void Shorten(ICallTaker calls, CallIntake intake)
    {
        (_calls, _intake) = (calls, intake);
        intake.Start(calls);
    }

    /// <summary>The hub is done with the connection.</summary>
    public void End() => _intake?.Stop();

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (_calls is null || _intake is null)
        {
            return shared.TryParseMessage(ref input, binder, out message);
        }

        // What was read before this has been set going.
        Began(ref _open);
        var length = input.Length;
        if (_calls.Take(ref input) > 0)
        {
            // SignalR has to be told that something was read; it does nothing about a ping.
            message = PingMessage.Instance;
        }
        else if (!shared.TryParseMessage(ref input, binder, out message))
        {
            return false;
        }

        _open = length - input.Length;
        if (message is PingMessage)
        {
            Began(ref _open);
        }

        return true;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => shared.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => shared.GetMessageBytes(message);

    private void Began(ref long bytes)
    {
        if (bytes > 0)
        {
            _intake!.Began(bytes);
            bytes = 0;
        }
    }
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
