using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace RedNote.Load.Servers;

/// <summary>
/// What one would write first: a hub with a group per room that sends every danmaku to the group as it comes. No
/// grain, no storage, no sequence of frames, no batching. The method names and the danmaku's fields are ours, so that
/// the same client and nearly the same bytes per danmaku are measured.
/// </summary>
public static class BaselineProgram
{
    public const string Command = "baseline-signalr";

    /// <summary>Serves until the process is killed; the address comes from ASPNETCORE_URLS.</summary>
    public static async Task<int> Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSignalR();
        var app = builder.Build();
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapHub<BaselineHub>("/hub");
        await app.RunAsync();
        return 0;
    }
}

/// <summary>What a client sends.</summary>
public sealed record BaselineText(string Text);

/// <summary>The fields of our danmaku.</summary>
public sealed record BaselineDanmaku(
    long Seq, string UserId, string Name, string Text, string Mode, string Color, long At, long MediaAt);

/// <summary>Answers a sender.</summary>
public sealed record BaselineVerdict(string Status, long Seq);

/// <summary>The hub to compare with.</summary>
public sealed class BaselineHub : Hub
{
    private static long _lastSeq;

    public Task JoinRoom(string roomId, object? since) => Groups.AddToGroupAsync(Context.ConnectionId, roomId);

    public async Task<BaselineVerdict> SendDanmaku(string roomId, BaselineText text)
    {
        var seq = Interlocked.Increment(ref _lastSeq);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var danmaku = new BaselineDanmaku(
            seq, "1234567890123456789", "viewer 123", text.Text, "scroll", "#ffffff", now, now);
        await Clients.Group(roomId).SendAsync("danmaku", roomId, danmaku);
        return new BaselineVerdict("accepted", seq);
    }
}
