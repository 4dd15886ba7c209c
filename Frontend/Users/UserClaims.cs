using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Security.Claims;

namespace RedNote.Frontend.Users;

/// <summary>What an access token says: who, and by which login.</summary>
internal static class UserClaims
{
    private const string User = ClaimTypes.NameIdentifier;
    private const string Login = "login";

    public static ClaimsPrincipal Create(UserId user, long loginId, string scheme) => new(new ClaimsIdentity(
        [new Claim(User, user.ToString()), new Claim(Login, loginId.ToString(CultureInfo.InvariantCulture))], scheme));

    public static bool TryGetUserId(this ClaimsPrincipal principal, out UserId user)
        => EntityId.TryParse(principal.FindFirstValue(User), out user);

    public static bool TryGetLoginId(this ClaimsPrincipal principal, out long loginId)
        => long.TryParse(principal.FindFirstValue(Login), CultureInfo.InvariantCulture, out loginId);
}

/// <summary>The user who asks, as a parameter of endpoints that need one.</summary>
internal readonly record struct Caller(UserId Id)
{
    /// <summary>Binding for endpoints; they also require authorization, so the claim is there.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context, ParameterInfo parameter)
        => context.User.TryGetUserId(out var user)
            ? ValueTask.FromResult(new Caller(user))
            : throw new BadHttpRequestException("A token without a user.", StatusCodes.Status401Unauthorized);
}

/// <summary>An id in a route. What is not an id at all is not found as 400 rather than 404.</summary>
internal readonly record struct RouteId<TId>(TId Id) where TId : struct, IEntityId<TId>
{
    [SuppressMessage("Design", "CA1000", Justification = "Endpoint binding looks for it here.")]
    public static bool TryParse(string? text, out RouteId<TId> id)
    {
        var parsed = EntityId.TryParse<TId>(text, out var value);
        id = new RouteId<TId>(value);
        return parsed;
    }
}
