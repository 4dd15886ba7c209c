using System.Text.RegularExpressions;

namespace RedNote.Load.Servers;

/// <summary>Settings that a server of ours is started with, beside those that this program needs.</summary>
public static partial class ServerSettings
{
    private const int MaxSettings = 32;

    /// <summary>
    /// Reads <c>KEY=VALUE[,KEY=VALUE]</c>, where a key is one of the server's (<c>RedNote:Live:MinTickMs</c>) or of
    /// .NET's (<c>DOTNET_gcServer</c>), into environment variables. Null: none.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Parse(string option, string? text)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text?.Split(',') ?? [])
        {
            if (Setting().Match(pair) is not { Success: true } match || settings.Count == MaxSettings
                || !settings.TryAdd(
                    match.Groups["key"].Value.Replace(":", "__", StringComparison.Ordinal),
                    match.Groups["value"].Value))
            {
                throw new LoadException(
                    $"--{option} is KEY=VALUE[,KEY=VALUE], at most {MaxSettings}, none twice, with keys that begin "
                    + $"with RedNote: or DOTNET_; '{pair}' is not.");
            }
        }

        return settings;
    }

    [GeneratedRegex("^(?<key>(RedNote(:|__)|DOTNET_)[A-Za-z0-9_:]{1,100})=(?<value>[^,]{0,200})$")]
    private static partial Regex Setting();
}
