using Microsoft.AspNetCore.Diagnostics;

namespace RedNote.Frontend.Problems;

/// <summary>Sees to it that every error leaves as problem+json with a code, whoever found it.</summary>
internal static partial class ProblemHandling
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddExceptionHandler<Handler>();
        services.AddProblemDetails();

        // Binding failures are answered, not thrown, also while developing.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(context =>
            Refuse.Status(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
    }

    /// <summary>Describes the refusals of a route in the API document.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, params ReadOnlySpan<int> statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(
                status, typeof(Problem), [ProblemResult.ContentType]));
        }

        return builder;
    }

    /// <summary>Does this failure leave the outcome of a call open, so that a retry is the answer?</summary>
    public static bool IsUnknownOutcome(Exception failure)
        => failure is TryAgainException or TimeoutException or OrleansException;

    private sealed partial class Handler(ILogger<Handler> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(
            HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is BadHttpRequestException bad)
            {
                await Refuse.Status(bad.StatusCode).ExecuteAsync(httpContext);
                return true;
            }

            if (IsUnknownOutcome(exception))
            {
                LogUnknown(logger, exception, httpContext.Request.Path);
                await Refuse.TryAgain.ExecuteAsync(httpContext);
                return true;
            }

            LogFailed(logger, exception, httpContext.Request.Path);
            await Refuse.InternalError.ExecuteAsync(httpContext);
            return true;
        }

        [LoggerMessage(LogLevel.Warning, "The outcome of {Path} is unknown.")]
        private static partial void LogUnknown(ILogger logger, Exception failure, string path);

        [LoggerMessage(LogLevel.Error, "{Path} failed.")]
        private static partial void LogFailed(ILogger logger, Exception failure, string path);
    }
}
