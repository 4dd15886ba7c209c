using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Wire;

namespace RedNote.Frontend.Live;

/// <summary>
/// SignalR's JSON protocol, with additions: what a client sends wrongly is answered with a code, a refused call is
/// written as an error, and a join's frames start when its answer has been written.
/// </summary>
internal sealed class RoomHubProtocol : IHubProtocol
{
    private readonly JsonHubProtocol _json;

    public RoomHubProtocol()
    {
        var options = new JsonHubProtocolOptions();
        WireJson.Apply(options.PayloadSerializerOptions);
        _json = new JsonHubProtocol(Options.Create(options));
    }

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        // SignalR hands over at most MaxMessageBytes; that many without an end are too many.
        var isFull = input.Length >= LiveOptions.MaxMessageBytes;
        try
        {
            if (!_json.TryParseMessage(ref input, binder, out message))
            {
                return isFull
                    ? throw HubError.Of(ProblemCodes.TooLarge, "A message may have 32 KiB.")
                    : false;
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException)
        {
            throw HubError.Of(ProblemCodes.Invalid, "That is not a message of the SignalR JSON protocol.");
        }

        if (message is InvocationBindingFailureMessage { Target: var target } unfit)
        {
            var error = HubError.Of(
                ProblemCodes.Invalid, $"These are not the arguments of {target}; absent ones are null.");
            message = new InvocationBindingFailureMessage(
                unfit.InvocationId, target, ExceptionDispatchInfo.Capture(error));
        }

        return true;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        if (message is CompletionMessage { Result: RefusedCall { Error: var error } } refused)
        {
            message = CompletionMessage.WithError(refused.InvocationId!, error);
        }

        _json.WriteMessage(message, output);
        if (message is CompletionMessage { Result: RoomJoined { Ticket: { } ticket } })
        {
            // This runs under the connection's write lock, so the frames queue up behind this message. Elsewhere, lest
            // writing them begins inside this write.
            ThreadPool.UnsafeQueueUserWorkItem(static written => written.Written(), ticket, preferLocal: false);
        }
    }

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);
}
