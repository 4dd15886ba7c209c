using System.Buffers;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// The short way in of one connection: calls that come by the thousand go from the bytes to the room's gateway, and
/// their answers from the room's batch to the connection's gate, several in one write. No hub is made for them and
/// nothing waits for each. What does not fit in (a client that has too many under way, odd arguments, a name that is
/// not known yet) is left to SignalR, so that a client sees no difference.
/// </summary>
internal sealed class DirectCalls(
    RoomVisitor visitor, ConnectionGate gate, RoomCalls calls, HubFailures failures, RoomHubProtocol protocol,
    int maxUnderWay) : ICallTaker, IAnswerTaker<RoomCommand, RoomAnswer>
{
    /// <summary>Ends every record of the hub protocol.</summary>
    public const byte RecordSeparator = 0x1e;

    private readonly Lock _gate = new();
    private AnswerBuffer? _answers;
    private bool _flushing;
    private int _underWay;

    public int Take(ref ReadOnlySequence<byte> input)
    {
        try
        {
            var taken = 0;
            while (Volatile.Read(ref _underWay) < maxUnderWay && TryTakeOne(ref input))
            {
                taken++;
            }

            Flush();
            return taken;
        }
        catch (Exception failure)
        {
            // Whoever reads the connection ends it, and says no more than that it has ended.
            failures.Refuse(failure, nameof(DirectCalls));
            throw;
        }
    }

    /// <summary>A room has answered; <see cref="Flush"/> sends it.</summary>
    public void Answer(RoomCommand command, TakerCall call, RoomAnswer answer)
    {
        object told;
        try
        {
            told = Noted(calls.Settle(visitor, (RoomPort)call.Place!, command, answer));
        }
        catch (Exception failure)
        {
            // The others of the batch are still to be told.
            told = failures.Refuse(failure, command.GetType().Name);
        }

        Tell(call.Id, told);
    }

    /// <summary>Sends what was answered, as far as the connection takes it.</summary>
    public void Flush()
    {
        while (TryBeginFlush(out var answers))
        {
            var write = gate.Write(answers.Framed());
            if (!write.IsCompletedSuccessfully)
            {
                _ = Finish(write, answers);
                return;
            }

            write.GetAwaiter().GetResult();
            EndFlush(answers);
        }
    }

    private bool TryTakeOne(ref ReadOnlySequence<byte> input)
    {
        if (input.PositionOf(RecordSeparator) is not { } end)
        {
            return false;
        }

        var sequence = input.Slice(0, end);
        var record = sequence.IsSingleSegment ? sequence.FirstSpan : sequence.ToArray();
        if (!CallReader.TryRead(record, out var call))
        {
            return false;
        }

        try
        {
            if (!TryCall(ref call))
            {
                return false;
            }
        }
        catch (Exception failure)
        {
            // Not for SignalR's reader, which would end the connection.
            Interlocked.Increment(ref _underWay);
            Tell(call.InvocationId, failures.Refuse(failure, call.Call.ToString()));
        }

        input = input.Slice(input.GetPosition(1, end));
        return true;
    }

    private bool TryCall(ref CallReader call)
    {
        switch (call.Call)
        {
            case DirectCall.SendDanmaku:
                return visitor.User.TryName(out var name) && call.TryReadDanmaku(out var room, out var draft)
                    && Carry(call.InvocationId, calls.Danmaku(visitor, name, room, draft));
            case DirectCall.Like:
                return call.TryReadLike(out room, out var count, out var key)
                    && Carry(call.InvocationId, calls.Like(visitor, room, count, key));
            case DirectCall.Vote:
                Span<int> choices = stackalloc int[CallReader.MaxChoices];
                return call.TryReadVote(out room, out var poll, choices, out var chosen)
                    && Carry(call.InvocationId, calls.Vote(visitor, room, poll, choices[..chosen]));
            case DirectCall.JoinRoom:
                if (!call.TryReadJoin(protocol.Payloads, out room, out var since))
                {
                    return false;
                }

                Interlocked.Increment(ref _underWay);
                _ = Join(call.InvocationId, room, since);
                return true;
            default:
                return false;
        }
    }

    private bool Carry(string? callId, CallPlan plan)
    {
        Interlocked.Increment(ref _underWay);
        if (plan.Told is { } told)
        {
            Tell(callId, Noted(told));
        }
        else
        {
            plan.Port!.Gateway.Submit(plan.Command!, this, new TakerCall(callId, plan.Port));
        }

        return true;
    }

    /// <summary>Of these calls only likes are refused by an error; the others have verdicts.</summary>
    private object Noted(object told)
        => told is RefusedCall refusal ? failures.Note(refusal, nameof(RoomHub.Like)) : told;

    /// <summary>The answer goes first, then the frames that its ticket lets go.</summary>
    private async Task Join(string? callId, string roomId, ResumePoint? since)
    {
        object told;
        try
        {
            told = await calls.Join(visitor, roomId, since);
        }
        catch (Exception failure)
        {
            told = failures.Refuse(failure, nameof(RoomHub.JoinRoom));
        }

        // On its own, whatever else is being answered: the frames go as soon as the gate has it.
        var answer = AnswerBuffer.Rent();
        var write = ValueTask.CompletedTask;
        if (callId is not null)
        {
            answer.Add(protocol, callId, told);
            write = gate.Write(answer.Framed());
        }

        (told as RoomJoined)?.Ticket?.Written();
        await write;
        answer.Return();
        Interlocked.Decrement(ref _underWay);
    }

    private void Tell(string? callId, object told)
    {
        if (callId is null)
        {
            Interlocked.Decrement(ref _underWay);
            return;
        }

        lock (_gate)
        {
            _answers ??= AnswerBuffer.Rent();
            _answers.Add(protocol, callId, told);
        }
    }

    private bool TryBeginFlush(out AnswerBuffer answers)
    {
        lock (_gate)
        {
            answers = _answers!;
            if (_flushing || _answers is null)
            {
                return false;
            }

            (_answers, _flushing) = (null, true);
            return true;
        }
    }

    private void EndFlush(AnswerBuffer answers)
    {
        // Calls count as under way until their answers are: who does not read may not ask for ever.
        Interlocked.Add(ref _underWay, -answers.Count);
        answers.Return();
        lock (_gate)
        {
            _flushing = false;
        }
    }

    private async Task Finish(ValueTask write, AnswerBuffer answers)
    {
        await write;
        EndFlush(answers);
        Flush();
    }
}
