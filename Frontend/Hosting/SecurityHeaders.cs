namespace RedNote.Frontend.Hosting;

/// <summary>What every answer says about how browsers may use it.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Everything from this site only, except pictures, which people keep elsewhere. The hub's WebSocket is named by
    /// scheme, as older browsers do not count it as 'self'.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob: https:; style-src 'self'; "
        + "script-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // Set at the last moment: the exception handler empties a response before it writes its own.
    public static void UseSecurityHeaders(this WebApplication app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(static response => Set((HttpResponse)response), context.Response);
        return next(context);
    });

    private static Task Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
