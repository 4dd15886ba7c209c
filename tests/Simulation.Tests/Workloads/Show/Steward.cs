using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>What somebody with a say in a show does, or who tries to: each answer is judged by the log.</summary>
internal sealed class Steward(
    SimulatedWorld world, ShowStage stage, UserId by, string name, SimulationRandom random, int attempts = 4)
{
    private readonly ShowModel _room = stage.Room;
    private readonly RoomClerk _clerk = new(world, stage.Cast, stage.Room, name, random);

    private ILiveRoomGrain Grain => stage.Cast.Grains.LiveRoom(_room.Id);

    private StoredRoom Stored => _room.Stored;

    /// <summary>Opens a poll for so many seconds; each attempt brings another id, as it does over REST.</summary>
    public Task OpenPoll(int seconds)
    {
        var key = $"poll-{stage.NextKey()}";
        var options = Enumerable.Range(0, 2 + random.Next(3)).Select(option => $"option {option}").ToImmutableArray();
        var (multiple, anonymous) = (random.Chance(0.4), random.Chance(0.3));
        return _clerk.Command(
            $"open {key}",
            () => Grain.OpenPoll(
                by, new OpenPoll(new PollId(stage.NextId()), key, options, multiple, anonymous, seconds, key)),
            attempts,
            (outcome, known) => Judge(outcome.Status, known, CommandStatus.WrongState, CommandStatus.RateLimited, () =>
            {
                _room.Show(outcome.Poll!, default, known);
                return outcome.Poll!.Question == key;
            }));
    }

    public Task OpenPk(int seconds)
    {
        var key = $"pk-{stage.NextKey()}";
        return _clerk.Command(
            $"open {key}",
            () => Grain.OpenPk(by, new OpenPk(new PkId(stage.NextId()), "left", "right", seconds, key)), attempts,
            (outcome, known) => Judge(outcome.Status, known, CommandStatus.WrongState, CommandStatus.RateLimited, () =>
            {
                _room.Show(outcome.Pk!, known);
                return true;
            }));
    }

    public Task OpenDraw(int seconds, DrawCondition condition)
    {
        var (key, winners) = ($"draw-{stage.NextKey()}", 1 + random.Next(4));
        return _clerk.Command(
            $"open {key}",
            () => Grain.OpenDraw(
                new OpenDraw(by, new DrawId(stage.NextId()), key, winners, seconds, condition, key)),
            attempts,
            (outcome, known) => Judge(outcome.Status, known, CommandStatus.WrongState, CommandStatus.RateLimited, () =>
            {
                _room.Show(outcome.Draw!, from: 0);
                return outcome.Draw!.Prize == key && Stored.Draws.ContainsKey(outcome.Draw.DrawId);
            }));
    }

    public Task ClosePoll(LoggedPoll poll) => _clerk.Command(
        $"close poll {poll.Id}", () => Grain.ClosePoll(by, poll.Id), attempts,
        (outcome, known) => Judge(outcome.Status, known, () =>
        {
            _room.Know(poll.ClosedBy);
            _room.Show(outcome.Poll!, default, known);
            return poll.ClosedBy > 0 && outcome.Poll!.Closed;
        }));

    public Task ClosePk(LoggedPk pk) => _clerk.Command(
        $"close PK {pk.Id}", () => Grain.ClosePk(by, pk.Id), attempts,
        (outcome, known) => Judge(outcome.Status, known, () => pk.ClosedBy > 0 && outcome.Pk!.Closed));

    public Task Answer(LoggedQuestion question)
    {
        var text = random.Chance(0.5) ? $"answer of {by}" : null;
        return _clerk.Command(
            $"answer {question.Id}", () => Grain.AnswerQuestion(by, question.Id, text), attempts,
            (outcome, known) => Judge(
                outcome.Status, known, CommandStatus.Conflict, CommandStatus.NotFound,
                () => question.IsAnswered && question.Answer == text
                    && outcome.Question!.Upvotes == question.Upvoters.Count,
                () => question.SettledBy > 0));
    }

    public Task Dismiss(LoggedQuestion question) => _clerk.Command(
        $"dismiss {question.Id}", () => Grain.DismissQuestion(by, question.Id), attempts,
        (status, known) => Judge(
            status, known, CommandStatus.WrongState, CommandStatus.NotFound,
            () => question.IsGone, () => question.SettledBy > 0));

    public Task Pin(PinItem item) => _clerk.Command(
        $"pin {item}", () => Grain.Pin(by, item), attempts,
        (outcome, known) => Judge(
            outcome.Status, known, CommandStatus.WrongState, CommandStatus.NotFound,
            () => Stored.Pin.Held(
                _room.From(known), Stored.Head,
                pin => pin == StoredRoom.Show(new RoomPin(0, item.Text, item.PollId, item.QuestionId)))));

    public Task Unpin() => _clerk.Command(
        "unpin", () => Grain.Unpin(by), attempts,
        (outcome, known) => Judge(
            outcome.Status, known,
            () => Stored.Pin.Held(_room.From(known), Stored.Head, pin => pin.Length == 0)));

    /// <summary>Approves or refuses what waits.</summary>
    public Task Review(StoredHeld held, bool approves) => _clerk.Command(
        $"review {held.HeldId}: {approves}",
        () => approves ? Grain.Approve(by, held.HeldId) : Grain.Refuse(by, held.HeldId), attempts,
        (outcome, known) => Judge(
            outcome.Status, known, CommandStatus.WrongState, CommandStatus.NotFound,
            () => held.ReviewedBy > 0 && held.Seq == outcome.Seq && outcome.Seq is not null == approves,
            () => held.ReviewedBy > 0 || Stored.State.Now != RoomState.Live));

    public Task Recall(StoredDanmaku danmaku) => _clerk.Command(
        $"take back {danmaku.Seq}", () => Grain.Recall(by, danmaku.Seq), attempts,
        (status, known) =>
        {
            if (status == CommandStatus.Forbidden && by == danmaku.User)
                _clerk.Require(false, $"{danmaku.Seq} is not to be taken back by its sender");
            if (status == CommandStatus.Done) _room.Know(danmaku.RecalledBy);
            return (status == CommandStatus.Forbidden && danmaku.User == _room.HostId && by != danmaku.User)
                || Judge(status, known, () => danmaku.RecalledBy > 0);
        });

    public Task Mute(UserId user, int? seconds) => _clerk.Command(
        $"mute {user} for {seconds}", () => Grain.Mute(by, user, seconds), attempts,
        (status, known) =>
        {
            var from = _room.From(known);
            var mayBeStaff = user == _room.HostId || Stored.ModeratorOf(user).Held(from, Stored.Head, held => held);
            if (mayBeStaff && status is CommandStatus.Invalid or CommandStatus.Forbidden) return true;
            return Judge(status, known, () => Stored.MutedOf(user).Held(
                from, Stored.Head, until => seconds is null ? until == StoredRoom.Forever : until > 0));
        });

    public Task Unmute(UserId user) => _clerk.Command(
        $"unmute {user}", () => Grain.Unmute(by, user), attempts,
        (status, known) => Judge(status, known, () => true));

    public Task Appoint(UserId user, bool isModerator) => _clerk.Command(
        $"{user} moderates: {isModerator}",
        () => isModerator ? Grain.AddModerator(by, user) : Grain.RemoveModerator(by, user), attempts,
        (status, known) => Judge(
            status, known, () => Stored.ModeratorOf(user).Held(
                _room.From(known), Stored.Head, moderates => moderates == isModerator)));

    /// <summary>Turns the shield; a moderator may do that, and no more.</summary>
    public Task Shield(bool isUp) => _clerk.Command(
        $"shield {isUp}",
        () => Grain.ChangeSettings(by, new RoomSettingsChange(null, null, null, Shield: isUp)), attempts,
        (outcome, known) => Judge(
            outcome.Status, known, CommandStatus.WrongState, CommandStatus.WrongState,
            () => outcome.Settings!.Shield == isUp
                && Stored.Rules.Held(_room.From(known), Stored.Head, rules => rules.Shield == isUp)));

    /// <summary>Reads the totals.</summary>
    public async Task<RoomStats?> Stats(int most = 1)
    {
        RoomStats? stats = null;
        var head = 0L;
        await _clerk.Command(
            "stats?",
            () =>
            {
                Stored.Refresh();
                head = Stored.Head;
                return Grain.Stats(by);
            },
            most,
            (outcome, known) => Judge(outcome.Status, known, () =>
            {
                stats = outcome.Stats;
                _room.Show(stats!, head);
                return true;
            }));
        return stats;
    }

    /// <summary>Reads what waits for review.</summary>
    public Task Held() => _clerk.Command(
        "held?", () => Grain.Held(by, 0, 200), 1,
        (outcome, known) => Judge(outcome.Status, known, () =>
        {
            var from = _room.From(known);
            var shown = outcome.Page!.Items;
            return shown.All(item => Stored.Held.TryGetValue(item.HeldId, out var held) && held.User == item.UserId
                    && (held.Text == item.Text || held.Text.Length == 0)
                    && (held.ReviewedBy == 0 || held.ReviewedBy > from))
                && Stored.Waiting.All(held => held.Version > from || shown.Any(item => item.HeldId == held.HeldId));
        }));

    private bool Judge(CommandStatus status, long known, Func<bool> isDone)
        => Judge(status, known, CommandStatus.Done, CommandStatus.Done, isDone);

    /// <summary>Whether an outcome is final; it has to be true.</summary>
    private bool Judge(
        CommandStatus status, long known, CommandStatus one, CommandStatus other, Func<bool> isDone,
        Func<bool>? isRefused = null)
    {
        if (RoomClerk.IsOpen(status)) return false;
        var isTrue = status switch
        {
            CommandStatus.Done => isDone(),
            CommandStatus.Forbidden => by != _room.HostId
                && Stored.ModeratorOf(by).Held(_room.From(known), Stored.Head, moderates => !moderates),
            _ => status == one || status == other
                ? isRefused?.Invoke() ?? true
                : status == CommandStatus.NotFound,
        };

        // What an activation does not know that was overtaken is not found, or refused otherwise.
        _clerk.Require(isTrue || (world.Cluster.WasShared && status != CommandStatus.Done), $"{status} is not true");
        return true;
    }
}
