namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// What one thing was set to, in order. A server that dies may have kept the last acknowledged value, or one that was
/// sent after it; nothing else.
/// </summary>
public sealed class KillRegister(string what)
{
    private readonly List<string> _sent = [];
    private int _acknowledged = -1;

    /// <summary>The value is about to be sent; answers what <see cref="Acknowledge"/> wants.</summary>
    public int Send(string value)
    {
        lock (_sent)
        {
            _sent.Add(value);
            return _sent.Count - 1;
        }
    }

    public void Acknowledge(int sent)
    {
        lock (_sent)
        {
            _acknowledged = Math.Max(_acknowledged, sent);
        }
    }

    /// <summary>Whether anything was acknowledged yet.</summary>
    public bool IsSet => _acknowledged >= 0;

    /// <summary>What is wrong with a value found after a restart; null: nothing, and it stands from now on.</summary>
    public string? Check(string found)
    {
        lock (_sent)
        {
            var at = _sent.LastIndexOf(found);
            if (at < _acknowledged)
            {
                return $"{what} is '{found}'; '{_sent.ElementAtOrDefault(_acknowledged)}' was acknowledged after that, "
                    + $"and sent then: {string.Join(", ", _sent.Skip(_acknowledged + 1))}";
            }

            _acknowledged = at;
            _sent.RemoveRange(at + 1, _sent.Count - at - 1);
            return null;
        }
    }
}

/// <summary>A danmaku of a talker: its key and text, and its number once that is known.</summary>
public sealed class KillLine(string key, string text)
{
    public string Key => key;

    public string Text => text;

    /// <summary>0 until it was acknowledged.</summary>
    public long Seq { get; set; }
}

/// <summary>An account that somebody tried to register; the id is null until that was acknowledged.</summary>
public sealed class KillAccount(string handle)
{
    public const string Password = "correct horse battery staple";

    public string Handle => handle;

    public string? UserId { get; set; }

    /// <summary>It was looked at after a restart, and found as it should be.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Whether following it was tried, and acknowledged.</summary>
    public bool WasFollowTried { get; set; }

    public bool IsFollowed { get; set; }
}
