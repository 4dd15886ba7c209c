using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>What clients call to take part in lucky draws.</summary>
internal sealed partial class RoomHub
{
    /// <summary>
    /// Enters a draw; once is enough, and again is accepted again. A condition that is not met is <c>followers_only</c>
    /// or <c>invalid</c>, and <c>unmet</c> names it; <c>draw_closed</c> is after the cut-off.
    /// </summary>
    public async Task<Verdict> EnterDraw(string roomId, string drawId)
    {
        var user = Visitor.User;
        if (!user.TryTakeEntry(out var retryAfter))
        {
            return HubError.TooFast(retryAfter);
        }

        return EntityId.TryParse<RoomId>(roomId, out var room) && EntityId.TryParse<DrawId>(drawId, out var draw)
            ? await Submit(room, new EnterDraw(draw) { User = user.Id })
            : Verdict.Reject(RejectReason.Invalid);
    }
}
