using System.Globalization;
using System.Text.Json;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>A draw as the log has it.</summary>
internal sealed class LoggedDraw(
    DrawId id, int winners, long version, long openedAt, long closesAt, string condition, string value, string seed)
{
    public DrawId Id => id;

    public int Winners => winners;

    public long Version => version;

    public long OpenedAt => openedAt;

    public string Condition => condition;

    /// <summary>The phrase, or the seconds.</summary>
    public string Value => value;

    public string Seed => seed;

    public long ClosesAt { get; set; } = closesAt;

    public long ClosedBy { get; set; }

    public long DecidedBy { get; set; }

    /// <summary>Who has said the phrase, by the log's own word.</summary>
    public Dictionary<UserId, long> Said { get; } = [];

    /// <summary>Those who entered, and by which version.</summary>
    public Dictionary<UserId, long> Entrants { get; } = [];

    public Timeline<int> Count { get; } = new(0);

    /// <summary>The frozen list as far as it is in the log.</summary>
    public List<UserId> Listed { get; } = [];
}

/// <summary>Lucky draws: who could enter, when the list froze, and what the proof of the result says.</summary>
internal sealed partial class StoredRoom
{
    private readonly Dictionary<DrawId, LoggedDraw> _draws = [];
    private readonly HashSet<UserId> _voters = [];
    private readonly HashSet<(DrawId Draw, UserId User)> _phrases = [];
    private readonly List<UserId> _votersToBe = [];

    /// <summary>Whether somebody may have followed the host by then.</summary>
    public Func<UserId, bool> Follows { get; set; } = _ => true;

    public IReadOnlyDictionary<DrawId, LoggedDraw> Draws => _draws;

    private bool TakeDraw(long version, string kind, JsonElement stored)
    {
        switch (kind)
        {
            case "room.draw_opened":
                TakeDrawOpened(version, stored);
                return true;
            case "room.draw_phrase_said":
                var said = FindDraw(stored);
                foreach (var user in Users(stored, "users"))
                {
                    Require(
                        _phrases.Contains((said.Id, user)), version, $"{user} has not said '{said.Value}'");
                    said.Said.TryAdd(user, version);
                }

                return true;
            case "room.draw_entered":
                TakeEntered(version, stored);
                return true;
            case "room.draw_closed":
                var closed = FindDraw(stored);
                Require(closed.ClosedBy == 0, version, $"draw {closed.Id} closes again");
                Require(
                    Number(stored, "entrants") == closed.Entrants.Count, version,
                    $"draw {closed.Id} closes with {Number(stored, "entrants")} of {closed.Entrants.Count}");
                (closed.ClosedBy, closed.ClosesAt) = (version, Math.Min(closed.ClosesAt, Number(stored, "at")));
                return true;
            case "room.draw_listed":
                var listed = FindDraw(stored);
                Require(listed.ClosedBy > 0 && listed.DecidedBy == 0, version, $"draw {listed.Id} is listed");
                Require(Number(stored, "first") == listed.Listed.Count, version, $"draw {listed.Id} has a gap");
                listed.Listed.AddRange(Users(stored, "users"));
                return true;
            case "room.draw_decided":
                TakeDecided(version, stored);
                return true;
            default:
                return false;
        }
    }

    private void TakeDrawOpened(long version, JsonElement stored)
    {
        var condition = stored.GetProperty("condition");
        var value = condition.TryGetProperty("value", out var given) ? given.ToString() : "";
        var draw = new LoggedDraw(
            new DrawId(Id(stored, "drawId")), (int)Number(stored, "winners"), version, Number(stored, "at"),
            Number(stored, "closesAt"), Text(condition, "kind")!, value, Text(stored, "seed")!);
        Require(State.Now == RoomState.Live && _draws.TryAdd(draw.Id, draw), version, $"draw {draw.Id} opens again");
        Require(_openings.Add((Host, Text(stored, "key")!)), version, "a key opens two draws");
        PutOnTape(version, stored, "room.draw_opened", draw.Id.Value);
    }

    private void TakeEntered(long version, JsonElement stored)
    {
        var draw = FindDraw(stored);
        var at = Number(stored, "at");
        Require(
            draw.ClosedBy == 0 && at < draw.ClosesAt, version,
            $"draw {draw.Id} is entered at {at}, closed by {draw.ClosedBy} at {draw.ClosesAt}");
        foreach (var user in Users(stored, "users"))
        {
            Require(draw.Entrants.TryAdd(user, version), version, $"{user} enters draw {draw.Id} again");
            var meets = draw.Condition switch
            {
                "password" => draw.Said.ContainsKey(user),
                "voted" => MayHaveVoted(user),
                "followed" => Follows(user),
                "watched" => WatchedMs(user, at) + WatchSlackMs(user)
                    >= long.Parse(draw.Value, CultureInfo.InvariantCulture) * 1_000,
                _ => true,
            };
            Require(meets, version, $"{user} enters draw {draw.Id} without '{draw.Condition} {draw.Value}'");
        }

        draw.Count.Add(version, draw.Entrants.Count);
    }

    private void TakeDecided(long version, JsonElement stored)
    {
        var result = stored.GetProperty("draw");
        var draw = FindDraw(result);
        Require(draw.ClosedBy > 0 && draw.DecidedBy == 0, version, $"draw {draw.Id} is decided");
        draw.DecidedBy = version;
        var ids = DrawAudit.InOrder(draw.Entrants.Keys);
        Require(ids.SequenceEqual(draw.Listed.Select(DrawAudit.Show)), version, $"draw {draw.Id} has another list");
        var wrong = DrawAudit.FindWrong(
            draw.Seed, DrawAudit.Commitment(draw.Seed), ids, draw.Winners, Text(result, "seed"),
            Text(result, "commitment"), Text(result, "entrantsHash"), Users(result, "winnerIds"));
        Require(wrong is null, version, $"draw {draw.Id}: {wrong}");
        PutOnTape(version, stored, "room.draw_result", draw.Id.Value);
    }

    /// <summary>Somebody said something that may be the phrase of a draw.</summary>
    private void Say(UserId user, string? text)
    {
        foreach (var draw in _draws.Values)
        {
            var isIt = draw.Condition == "password" && draw.ClosedBy == 0
                && (text is null || Phrases.IsSame(draw.Value, text));
            if (isIt) _phrases.Add((draw.Id, user));
        }
    }

    /// <summary>Ballots of a batch are behind the entries in the log, in whatever order they came.</summary>
    private bool MayHaveVoted(UserId user)
    {
        if (!_voters.Contains(user)) _votersToBe.Add(user);
        return true;
    }

    /// <summary>A batch is complete: who entered as a voter has voted.</summary>
    private void TakeBatchEnd(long version)
    {
        foreach (var user in _votersToBe)
            Require(_voters.Contains(user), version, $"{user} entered a draw for voters without a ballot");
        _votersToBe.Clear();
    }

    private LoggedDraw FindDraw(JsonElement stored) => _draws[new DrawId(Id(stored, "drawId"))];
}
