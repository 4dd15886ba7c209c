namespace Orleans.Runtime;

/// <summary>
/// Values that travel with calls, from the caller to the grain and on to what the grain calls. They do not travel back.
/// </summary>
public static class RequestContext
{
    /// <summary>
    /// Never changed in place: every write makes a new dictionary, since other flows may hold the old one.
    /// </summary>
    private static readonly AsyncLocal<Dictionary<string, object>?> Values = new();

    public static IEnumerable<string> Keys => Values.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries
        => Values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    internal static Dictionary<string, object>? Current
    {
        get => Values.Value;
        set => Values.Value = value;
    }

    public static object? Get(string key) => Values.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value)
        => Values.Value = new Dictionary<string, object>(Entries) { [key] = value };

    public static bool Remove(string key)
    {
        if (Values.Value is not { } values || !values.ContainsKey(key)) return false;
        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        Values.Value = rest.Count == 0 ? null : rest;
        return true;
    }

    public static void Clear()
    {
        if (Values.Value is not null) Values.Value = null;
    }
}
