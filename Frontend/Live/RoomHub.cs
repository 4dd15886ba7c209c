using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// What clients call (CONTRACT.md, live rooms). Up to the first wait everything runs on the connection's own loop, so
/// that what a client sends reaches the gateway in its order.
/// </summary>
[Authorize]
internal sealed partial class RoomHub(
    RoomPorts ports, DealPorts deals, FrameEncoder encoder, LiveMetrics metrics, IOptions<LiveOptions> options)
    : Hub<IRoomClient>
{
    public const string Path = "/hub";

    private const string DefaultColor = "#ffffff";

    private RoomVisitor Visitor => RoomVisitor.Of(Context.Items);

    public async Task<RoomJoined> JoinRoom(string roomId, ResumePoint? since)
    {
        var room = ParseRoom(roomId);
        if (since is { Epoch: < 0 } or { Seq: < 0 } or { DanmakuSeq: < 0 })
        {
            throw HubError.Of(RejectReason.Invalid, "A resume point has no negative numbers.");
        }

        var visitor = Visitor;
        if (!visitor.User.TryTakeJoin(out var retryAfter))
        {
            throw RateLimited(retryAfter);
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

    public Task LeaveRoom(string roomId)
    {
        Visitor.Leave(ParseRoom(roomId));
        return Task.CompletedTask;
    }

    public async Task<Verdict> SendDanmaku(string roomId, DanmakuDraft? danmaku)
    {
        var verdict = await Decide(roomId, danmaku);
        metrics.Decided(verdict);
        return verdict;
    }

    public async Task<LikeResult> Like(string roomId, int count, string? key)
    {
        var room = ParseRoom(roomId);
        CheckLikes(count, key);
        var user = Visitor.User;
        if (!user.TryTakeLike(out var retryAfter))
        {
            throw RateLimited(retryAfter);
        }

        return await Count(room, new LikeRoom(count) { User = user.Id, Key = key });
    }

    private static void CheckLikes(int count, string? key)
    {
        if (count is < 1 or > LiveOptions.MaxLikesPerCall || (key is not null && !TextRules.IsKey(key)))
        {
            throw HubError.Of(RejectReason.Invalid, "A call has 1 to 50 likes, and a key 1 to 64 of A-Z a-z 0-9 _ -.");
        }
    }

    private async Task<LikeResult> Count(RoomId room, RoomCommand likes)
    {
        var port = ports.Use(room) ?? throw HubError.Of(RejectReason.TryAgain, "This server takes no more rooms now.");
        return await port.Gateway.Submit(likes) switch
        {
            LikesAccepted counted => new LikeResult(counted.Accepted),
            Verdict refusal => throw HubError.Of(refusal.Reason ?? RejectReason.TryAgain, "Nothing was counted."),
            _ => throw HubError.Of(RejectReason.TryAgain, "The room gave no answer."),
        };
    }

    private async ValueTask<Verdict> Decide(string roomId, DanmakuDraft? draft)
    {
        var visitor = Visitor;
        var user = visitor.User;
        var isRoom = EntityId.TryParse<RoomId>(roomId, out var room);
        if (!user.TryTakeDanmaku(out var retryAfter))
        {
            // Nothing is opened for somebody who floods: a refusal counts where the room is known here.
            return Refuse(
                isRoom ? ports.Find(room) : null,
                Verdict.Reject(RejectReason.RateLimited, Math.Max(1, (long)retryAfter.TotalMilliseconds)));
        }

        if (!isRoom)
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        var port = ports.Use(room);
        if (port is null)
        {
            return Verdict.Reject(RejectReason.TryAgain);
        }

        if (Check(draft, out var text, out var mode, out var color) is { } reason)
        {
            return Refuse(port, Verdict.Reject(reason));
        }

        var name = await user.Name();
        if (name is null)
        {
            return Refuse(port, Verdict.Reject(RejectReason.NotFound));
        }

        var command = new SendDanmaku(name, text, mode, color) { User = user.Id, Key = draft!.Key };
        var verdict = await port.Gateway.Submit(command) as Verdict ?? Verdict.Reject(RejectReason.TryAgain);
        if (verdict is { Status: VerdictStatus.Accepted, Seq: { } seq })
        {
            port.Channel.Accepted(seq, visitor);
        }

        return verdict;
    }

    /// <summary>A refusal that the room never sees is counted there all the same.</summary>
    private static Verdict Refuse(RoomPort? port, Verdict refusal)
    {
        port?.Gateway.Report.Refused(refusal.Reason!.Value);
        return refusal;
    }

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

    private static RoomId ParseRoom(string roomId) => EntityId.TryParse<RoomId>(roomId, out var room)
        ? room
        : throw HubError.Of(RejectReason.Invalid, "A room id is a string that holds a positive decimal integer.");

    private static HubException RateLimited(TimeSpan retryAfter) => HubError.Of(
        RejectReason.RateLimited,
        string.Create(CultureInfo.InvariantCulture, $"Try again in {Math.Ceiling(retryAfter.TotalMilliseconds)} ms."));
}
