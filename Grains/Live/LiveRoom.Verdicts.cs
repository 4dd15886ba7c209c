using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>The part of a room that answers what viewers send.</summary>
public sealed partial class LiveRoom
{
    /// <summary>Of the turn that runs, as none needs it for longer: a room would hold a kilobyte.</summary>
    [ThreadStatic]
    private static char[]? _formOfThread;

    /// <summary>Likes in one command.</summary>
    public const int MaxLikes = 50;

    /// <summary>Likes in one command of a front end that has summed a user's taps.</summary>
    public const int MaxSummedLikes = MaxLikes * RoomBatch.MaxItems;

    private static char[] Form => _formOfThread ??= new char[1 + TextFold.MaxLength];

    /// <summary>Decides every command of a batch, in order.</summary>
    /// <param name="batch">What was asked.</param>
    /// <param name="followers">Senders known to follow the host; default: nobody was asked, as it did not matter.
    /// </param>
    /// <param name="now">Unix ms.</param>
    /// <param name="events">What follows; one append, with the batch's number.</param>
    public ImmutableArray<RoomAnswer> Decide(
        RoomBatch batch, ImmutableArray<UserId> followers, long now, List<LiveRoomEvent> events)
    {
        Merger.BeginBatch();
        var draft = new BatchDraft(
            now, _state.DanmakuSeq, _state.MediaTime(now), Moderation.HeldSeq, _state.Draws, Questions.LastId,
            Frames.SettledTo(_state.DanmakuSeq), new DealDraft(_state.Deals, _options, now));
        _decided = draft.Tally;
        var answers = ImmutableArray.CreateBuilder<RoomAnswer>(batch.Commands.Length);
        foreach (var command in batch.Commands)
        {
            answers.Add(command switch
            {
                SendDanmaku danmaku => Decide(danmaku, followers, draft),
                LikeRoom like => Decide(like, draft),
                AdmitBuyer admit => Decide(admit, followers, draft),
                EnterDraw enter => Decide(enter, followers.IsDefault ? [] : followers, draft),
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

    /// <summary>Senders of these commands whose following of the host matters for the answer; default: that does not
    /// matter.</summary>
    public ImmutableArray<UserId> SendersToCheck(ImmutableArray<RoomCommand> commands)
        => !Exists || !commands.Any(AsksFollowers)
            ? default
            : [.. commands.Where(AsksFollowers).Select(command => command.User)
                .Where(user => user != HostId).Distinct()];

    private bool AsksFollowers(RoomCommand command) => command switch
    {
        SendDanmaku or AskQuestion => _rules.FollowersOnly,
        EnterDraw enter => AsksFollowers(enter.DrawId),
        AdmitBuyer admit => AsksFollowers(admit.DealId),
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
                ? draft.Tally.Repeat(bound.ToVerdict())
                : draft.Tally.Decide(Verdict.Reject(RejectReason.Conflict));
        }

        return draft.Tally.Decide(DecideNew(command, text, name, check, followers, draft));
    }

    private Verdict DecideNew(
        SendDanmaku command, string text, string name, long check, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        if (!ReferenceEquals(text, command.Text) || !ReferenceEquals(name, command.Name))
        {
            command = command with { Name = name, Text = text };
        }

        return _state.IsStaff(command.User) ? Accept(command, check, draft) : Judge(command, check, followers, draft);
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

    /// <summary>Decides what becomes of a viewer's danmaku that is well formed.</summary>
    private Verdict Judge(SendDanmaku command, long check, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (RefuseSpeaker(command.User, followers, draft) is { } refusal)
        {
            return refusal;
        }

        // The mode goes before the form, so that what stands still is not counted with what flies by.
        Form[0] = (char)command.Mode;
        var length = TextFold.Write(command.Text, Form.AsSpan(1), out var isStretched);
        var form = Form.AsSpan(1, length);
        if (length == 0)
        {
            return Verdict.Reject(RejectReason.Empty);
        }

        var isBlocked = _blockedWords.IsIn(command.Text, form, isStretched);
        if ((isBlocked && _rules.Hold == HoldMode.Off)
            || _options.GlobalWords.IsIn(command.Text, form, isStretched))
        {
            return Verdict.Reject(RejectReason.BlockedWord);
        }

        if (RefuseSoon(command.User, draft) is { } soon)
        {
            return soon;
        }

        return Reason(command.Text, form, isBlocked) is { } reason
            ? Hold(command, reason, check, draft)
            : Show(command, Form.AsSpan(0, length + 1), check, draft);
    }

    /// <summary>Why somebody may not say a text now that is no danmaku; null: they may.</summary>
    private Verdict? Refuse(UserId user, string text, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        if (_state.IsStaff(user))
        {
            return null;
        }

        if (RefuseSpeaker(user, followers, draft) is { } refusal)
        {
            return refusal;
        }

        var length = TextFold.Write(text, Form.AsSpan(1), out var isStretched);
        var form = Form.AsSpan(1, length);
        return length == 0 ? Verdict.Reject(RejectReason.Empty)
            : _blockedWords.IsIn(text, form, isStretched) || _options.GlobalWords.IsIn(text, form, isStretched)
                ? Verdict.Reject(RejectReason.BlockedWord)
            : RefuseSoon(user, draft);
    }

    private Verdict? RefuseSpeaker(UserId user, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (Moderation.MutedUntil(user, draft.Now) is > 0 and var until)
        {
            return Verdict.Reject(
                RejectReason.Muted, until == ModerationState.Forever ? null : until - draft.Now);
        }

        if (!_rules.FollowersOnly)
        {
            return null;
        }

        // The rule may have come into force while nobody was asked.
        return followers.IsDefault ? Verdict.Reject(RejectReason.TryAgain)
            : !followers.Contains(user) ? Verdict.Reject(RejectReason.FollowersOnly)
            : null;
    }

    private Verdict? RefuseSoon(UserId user, BatchDraft draft)
    {
        var seconds = _rules.SlowModeSeconds;
        var wait = draft.HasSpoken(user)
            ? seconds * 1_000L
            : Memory.SlowMode.WaitMs(user, seconds, draft.Now);
        return wait > 0 ? Verdict.Reject(RejectReason.SlowMode, wait) : null;
    }

    /// <summary>Why a danmaku is to wait for review; null: it is not.</summary>
    private HoldReason? Reason(string text, ReadOnlySpan<char> form, bool isBlocked)
        => isBlocked ? HoldReason.BlockedWord
            : _rules.Hold == HoldMode.All ? HoldReason.Review
            : _rules.Hold == HoldMode.Suspicious && Suspicion.IsIn(text, form) ? HoldReason.Suspicious
            : null;

    private Verdict Hold(SendDanmaku command, HoldReason reason, long check, BatchDraft draft)
        => Moderation.Held.Count + draft.Held < _options.Held
            && Moderation.Held.CountOf(command.User) + draft.HeldOf(command.User) < _options.HeldPerUser
            ? draft.Hold(command, reason, check)
            : Verdict.Reject(RejectReason.RateLimited, _options.HeldRetryMs);

    private Verdict Show(SendDanmaku command, ReadOnlySpan<char> form, long check, BatchDraft draft)
    {
        var mostOwn = _rules.Shield ? 0 : _options.OwnRepeats > 0 ? _options.OwnRepeats : int.MaxValue;
        var like = Merger.Find(form, command.User, draft.Now, mostOwn);
        if (like.Seq > 0)
        {
            return like.Count > 0
                ? draft.Merge(command, like.Seq, like.Count, check)
                : Verdict.Reject(RejectReason.Duplicate, like.RetryAfterMs);
        }

        var verdict = Accept(command, check, draft);
        if (verdict.Seq is { } seq)
        {
            Merger.Watch(form, seq, command.User, draft.Now);
        }

        return verdict;
    }

    private Verdict Accept(SendDanmaku command, long check, BatchDraft draft)
        => Frames.Waiting + draft.Danmaku < _options.PendingDanmaku
            ? Verdict.Accept(draft.Send(command, check))
            : Verdict.Reject(RejectReason.RateLimited, _options.MaxTickMs);

    private RoomAnswer Decide(LikeRoom command, BatchDraft draft)
    {
        if (Answered(command, command.Count, draft, out var check) is { } answer)
        {
            return answer;
        }

        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        draft.Like(command, check);
        return new LikesAccepted(command.Count);
    }

    /// <summary>What a command that counts taps is answered before anything of the room's state matters: it cannot be
    /// meant, or its key is bound already; null: neither, and its content is <paramref name="check"/>.</summary>
    private RoomAnswer? Answered(RoomCommand command, int count, BatchDraft draft, out long check)
    {
        check = 0;
        if (!Exists)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        var key = command.Key;
        if (count < 1 || count > (key is null ? MaxSummedLikes : MaxLikes)
            || (key is not null && !TextRules.IsKey(key)))
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        check = key is null ? 0 : KeyLedger.ContentHash(command);
        return Bound(command, draft) is not { } bound ? null
            : bound.Content == check ? new LikesAccepted((int)bound.Result)
            : Verdict.Reject(RejectReason.Conflict);
    }
}
