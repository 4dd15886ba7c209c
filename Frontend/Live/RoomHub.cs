using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Groups;
using RedNote.Frontend.Notes;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// What clients call (CONTRACT.md, live rooms). Up to the first wait everything runs on the connection's own loop, so
/// that what a client sends reaches the gateway in its order. What comes by the thousand mostly takes a shorter way
/// (<see cref="DirectCalls"/>) and does not get here.
/// </summary>
[Authorize]
internal sealed partial class RoomHub(
    RoomCalls calls, RoomPorts ports, DealPorts deals, GroupCalls groups, NoteCalls notes, LiveMetrics metrics)
    : Hub<IRoomClient>
{
    public const string Path = "/hub";

    private RoomVisitor Visitor => RoomVisitor.Of(Context.Features);

    public Task<RoomJoined> JoinRoom(string roomId, ResumePoint? since) => calls.Join(Visitor, roomId, since);

    public Task LeaveRoom(string roomId)
    {
        Visitor.Leave(HubError.ParseRoom(roomId));
        return Task.CompletedTask;
    }

    public async Task<Verdict> SendDanmaku(string roomId, DanmakuDraft? danmaku)
    {
        var visitor = Visitor;
        var name = await visitor.User.Name();
        return (Verdict)await Carry(calls.Danmaku(visitor, name, roomId, danmaku));
    }

    public Task<LikeResult> Like(string roomId, int count, string? key)
        => Count(calls.Like(Visitor, roomId, count, key));

    public Task<LikeResult> Cheer(string roomId, string pkId, string side, int count, string? key)
        => Count(calls.Cheer(Visitor, roomId, pkId, side, count, key));

    public async Task<Verdict> Vote(string roomId, string pollId, int[]? choices)
        => (Verdict)await Carry(calls.Vote(Visitor, roomId, pollId, choices));

    private async Task<LikeResult> Count(CallPlan likes) => await Carry(likes) switch
    {
        LikeResult counted => counted,
        var refusal => throw new HubException(((RefusedCall)refusal).Error),
    };

    private async Task<Verdict> Submit(RoomId room, RoomCommand command)
        => ports.Use(room) is { } port
            ? await port.Gateway.Submit(command) as Verdict ?? Verdict.Reject(RejectReason.TryAgain)
            : Verdict.Reject(RejectReason.TryAgain);

    private async ValueTask<object> Carry(CallPlan plan)
        => plan.Told ?? calls.Settle(
            Visitor, plan.Port!, plan.Command!, await plan.Port!.Gateway.Submit(plan.Command!));
}
