using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;

namespace RedNote.Load.Servers.Baselines;

/// <summary>
/// What one would write first: a hub with a group per room that sends every danmaku to the group as it comes.
/// </summary>
public sealed class PlainHub(BaselineOptions options) : Hub
{
    private static readonly BaselineNothing Nothingness = new();

    public Task JoinRoom(string roomId, object? since) => Groups.AddToGroupAsync(Context.ConnectionId, roomId);

    public async Task<BaselineVerdict> SendDanmaku(string roomId, BaselineText text)
    {
        var danmaku = BaselineDanmaku.Of(text.Text);
        await Clients.Group(roomId).SendAsync("danmaku", roomId, options.IsTextOnly ? danmaku.Text : danmaku);
        return new BaselineVerdict("accepted", danmaku.Seq);
    }

    /// <summary>Takes what a danmaku takes, does nothing and answers an empty result: what a call costs at least.
    /// </summary>
    [SuppressMessage("Performance", "CA1822", Justification = "SignalR offers no static methods to clients.")]
    public BaselineNothing Nothing(string roomId, BaselineText argument) => Nothingness;
}
