namespace RedNote.Frontend.Problems;

/// <summary>An error as RFC 9457 writes it. <paramref name="Code"/> is what programs decide on.</summary>
/// <param name="Title">For people, in English.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Detail">What was wrong with this very request, where more can be said than the title.</param>
/// <param name="Errors">Code <c>invalid</c>: what is wrong, by member of the request.</param>
public sealed record Problem(
    string Title, int Status, string Code, string? Detail = null, IReadOnlyDictionary<string, string[]>? Errors = null);

/// <summary>The codes of the wire contract, and those for what HTTP itself refuses.</summary>
public static class ProblemCodes
{
    public const string Invalid = "invalid";
    public const string Unauthorized = "unauthorized";
    public const string BadCredentials = "bad_credentials";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string Conflict = "conflict";
    public const string HandleTaken = "handle_taken";
    public const string WrongState = "wrong_state";
    public const string OrderExpired = "order_expired";
    public const string TooLarge = "too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string RateLimited = "rate_limited";
    public const string InternalError = "internal_error";
    public const string TryAgain = "try_again";

    /// <summary>The code and title of a status that was set without saying more.</summary>
    internal static Problem For(int status) => status switch
    {
        400 => new("The request is not valid.", status, Invalid),
        401 => new("A valid access token is needed.", status, Unauthorized),
        403 => new("You may not do that.", status, Forbidden),
        404 => new("There is no such thing.", status, NotFound),
        405 => new("That method is not supported here.", status, MethodNotAllowed),
        409 => new("It contradicts the present state.", status, Conflict),
        413 => new("The request is too large.", status, TooLarge),
        415 => new("The body has to be application/json.", status, UnsupportedMediaType),
        429 => new("Too many requests.", status, RateLimited),
        503 => new("The outcome is unknown or the node is leaving; try again.", status, TryAgain),
        < 500 => new("The request cannot be answered.", status, Invalid),
        _ => new("Something went wrong on our side.", status, InternalError),
    };
}
