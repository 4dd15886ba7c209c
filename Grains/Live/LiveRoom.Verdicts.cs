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
    /// <param name="batch">What was asked.</param>
    /// <param name="followers">Senders known to follow the host; needed in followers-only mode.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="events">What follows; one append, with the batch's number.</param>
    public ImmutableArray<RoomAnswer> Decide(
        RoomBatch batch, ImmutableArray<UserId> followers, long now, List<LiveRoomEvent> events)
    {
        var draft = new BatchDraft(
            now, _state.DanmakuSeq, _state.MediaTime(now), _state.Draws, Questions.LastId);
        _decided = draft.Tally;
        var answers = ImmutableArray.CreateBuilder<RoomAnswer>(batch.Commands.Length);
        foreach (var command in batch.Commands)
        {
            answers.Add(command switch
            {
                SendDanmaku danmaku => Decide(danmaku, followers, draft),
                LikeRoom like => Decide(like, draft),
                EnterDraw enter => Decide(enter, followers, draft),
                CastVote vote => Decide(vote, draft),
                Cheer cheer => Decide(cheer, draft),
                AskQuestion ask => Decide(ask, followers, draft),
                UpvoteQuestion upvote => Decide(upvote, draft),
                _ => Verdict.Reject(RejectReason.Invalid),
            });
        }

        draft.AddTo(events, batch);
        ReachMilestones(draft.Likes, now, events);
        return answers.MoveToImmutable();
    }

    /// <summary>Senders of these commands whose following of the host matters for the answer.</summary>
    public ImmutableArray<UserId> SendersToCheck(ImmutableArray<RoomCommand> commands)
        => !Exists
            ? []
            : [.. commands.Where(AsksFollowers).Select(command => command.User).Where(user => user != HostId)
                .Distinct()];

    private bool AsksFollowers(RoomCommand command) => command switch
    {
        SendDanmaku or AskQuestion => FollowersOnly,
        EnterDraw enter => AsksFollowers(enter.DrawId),
        _ => false,
    };

    private Verdict Decide(SendDanmaku command, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (!Exists)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        if (RefuseShape(command, out var text, out var name) is { } malformed)
        {
            return draft.Tally.Decide(Verdict.Reject(malformed));
        }

        var check = command.Key is null ? 0 : KeyLedger.ContentHash(command);
        if (Bound(command, draft) is { } bound)
        {
            return bound.Content == check
                ? draft.Tally.Repeat(Verdict.Accept(bound.Result))
                : draft.Tally.Decide(Verdict.Reject(RejectReason.Conflict));
        }

        return draft.Tally.Decide(DecideNew(command, text, name, check, followers, draft));
    }

    private Verdict DecideNew(
        SendDanmaku command, string text, string name, long check, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (Refuse(command.User, text, followers, draft) is { } refusal)
        {
            return refusal;
        }

        return Frames.Waiting + draft.Danmaku < _options.PendingDanmaku
            ? Verdict.Accept(draft.Send(command, name, text, check))
            : Verdict.Reject(RejectReason.RateLimited, _options.MaxTickMs);
    }

    /// <summary>What the command's key is bound to, by this batch or before.</summary>
    private KeyEntry? Bound(RoomCommand command, BatchDraft draft)
        => KeyLedger.KeyOf(command) is not { } key
            ? null
            : draft.Find(command.User, key) ?? Memory.Keys.Find(command.User, key, draft.Now);

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

    private Verdict? Refuse(UserId user, string text, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        if (user == HostId)
        {
            return null;
        }

        if (_state.IsMuted(user))
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

        var seconds = Settings.SlowModeSeconds;
        var wait = draft.HasSpoken(user)
            ? seconds * 1_000L
            : Memory.SlowMode.WaitMs(user, seconds, draft.Now);
        return wait > 0 ? Verdict.Reject(RejectReason.SlowMode, wait) : null;
    }

    private RoomAnswer Decide(LikeRoom command, BatchDraft draft)
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

        var check = command.Key is null ? 0 : KeyLedger.ContentHash(command);
        if (Bound(command, draft) is { } bound)
        {
            return bound.Content == check
                ? new LikesAccepted((int)bound.Result)
                : Verdict.Reject(RejectReason.Conflict);
        }

        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        draft.Like(command, check);
        return new LikesAccepted(command.Count);
    }
}
