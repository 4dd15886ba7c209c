using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Live;
using RedNote.Frontend.Problems;

namespace RedNote.Frontend.Users;

/// <summary>Registration of accounts and the routes under <c>/api/auth</c>.</summary>
internal static class AccountRoutes
{
    public static void AddUsers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(RandomNumberGenerator.Create());
        services.TryAddSingleton<IIdGenerator, IdGenerator>();
        services.AddSingleton<PasswordVault>();
        services.AddSingleton<SessionIssuer>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<UserPresences>();
        services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken(bearer =>
            bearer.Events.OnMessageReceived = context =>
            {
                // Browsers cannot set headers on a WebSocket. Elsewhere a token in an address would end up in logs.
                if (context.Request.Path.StartsWithSegments(RoomHub.Path))
                {
                    context.Token = AddressToken.Take(context.HttpContext);
                }

                return Task.CompletedTask;
            });
        services.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme)
            .PostConfigure<IDataProtectionProvider>((bearer, protection) => bearer.BearerTokenProtector
                = new AccessTokens(protection, BearerTokenDefaults.AuthenticationScheme));
        services.AddAuthorization();
    }

    public static void MapAccounts(this WebApplication app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Accounts");
        auth.MapPost("/guest", (GuestRequest request, Accounts accounts) => accounts.Guest(request))
            .RequireRateLimiting(RateLimits.Guest)
            .WithSummary("Makes a guest account.")
            .Produces<SessionTokens>(StatusCodes.Status201Created).Refuses(400, 429);
        auth.MapPost("/register", (RegisterRequest request, Accounts accounts) => accounts.Register(request))
            .RequireRateLimiting(RateLimits.Register)
            .WithSummary("Makes an account with a handle and a password.")
            .Produces<SessionTokens>(StatusCodes.Status201Created).Refuses(400, 409, 429);
        auth.MapPost("/login", (LoginCredentials request, Accounts accounts) => accounts.Login(request))
            .RequireRateLimiting(RateLimits.Login)
            .WithSummary("Opens a login.")
            .Produces<SessionTokens>().Refuses(400, 401, 429);
        auth.MapPost("/refresh", (RefreshRequest request, Accounts accounts) => accounts.Refresh(request))
            .RequireRateLimiting(RateLimits.Refresh)
            .WithSummary("Trades a refresh token for new tokens. It works once; using it again ends the login.")
            .Produces<SessionTokens>().Refuses(400, 401, 429);
        auth.MapPost("/logout", Logout)
            .WithSummary("Ends the login of the access token, or of the refresh token in the body.")
            .Produces(StatusCodes.Status204NoContent).Refuses(401);
    }

    private static async Task<IResult> Logout(
        [FromBody] RefreshRequest? request, ClaimsPrincipal principal, SessionIssuer sessions, IGrainFactory grains)
    {
        if (principal.TryGetUserId(out var user) && principal.TryGetLoginId(out var loginId))
        {
            await grains.User(user).CloseLogin(loginId);
            return Results.NoContent();
        }

        if (sessions.TryRead(request?.RefreshToken, out var ticket))
        {
            await grains.User(ticket.User).CloseLogin(ticket.Login.LoginId);
            return Results.NoContent();
        }

        return Refuse.Unauthorized;
    }
}
