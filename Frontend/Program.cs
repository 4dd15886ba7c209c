using RedNote.Frontend.Deals;
using RedNote.Frontend.Groups;
using RedNote.Frontend.Hosting;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Live;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Frontend.Wire;
using RedNote.Silo;

namespace RedNote.Frontend;

/// <summary>The front end: hub, REST, page; with a silo of its own unless it was given a cluster to talk to.</summary>
public static class FrontendApp
{
    public static Task<int> Main(string[] args) => RedNoteProgram.RunAsync(() => Build(args));

    /// <param name="args">The command line.</param>
    /// <param name="configure">Runs before anything of ours is registered; what it registers wins.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.AddCoHostedSilo();
        builder.AddWebServer();
        builder.AddDataProtectionKeys();
        builder.AddLimits();
        builder.AddOrigins();
        builder.AddUsers();
        builder.AddNotices();
        builder.AddLive();
        builder.AddDeals();
        builder.AddGroups();
        builder.AddNotes();
        builder.Services.AddWireJson();
        builder.Services.AddProblems();
        builder.Services.AddReadiness();
        builder.Services.AddApiDescription();

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UsePage();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();

        app.MapReadiness();
        app.MapApiDescription();
        app.MapAccounts();
        app.MapProfiles();
        app.MapNotices();
        app.MapRooms();
        app.MapOrders();
        app.MapGroups();
        app.MapNotes();
        app.MapRoomHub();
        app.MapPage();
        return app;
    }
}
