using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>The part of a room that answers what viewers send.</summary>
public sealed partial class LiveRoom
{
    /// <summary>Likes in one command.</summary>
    public const int MaxLikes = 50;

    /// <summary>Likes in one command of a front end that has summed a user's taps.</summary>
    public const int MaxSummedLikes = MaxLikes * RoomBatch.MaxItems;

    /// <summary>Decides every command of a batch, in order.</summary>
    /// <param name="commands">What was asked.</param>
    /// <param name="followers">Senders known to follow the host; needed in followers-only mode.</param>
    /// <param name="now">Unix ms.</param>
    public ImmutableArray<RoomAnswer> Decide(
        ImmutableArray<RoomCommand> commands, ImmutableArray<UserId> followers, long now)
    {
        var answers = ImmutableArray.CreateBuilder<RoomAnswer>(commands.Length);
        foreach (var command in commands)
        {
            answers.Add(command switch
            {
                SendDanmaku danmaku => Decide(danmaku, followers, now),
                LikeRoom like => Decide(like, now),
                _ => Verdict.Reject(RejectReason.Invalid),
            });
        }

        return answers.MoveToImmutable();
    }

    /// <summary>Senders of these commands whose following of the host matters for the answer.</summary>
    public ImmutableArray<UserId> SendersToCheck(ImmutableArray<RoomCommand> commands)
        => !Exists || !FollowersOnly
            ? []
            : [.. commands.OfType<SendDanmaku>().Select(danmaku => danmaku.User).Where(user => user != HostId)
                .Distinct()];

    private Verdict Decide(SendDanmaku command, ImmutableArray<UserId> followers, long now)
    {
        if (!Exists)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        if (RefuseShape(command, out var text, out var name) is { } malformed)
        {
            return Verdict.Reject(malformed);
        }

        var content = command.Key is null ? 0 : KeyLedger.ContentHash(command);
        if (command.Key is not null && _keys.Find(command.User, command.Key, now) is { } bound)
        {
            return bound.Content == content ? Verdict.Accept(bound.Result) : Verdict.Reject(RejectReason.Conflict);
        }

        if (Refuse(command.User, text, followers, now) is { } refusal)
        {
            return refusal;
        }

        var danmaku = new Danmaku(
            _danmakuSeq + 1, command.User, name, text, command.Mode, command.Color, now,
            Math.Max(0, now - (_settled.StartedAt ?? now)));
        if (!Frames.TryAdd(danmaku))
        {
            return Verdict.Reject(RejectReason.RateLimited, _options.MaxTickMs);
        }

        _danmakuSeq++;
        _slowMode.Sent(command.User, Settings.SlowModeSeconds, now);
        if (command.Key is not null)
        {
            _keys.Bind(new KeyEntry(command.User, command.Key, content, danmaku.Seq, now));
        }

        return Verdict.Accept(danmaku.Seq);
    }

    /// <summary>What is wrong with the command whatever the room's state; otherwise its clean text and name.</summary>
    private static RejectReason? RefuseShape(SendDanmaku command, out string text, out string name)
    {
        name = "";
        var reason = TextRules.Clean(command.Text, TextRules.MaxDanmaku, out text) switch
        {
            TextCheck.Empty => RejectReason.Empty,
            TextCheck.TooLong => RejectReason.TooLong,
            TextCheck.Invalid => RejectReason.Invalid,
            _ => (RejectReason?)null,
        };
        if (reason is not null)
        {
            return reason;
        }

        var wellFormed = TextRules.IsColor(command.Color)
            && Enum.IsDefined(command.Mode)
            && (command.Key is null || TextRules.IsKey(command.Key))
            && TextRules.Clean(command.Name, TextRules.MaxUserName, out name) == TextCheck.Ok;
        return wellFormed ? null : RejectReason.Invalid;
    }

    private Verdict? Refuse(UserId user, string text, ImmutableArray<UserId> followers, long now)
    {
        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        if (user == HostId)
        {
            return null;
        }

        if (_muted.Contains(user))
        {
            return Verdict.Reject(RejectReason.Muted);
        }

        if (FollowersOnly && !followers.Contains(user))
        {
            return Verdict.Reject(RejectReason.FollowersOnly);
        }

        if (_blockedWords.IsIn(text))
        {
            return Verdict.Reject(RejectReason.BlockedWord);
        }

        var wait = _slowMode.WaitMs(user, Settings.SlowModeSeconds, now);
        return wait > 0 ? Verdict.Reject(RejectReason.SlowMode, wait) : null;
    }

    private RoomAnswer Decide(LikeRoom command, long now)
    {
        if (!Exists)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        var most = command.Key is null ? MaxSummedLikes : MaxLikes;
        if (command.Count < 1 || command.Count > most || (command.Key is not null && !TextRules.IsKey(command.Key)))
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        var content = command.Key is null ? 0 : KeyLedger.ContentHash(command);
        if (command.Key is not null && _keys.Find(command.User, command.Key, now) is { } bound)
        {
            return bound.Content == content
                ? new LikesAccepted((int)bound.Result)
                : Verdict.Reject(RejectReason.Conflict);
        }

        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        _likes += command.Count;
        if (command.Key is not null)
        {
            _keys.Bind(new KeyEntry(command.User, command.Key, content, command.Count, now));
        }

        return new LikesAccepted(command.Count);
    }
}
