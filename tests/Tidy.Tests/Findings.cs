namespace RedNote.Tidy.Tests;

/// <summary>Fails with the whole list of what was found, a line each.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string?> findings)
    {
        var lines = findings.ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }
}
