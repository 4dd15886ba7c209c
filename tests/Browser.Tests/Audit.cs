using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>
/// What can be checked by machine of "keyboard and screen-reader friendly": names, landmarks, ids, contrast (WCAG 2.2
/// AA, measured from computed colours). Findings of all states are kept, so that one run tells all of them.
/// </summary>
internal sealed class Audit
{
    private static readonly string Script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "audit.js"));

    private readonly List<string> _findings = [];

    /// <summary>What is wrong with the page as it is, a line each.</summary>
    public static Task<string[]> Of(IPage page) => page.EvaluateAsync<string[]>(Script);

    /// <param name="state">What is to be seen, for the message.</param>
    /// <param name="person">Whose page is looked at.</param>
    public async Task Check(string state, Person person)
        => _findings.AddRange((await Of(person.Page)).Select(line => $"{state}: {line}"));

    public void HasPassed() => Assert.True(_findings.Count == 0, string.Join('\n', _findings));
}
