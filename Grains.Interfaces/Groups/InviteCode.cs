namespace RedNote.Groups;

/// <summary>How an invite's code is written: the group's id, a hyphen, the secret. Whoever has one finds the group.
/// </summary>
public static class InviteCode
{
    public const int MinLength = 16;
    public const int MaxLength = 64;

    /// <param name="group">Whose invite it is.</param>
    /// <param name="secret">Random; letters, digits, - and _ alone.</param>
    public static string Of(GroupId group, string secret) => $"{group}-{secret}";

    /// <summary>The group whose code it is, if it is one's; whether it holds is the group's to say.</summary>
    public static bool TryParse(string? code, out GroupId group)
    {
        group = default;
        return code is { Length: >= MinLength and <= MaxLength } && TextRules.IsKey(code)
            && code.IndexOf('-', StringComparison.Ordinal) is > 0 and var hyphen
            && EntityId.TryParse(code.AsSpan(0, hyphen), out group);
    }
}
