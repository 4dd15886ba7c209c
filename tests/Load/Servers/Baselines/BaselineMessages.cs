namespace RedNote.Load.Servers.Baselines;

/// <summary>What a client sends.</summary>
public sealed record BaselineText(string Text);

/// <summary>The fields of our danmaku.</summary>
public sealed record BaselineDanmaku(
    long Seq, string UserId, string Name, string Text, string Mode, string Color, long At, long MediaAt)
{
    private static long _lastSeq;

    /// <summary>The next one.</summary>
    public static BaselineDanmaku Of(string text)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new BaselineDanmaku(
            Interlocked.Increment(ref _lastSeq), "1234567890123456789", "viewer 123", text, "scroll", "#ffffff", now,
            now);
    }
}

/// <summary>Answers a sender.</summary>
public sealed record BaselineVerdict(string Status, long Seq);

/// <summary>Answers a call that does nothing.</summary>
public sealed record BaselineNothing;

/// <summary>Answers a like.</summary>
public sealed record BaselineLikes(int Likes, bool Liked);
