using System.Collections.Immutable;
using System.Globalization;

namespace RedNote.Live;

/// <summary>The part of a room that holds lucky draws.</summary>
public sealed partial class LiveRoom
{
    /// <summary>Entrants in one event of a frozen list.</summary>
    public const int DrawPiece = 2_048;

    /// <summary>Pieces of a list that are raised in one turn; between two the room does other things.</summary>
    public const int DrawPiecesPerTurn = 16;

    /// <summary>Open draws, and the last results.</summary>
    public ImmutableArray<Draw> Draws(long now)
        => [.. _state.Draws.Running.Select(draw => draw.Card(!draw.IsOpen(now))), .. _state.Draws.Results];

    /// <summary>A draw that is not of long ago, or null.</summary>
    public Draw? FindDraw(DrawId draw, long now) => _state.Draws.Find(draw) is { } running
        ? running.Card(!running.IsOpen(now))
        : _state.Draws.FindResult(draw);

    public bool IsDrawRunning(DrawId draw) => _state.Draws.Find(draw) is not null;

    /// <summary>When there is something to do for a draw without being asked, Unix ms; null: never.</summary>
    public long? NextDrawAt
    {
        get
        {
            long? next = null;
            foreach (var draw in _state.Draws.Running)
            {
                var at = draw.IsClosed ? 0 : draw.ClosesAt;
                next = next is { } known ? Math.Min(known, at) : at;
            }

            return next;
        }
    }

    /// <summary>Opens a draw; Done also for a repeated key, with the draw of the first time.</summary>
    public (CommandStatus Status, DrawId Draw, bool IdTaken) OpenDraw(
        OpenDraw command, IDrawSeeds seeds, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessHost(command.By) is { } refusal)
        {
            return (refusal, default, false);
        }

        if (!TextRules.IsKey(command.Key) || !IsWellFormed(command, out var prize, out var condition))
        {
            return (CommandStatus.Invalid, default, false);
        }

        var check = ContentHash(command with { Prize = prize, Condition = condition });
        if (_state.Draws.FindKey(command.Key, now) is { } bound)
        {
            return (bound.Check == check ? CommandStatus.Done : CommandStatus.Conflict, bound.DrawId, false);
        }

        if (State != RoomState.Live)
        {
            return (CommandStatus.WrongState, default, false);
        }

        if (_state.Draws.Running.Count >= _options.Draws || _state.Draws.IsFull(now))
        {
            return (CommandStatus.RateLimited, default, false);
        }

        if (_state.Draws.Knows(command.DrawId))
        {
            return (CommandStatus.Conflict, default, true);
        }

        events.Add(new DrawOpened(
            now, command.DrawId, _state.MediaTime(now), prize, command.Winners, condition,
            now + command.Seconds * 1_000L, seeds.Next(), command.Key, check));
        return (CommandStatus.Done, command.DrawId, false);
    }

    /// <summary>
    /// What is due for draws: closes those whose time has come, puts frozen lists into the log piece by piece, and
    /// decides those whose list is complete there. Called until nothing follows any more.
    /// </summary>
    public void SettleDraws(long now, List<LiveRoomEvent> events)
    {
        var pieces = DrawPiecesPerTurn;
        foreach (var draw in _state.Draws.Running)
        {
            if (!draw.IsClosed)
            {
                if (now >= draw.ClosesAt)
                {
                    events.Add(new DrawClosed(now, draw.Id, draw.Entrants));
                }

                continue;
            }

            var listed = draw.Listed;
            for (; listed < draw.Entrants && pieces > 0; pieces--)
            {
                var piece = draw.List(listed, Math.Min(DrawPiece, draw.Entrants - listed));
                events.Add(new DrawListed(now, draw.Id, listed, piece));
                listed += piece.Length;
            }

            if (listed == draw.Entrants)
            {
                events.Add(new DrawDecided(now, _state.MediaTime(now), draw.Result()));
            }
        }
    }

    private void TakeDraw(DrawEvent raised)
    {
        switch (raised)
        {
            case DrawOpened opened:
                Frames.Announce(new DrawAnnounced(opened.ToDraw()) { At = opened.At });
                break;
            case DrawDecided decided:
                Frames.Announce(new DrawResultAnnounced(decided.Draw) { At = decided.At });
                break;
        }
    }

    /// <summary>The show has ended: nobody can enter any more.</summary>
    private void CloseDraws(long now, List<LiveRoomEvent> events)
    {
        foreach (var draw in _state.Draws.Running.Where(draw => !draw.IsClosed))
        {
            events.Add(new DrawClosed(now, draw.Id, draw.Entrants));
        }
    }

    private Verdict Decide(EnterDraw command, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (!Exists)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        if (command.User.Value <= 0 || (command.Key is not null && !TextRules.IsKey(command.Key)))
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        if (_state.Draws.Find(command.DrawId) is not { } draw)
        {
            return Verdict.Reject(
                _state.Draws.Knows(command.DrawId) ? RejectReason.DrawClosed : RejectReason.NotFound);
        }

        if (draft.Draws.HasEntered(draw, command.User))
        {
            // Entering twice is entering once; who asks again after the cut-off hears that it had worked.
            return Verdict.Done;
        }

        if (!draw.IsOpen(draft.Now) || draft.Draws.Entrants(draw) >= _options.DrawEntrants)
        {
            return Verdict.Reject(RejectReason.DrawClosed);
        }

        var kind = draw.Condition.Kind;
        var hasSaid = kind == DrawConditionKind.Password && draft.Draws.HasSaid(draw, command.User);
        if (!Meets(draw.Condition, command.User, hasSaid, followers, draft))
        {
            var reason = kind == DrawConditionKind.Followed ? RejectReason.FollowersOnly : RejectReason.Invalid;
            return Verdict.Reject(reason) with { Unmet = kind };
        }

        draft.Draws.Enter(draw, command.User);
        return Verdict.Done;
    }

    /// <summary>Whether a user meets the condition of a draw, or of a deal.</summary>
    private bool Meets(
        DrawCondition condition, UserId user, bool hasSaid, ImmutableArray<UserId> followers, BatchDraft draft)
        => condition.Kind switch
        {
            DrawConditionKind.None => true,
            DrawConditionKind.Password => hasSaid,
            DrawConditionKind.Voted => HasVoted(user, draft),
            DrawConditionKind.Followed => followers.Contains(user),
            DrawConditionKind.Watched => WatchedMs(user, draft.Now) >= condition.Seconds * 1_000L,
            _ => false,
        };

    /// <summary>Whether entering that draw needs to know who follows the host.</summary>
    private bool AsksFollowers(DrawId draw)
        => _state.Draws.Find(draw)?.Condition.Kind == DrawConditionKind.Followed;

    private bool IsWellFormed(OpenDraw command, out string prize, out DrawCondition condition)
    {
        condition = command.Condition;
        return TextRules.Clean(command.Prize, TextRules.MaxDrawPrize, out prize) == TextCheck.Ok
            && command.DrawId.Value > 0
            && command.Winners >= 1 && command.Winners <= _options.DrawWinners
            && command.Seconds >= 1 && command.Seconds <= _options.DrawSeconds
            && TryClean(command.Condition, out condition);
    }

    /// <summary>A condition as it is stored, of a draw or a deal; false if nobody could meet it.</summary>
    private static bool TryClean(DrawCondition asked, out DrawCondition condition)
    {
        condition = asked;
        switch (condition.Kind)
        {
            case DrawConditionKind.Password:
                if (TextRules.Clean(condition.Phrase, TextRules.MaxDanmaku, out var phrase) != TextCheck.Ok
                    || !DrawPhrase.IsPhrase(phrase))
                {
                    return false;
                }

                condition = new DrawCondition(condition.Kind, phrase, null);
                return true;
            case DrawConditionKind.Watched:
                condition = new DrawCondition(condition.Kind, null, condition.Seconds);
                return condition.Seconds is >= 1 and <= DrawCondition.MaxSeconds;
            default:
                condition = new DrawCondition(condition.Kind, null, null);
                return Enum.IsDefined(condition.Kind);
        }
    }

    /// <summary>The id is left out, as every attempt has its own.</summary>
    private static long ContentHash(OpenDraw command)
    {
        var condition = command.Condition;
        return KeyLedger.Hash(string.Create(
            CultureInfo.InvariantCulture,
            $"draw\n{command.Winners}\n{command.Seconds}\n{condition.Kind}\n{condition.Seconds}\n{condition.Phrase}")
            + $"\n{command.Prize}");
    }
}
