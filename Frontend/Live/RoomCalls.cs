using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// What a call comes to before its room is asked: what the client is told at once, or a command and the port of the
/// room that it is for.
/// </summary>
/// <param name="Told">A verdict or a <see cref="RefusedCall"/>.</param>
/// <param name="Port">Of the room.</param>
/// <param name="Command">For the room.</param>
internal readonly record struct CallPlan(object? Told, RoomPort? Port, RoomCommand? Command)
{
    public static CallPlan Tell(object told) => new(told, null, null);

    public static CallPlan Ask(RoomPort port, RoomCommand command) => new(null, port, command);
}

/// <summary>
/// The rules of the calls that come by the thousand, and of joining: the same whether SignalR dispatches them or they
/// take the short way (<see cref="DirectCalls"/>).
/// </summary>
internal sealed class RoomCalls(
    RoomPorts ports, FrameEncoder encoder, LiveMetrics metrics, IOptions<LiveOptions> options)
{
    private const string DefaultColor = "#ffffff";

    private static readonly RefusedCall NothingCounted = Refused(RejectReason.TryAgain, "The room gave no answer.");

    /// <param name="visitor">Who calls.</param>
    /// <param name="name">The sender's; null: there is no such user any more.</param>
    /// <param name="roomId">As it came.</param>
    /// <param name="draft">As it came.</param>
    public CallPlan Danmaku(RoomVisitor visitor, string? name, string roomId, DanmakuDraft? draft)
    {
        var user = visitor.User;
        var isRoom = EntityId.TryParse<RoomId>(roomId, out var room);
        if (!user.TryTakeDanmaku(out var retryAfter))
        {
            // Nothing is opened for somebody who floods: a refusal counts where the room is known here.
            return Refuse(isRoom ? ports.Find(room) : null, HubError.TooFast(retryAfter));
        }

        if (!isRoom)
        {
            return Refuse(null, Verdict.Reject(RejectReason.Invalid));
        }

        if (ports.Use(room) is not { } port)
        {
            return Refuse(null, Verdict.Reject(RejectReason.TryAgain));
        }

        if (Check(draft, out var text, out var mode, out var color) is { } reason)
        {
            return Refuse(port, Verdict.Reject(reason));
        }

        return name is null
            ? Refuse(port, Verdict.Reject(RejectReason.NotFound))
            : CallPlan.Ask(port, new SendDanmaku(name, text, mode, color) { User = user.Id, Key = draft!.Key });
    }

    public CallPlan Like(RoomVisitor visitor, string roomId, int count, string? key)
        => !EntityId.TryParse<RoomId>(roomId, out var room) ? CallPlan.Tell(Refused(HubError.NoRoomId))
            : Likes(visitor, room, count, key, new LikeRoom(count) { User = visitor.User.Id, Key = key });

    public CallPlan Cheer(RoomVisitor visitor, string roomId, string pkId, string side, int count, string? key)
    {
        if (!EntityId.TryParse<RoomId>(roomId, out var room))
        {
            return CallPlan.Tell(Refused(HubError.NoRoomId));
        }

        if (!EntityId.TryParse<PkId>(pkId, out var pk) || side is not ("left" or "right"))
        {
            return CallPlan.Tell(Refused(RejectReason.Invalid, "A cheer names a PK's id, and left or right."));
        }

        var chosen = side == "left" ? PkSide.Left : PkSide.Right;
        return Likes(visitor, room, count, key, new Cheer(pk, chosen, count) { User = visitor.User.Id, Key = key });
    }

    public CallPlan Vote(RoomVisitor visitor, string roomId, string pollId, ReadOnlySpan<int> choices)
    {
        var user = visitor.User;
        if (!user.TryTakeVote(out var retryAfter))
        {
            return CallPlan.Tell(HubError.TooFast(retryAfter));
        }

        if (!EntityId.TryParse<RoomId>(roomId, out var room) || !EntityId.TryParse<PollId>(pollId, out var poll))
        {
            return CallPlan.Tell(Verdict.Reject(RejectReason.Invalid));
        }

        return ports.Use(room) is { } port
            ? CallPlan.Ask(port, new CastVote(poll, ToBits(choices)) { User = user.Id })
            : CallPlan.Tell(Verdict.Reject(RejectReason.TryAgain));
    }

    /// <summary>What the client is told of what the room answered: a verdict, a <see cref="LikeResult"/>, or a
    /// <see cref="RefusedCall"/>.</summary>
    public object Settle(RoomVisitor visitor, RoomPort port, RoomCommand command, RoomAnswer? answer)
    {
        if (command is LikeRoom or RedNote.Live.Cheer)
        {
            return answer switch
            {
                LikesAccepted counted => new LikeResult(counted.Accepted),
                Verdict refusal => Refused(refusal.Reason ?? RejectReason.TryAgain, "Nothing was counted."),
                _ => NothingCounted,
            };
        }

        var verdict = answer as Verdict ?? Verdict.Reject(RejectReason.TryAgain);
        if (command is SendDanmaku)
        {
            if (verdict is { Status: VerdictStatus.Accepted, Seq: { } seq })
            {
                port.Channel.Accepted(seq, visitor);
            }

            metrics.Decided(verdict);
        }

        return verdict;
    }

    /// <summary>Puts the caller into a room; its frames wait until the ticket says that the answer is on its way.
    /// </summary>
    /// <exception cref="HubException">Refused, with a code.</exception>
    public async Task<RoomJoined> Join(RoomVisitor visitor, string roomId, ResumePoint? since)
    {
        var room = HubError.ParseRoom(roomId);
        if (since is { Epoch: < 0 } or { Seq: < 0 } or { DanmakuSeq: < 0 })
        {
            throw HubError.Of(RejectReason.Invalid, "A resume point has no negative numbers.");
        }

        if (!visitor.User.TryTakeJoin(out var retryAfter))
        {
            throw HubError.RateLimited(retryAfter);
        }

        var port = ports.Use(room) ?? throw HubError.Of(RejectReason.TryAgain, "This server takes no more rooms now.");
        var viewer = visitor.Enter(port, encoder, options.Value, metrics) ?? throw HubError.Of(
            RejectReason.Invalid, $"A connection may be in {options.Value.MaxRoomsPerConnection} rooms.");
        (RoomSnapshot Snapshot, JoinTicket Ticket)? joined;
        try
        {
            joined = await port.Channel.Join(viewer, since, visitor.User.Id);
        }
        catch
        {
            visitor.Leave(room);
            throw;
        }

        if (joined is not { } answer)
        {
            visitor.Leave(room);
            throw HubError.Of(RejectReason.NotFound, "There is no such room.");
        }

        if (visitor.IsClosed)
        {
            port.Channel.Detach(viewer);
        }

        return new RoomJoined(answer.Snapshot) { Ticket = answer.Ticket };
    }

    private CallPlan Likes(RoomVisitor visitor, RoomId room, int count, string? key, RoomCommand command)
    {
        if (count is < 1 or > LiveOptions.MaxLikesPerCall || (key is not null && !TextRules.IsKey(key)))
        {
            return CallPlan.Tell(Refused(
                RejectReason.Invalid, "A call has 1 to 50 likes, and a key 1 to 64 of A-Z a-z 0-9 _ -."));
        }

        if (!visitor.User.TryTakeLike(out var retryAfter))
        {
            return CallPlan.Tell(Refused(HubError.RateLimited(retryAfter)));
        }

        return ports.Use(room) is { } port
            ? CallPlan.Ask(port, command)
            : CallPlan.Tell(Refused(RejectReason.TryAgain, "This server takes no more rooms now."));
    }

    /// <summary>A refusal that the room never sees is counted there all the same.</summary>
    private CallPlan Refuse(RoomPort? port, Verdict refusal)
    {
        port?.Gateway.Report.Refused(refusal.Reason!.Value);
        metrics.Decided(refusal);
        return CallPlan.Tell(refusal);
    }

    private static RefusedCall Refused(RejectReason reason, string text) => Refused(HubError.Of(reason, text));

    private static RefusedCall Refused(HubException refusal) => new(refusal.Message);

    private static RejectReason? Check(DanmakuDraft? draft, out string text, out DanmakuMode mode, out string color)
    {
        (text, mode, color) = ("", DanmakuMode.Scroll, draft?.Color ?? DefaultColor);
        if (draft is null || (draft.Key is not null && !TextRules.IsKey(draft.Key)))
        {
            return RejectReason.Invalid;
        }

        var modeIsKnown = TryParseMode(draft.Mode, out mode);
        return TextRules.Clean(draft.Text, TextRules.MaxDanmaku, out text) switch
        {
            TextCheck.Empty => RejectReason.Empty,
            TextCheck.TooLong => RejectReason.TooLong,
            TextCheck.Ok when modeIsKnown && TextRules.IsColor(color) => null,
            _ => RejectReason.Invalid,
        };
    }

    private static bool TryParseMode(string? text, out DanmakuMode mode)
    {
        (var known, mode) = text switch
        {
            null or "scroll" => (true, DanmakuMode.Scroll),
            "top" => (true, DanmakuMode.Top),
            "bottom" => (true, DanmakuMode.Bottom),
            "reverse" => (true, DanmakuMode.Reverse),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>Bit i for option i; 0 for what is no choice in any poll.</summary>
    internal static int ToBits(ReadOnlySpan<int> choices)
    {
        var bits = 0;
        foreach (var choice in choices)
        {
            if (choice is < 0 or >= 16 || (bits & (1 << choice)) != 0)
            {
                return 0;
            }

            bits |= 1 << choice;
        }

        return bits;
    }
}
