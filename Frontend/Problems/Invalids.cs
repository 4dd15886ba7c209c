namespace RedNote.Frontend.Problems;

/// <summary>Gathers what is wrong with a request body, by member, and gives one refusal for all of it.</summary>
internal sealed class Invalids
{
    /// <summary>What a key has to be.</summary>
    public const string KeyHelp = "It has to be 1 to 64 of A-Z a-z 0-9 _ -.";

    private Dictionary<string, string[]>? _errors;

    /// <summary>Checks a text and gives its clean form; an empty one is wrong too.</summary>
    public string Text(string member, string? text, int maxScalars)
    {
        var check = TextRules.Clean(text, maxScalars, out var clean);
        Require(check == TextCheck.Ok, member, Explain(check, maxScalars));
        return clean;
    }

    /// <summary>Checks a text that may be absent (null stays null) or empty.</summary>
    public string? OptionalText(string member, string? text, int maxScalars)
        => text is null ? null : Optional(member, TextRules.Clean(text, maxScalars, out var clean), maxScalars, clean);

    /// <summary>The same for a text of several lines.</summary>
    public string? OptionalLines(string member, string? text, int maxScalars) => text is null
        ? null
        : Optional(member, TextRules.CleanLines(text, maxScalars, out var clean), maxScalars, clean);

    /// <summary>Checks an idempotency key, which has to be there.</summary>
    public void Key(string? key) => Require(TextRules.IsKey(key), "key", KeyHelp);

    public void Require(bool holds, string member, string what)
    {
        if (!holds)
        {
            _errors ??= [];
            _errors[member] = _errors.TryGetValue(member, out var known) ? [.. known, what] : [what];
        }
    }

    /// <summary>The refusal, or null if nothing is wrong.</summary>
    public ProblemResult? Refusal()
        => _errors is null ? null : new ProblemResult(ProblemCodes.For(400) with { Errors = _errors });

    private string Optional(string member, TextCheck check, int maxScalars, string clean)
    {
        Require(check is TextCheck.Ok or TextCheck.Empty, member, Explain(check, maxScalars));
        return clean;
    }

    private static string Explain(TextCheck check, int maxScalars) => check switch
    {
        TextCheck.Empty => "It is empty.",
        TextCheck.TooLong => $"It is longer than {maxScalars} characters.",
        _ => "It holds control characters or broken surrogates.",
    };
}
