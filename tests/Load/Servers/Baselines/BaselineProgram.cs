using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RedNote.Load.Servers.Baselines;

/// <summary>
/// The servers that ours is compared with, in a child process of this very program. No grain, no storage, no sequence
/// of frames. The hub methods have our names, so that the same client measures all of them.
/// </summary>
public static class BaselineProgram
{
    public const string Command = "baseline";

    /// <summary>Serves until the process is killed; the address comes from ASPNETCORE_URLS.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        var options = BaselineOptions.Parse(arguments);
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddSingleton(options);
        builder.Services.AddSignalR();
        if (options.Kind == BaselineKind.Batched)
        {
            builder.Services.AddSingleton<HubBatches>();
            builder.Services.AddHostedService(services => services.GetRequiredService<HubBatches>());
        }
        else if (options.Kind == BaselineKind.Kestrel)
        {
            builder.Services.AddSingleton<SocketRooms>();
            builder.Services.AddHostedService(services => services.GetRequiredService<SocketRooms>());
        }

        var app = builder.Build();
        app.MapGet("/health/ready", () => Results.Ok());
        switch (options.Kind)
        {
            case BaselineKind.Plain:
                app.MapHub<PlainHub>("/hub");
                MapEmptyLikes(app);
                break;
            case BaselineKind.Batched:
                app.MapHub<BatchedHub>("/hub");
                break;
            default:
                app.UseWebSockets();
                app.Map("/hub", (HttpContext context, SocketRooms rooms) => rooms.Serve(context));
                break;
        }

        await app.RunAsync();
        return 0;
    }

    /// <summary>Endpoints that take what a like takes, do nothing and answer as ours do: what a request costs at least.
    /// </summary>
    private static void MapEmptyLikes(WebApplication app)
    {
        app.MapPut("/api/notes/{id}/like", (long id) => Results.Ok(new BaselineLikes(1, true)));
        app.MapDelete("/api/notes/{id}/like", (long id) => Results.Ok(new BaselineLikes(0, false)));
    }
}
