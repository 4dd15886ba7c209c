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
/// written as an error, and a join's frames, and a group's events, start when its answer has been written.
/// </summary>
internal sealed class RoomHubProtocol : IHubProtocol
{
    private readonly JsonHubProtocol _json;

    public RoomHubProtocol()
    {
        var options = new JsonHubProtocolOptions();
        WireJson.Apply(options.PayloadSerializerOptions);
        Payloads = options.PayloadSerializerOptions;
        _json = new JsonHubProtocol(Options.Create(options));
    }

    /// <summary>How arguments and results are read and written.</summary>
    public JsonSerializerOptions Payloads { get; }

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        // SignalR hands over at most MaxMessageBytes; that many without an end are too many.
        var length = input.Length;
        try
        {
            if (!_json.TryParseMessage(ref input, binder, out message))
            {
                if (input.Length < length)
                {
                    // A message of a kind that is not known. SignalR would take it for the beginning of one and wait
                    // for the rest for ever.
                    message = PingMessage.Instance;
                    return true;
                }

                return length >= LiveOptions.MaxMessageBytes
                    ? throw HubError.Of(ProblemCodes.TooLarge, "A message may have 32 KiB.")
                    : false;
            }
        }
        catch (Exception failure) when (failure is not HubException)
        {
            // Of whatever kind: the reader has one for numbers, one for characters, one for what stands in the wrong
            // place, and nothing but the client's bytes can be the cause of any.
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
        Write(message, output);
        if (message is CompletionMessage { Result: IJoinAnswer { Ticket: { } ticket } })
        {
            // This runs under the connection's write lock, so the frames queue up behind this message. Elsewhere, lest
            // writing them begins inside this write.
            ThreadPool.UnsafeQueueUserWorkItem(static written => written.Written(), ticket, preferLocal: false);
        }
    }

    /// <summary>Writes the answer to a call; to let the frames of a join go is the caller's.</summary>
    /// <param name="callId">The invocation's.</param>
    /// <param name="told">The result, or a <see cref="RefusedCall"/>.</param>
    /// <param name="output">Where to.</param>
    public void WriteAnswer(string callId, object told, IBufferWriter<byte> output)
    {
        if (!FrequentAnswers.TryWrite(callId, told, output))
        {
            Write(CompletionMessage.WithResult(callId, told), output);
        }
    }

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    private void Write(HubMessage message, IBufferWriter<byte> output) => _json.WriteMessage(
        message switch
        {
            CompletionMessage { Result: RefusedCall { Error: var refusal } } refused
                => CompletionMessage.WithError(refused.InvocationId!, refusal),
            CompletionMessage { Error: { } error } failed
                => CompletionMessage.WithError(failed.InvocationId!, HubError.Coded(error)),
            CloseMessage { Error: { } error } close => new CloseMessage(HubError.Coded(error), close.AllowReconnect),
            _ => message,
        },
        output);
}
