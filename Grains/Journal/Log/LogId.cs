namespace RedNote.Journal;

/// <summary>Names one log: that of one grain.</summary>
/// <param name="Log">The kind of grain, for example <c>room</c>; lower case, it is in databases.</param>
/// <param name="Key">The grain's key: a decimal number, or the string key itself.</param>
public readonly record struct LogId(string Log, string Key)
{
    public override string ToString() => $"{Log}/{Key}";
}
