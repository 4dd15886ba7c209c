using System.Globalization;
using RedNote.Frontend.Wire;

namespace RedNote.Frontend.Problems;

/// <summary>Answers with a <see cref="Problem"/>.</summary>
internal sealed class ProblemResult(Problem problem, TimeSpan? retryAfter = null) : IResult
{
    public const string ContentType = "application/problem+json";

    public Problem Problem => problem;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (retryAfter is { } wait)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsJsonAsync(
            problem, WireJson.Default.Problem, ContentType, httpContext.RequestAborted);
    }
}

/// <summary>The refusals that endpoints give.</summary>
internal static class Refuse
{
    /// <summary>When a retry of what ended in <c>try_again</c> makes sense.</summary>
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(1);

    /// <summary>When a retry of what there is too much of makes sense.</summary>
    private static readonly TimeSpan RetryLater = TimeSpan.FromMinutes(1);

    public static ProblemResult NotFound { get; } = new(ProblemCodes.For(404));

    public static ProblemResult Unauthorized { get; } = new(ProblemCodes.For(401));

    public static ProblemResult Forbidden { get; } = new(ProblemCodes.For(403));

    public static ProblemResult TryAgain { get; } = new(ProblemCodes.For(503), RetrySoon);

    public static ProblemResult InternalError { get; } = new(ProblemCodes.For(500));

    public static ProblemResult BadCredentials { get; } =
        new(new Problem("Handle or password is wrong.", 401, ProblemCodes.BadCredentials));

    public static ProblemResult HandleTaken { get; } =
        new(new Problem("Somebody has that handle.", 409, ProblemCodes.HandleTaken));

    public static ProblemResult OrderExpired { get; } =
        new(new Problem("The order was not paid in time.", 409, ProblemCodes.OrderExpired));

    public static ProblemResult Invalid(string member, string what) => new(ProblemCodes.For(400) with
    {
        Errors = new Dictionary<string, string[]> { [member] = [what] },
    });

    public static ProblemResult Status(int status) => new(ProblemCodes.For(status));

    public static ProblemResult RateLimited(TimeSpan retryAfter) => new(ProblemCodes.For(429), retryAfter);

    /// <summary>The answer to a command that was not done.</summary>
    public static ProblemResult For(CommandStatus status) => status switch
    {
        CommandStatus.NotFound => NotFound,
        CommandStatus.Forbidden => Forbidden,
        CommandStatus.WrongState =>
            new(new Problem("That cannot be done in the present state.", 409, ProblemCodes.WrongState)),
        CommandStatus.Conflict => Status(409),
        CommandStatus.Invalid => Status(400),
        CommandStatus.TryAgain => TryAgain,
        CommandStatus.RateLimited => RateLimited(RetryLater),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a refusal."),
    };
}
