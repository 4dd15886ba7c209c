using System.Globalization;
using System.Numerics;
using System.Text.Json;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>A poll as the log has it.</summary>
internal sealed class LoggedPoll(
    long version, PollId id, string question, int options, bool multiple, long closesAt)
{
    private readonly int[] _counts = new int[options];

    public long OpenedBy => version;

    public PollId Id => id;

    public string Question => question;

    public int Options => options;

    public bool Multiple => multiple;

    /// <summary>When it closes, or closed.</summary>
    public long ClosesAt { get; set; } = closesAt;

    /// <summary>The version by which it closed; 0: it is open.</summary>
    public long ClosedBy { get; set; }

    public Dictionary<UserId, (int Choices, long Version)> Ballots { get; } = [];

    /// <summary>Counts and voters as texts that can be compared, see <see cref="Show"/>.</summary>
    public Timeline<string> Tally { get; } = new(Show(new int[options], 0));

    public static string Show(IEnumerable<int> counts, int voters)
        => $"{string.Join(',', counts)}/{voters.ToString(CultureInfo.InvariantCulture)}";

    public bool Allows(int choices)
        => choices > 0 && choices < 1 << options && (multiple || BitOperations.PopCount((uint)choices) == 1);

    public void Cast(long version, UserId voter, int choices)
    {
        Ballots[voter] = (choices, version);
        for (var option = 0; option < options; option++) _counts[option] += (choices >> option) & 1;
    }

    /// <summary>All ballots of an event are in.</summary>
    public void Counted(long version) => Tally.Add(version, Show(_counts, Ballots.Count));
}

/// <summary>A PK as the log has it.</summary>
internal sealed class LoggedPk(PkId id, long closesAt)
{
    public PkId Id => id;

    public long ClosesAt { get; set; } = closesAt;

    public long ClosedBy { get; set; }

    public Timeline<(long Left, long Right)> Points { get; } = new((0, 0));
}

/// <summary>Polls, PKs, and what ballots and cheers count.</summary>
internal sealed partial class StoredRoom
{
    private readonly Dictionary<PollId, LoggedPoll> _polls = [];
    private readonly Dictionary<PkId, LoggedPk> _pks = [];
    private readonly HashSet<(UserId By, string Key)> _openings = [];

    /// <summary>What somebody sent as a cheer with that key; null: nobody did.</summary>
    public Func<UserId, PkId, string, (PkSide Side, int Count)?>? Cheered { get; set; }

    /// <summary>Whether somebody asked for a ballot of that content.</summary>
    public Func<UserId, PollId, int, bool> Voted { get; set; } = (_, _, _) => true;

    public IReadOnlyDictionary<PollId, LoggedPoll> Polls => _polls;

    public IReadOnlyDictionary<PkId, LoggedPk> Pks => _pks;

    public long Ballots { get; private set; }

    private bool TakePoll(long version, string kind, JsonElement stored)
    {
        switch (kind)
        {
            case "room.poll_opened":
                TakeOpened(version, stored);
                return true;
            case "room.ballots_cast":
                TakeBallots(version, stored);
                return true;
            case "room.poll_closed":
                TakeClosed(version, stored);
                return true;
            case "room.pk_opened":
                var pk = new LoggedPk(new PkId(Id(stored, "pkId")), Number(stored, "closesAt"));
                Require(IsStaff(User(stored, "by")), version, "a PK of somebody who may not");
                Require(State.Now == RoomState.Live && _pks.TryAdd(pk.Id, pk), version, $"PK {pk.Id} opens again");
                Require(_openings.Add((User(stored, "by"), Text(stored, "key")!)), version, "a key opens two PKs");
                PutOnTape(version, stored, kind, pk.Id.Value);
                return true;
            case "room.cheered":
                TakeCheers(version, stored);
                return true;
            case "room.pk_closed":
                TakePkClosed(version, stored);
                return true;
            default:
                return false;
        }
    }

    private void TakeOpened(long version, JsonElement stored)
    {
        var poll = new LoggedPoll(
            version, new PollId(Id(stored, "pollId")), Text(stored, "question")!,
            stored.GetProperty("options").GetArrayLength(), Flag(stored, "multiple"), Number(stored, "closesAt"));
        Require(IsStaff(User(stored, "by")), version, "a poll of somebody who may not");
        Require(State.Now == RoomState.Live && _polls.TryAdd(poll.Id, poll), version, $"poll {poll.Id} opens again");
        Require(
            poll.Options is >= 2 and <= 10 && _openings.Add((User(stored, "by"), Text(stored, "key")!)), version,
            $"a poll of {poll.Options} options with key {Text(stored, "key")}");
        PutOnTape(version, stored, "room.poll_opened", poll.Id.Value);
    }

    private void TakeBallots(long version, JsonElement stored)
    {
        var poll = _polls[new PollId(Id(stored, "pollId"))];
        var at = Number(stored, "at");
        Require(
            poll.ClosedBy == 0 && at < poll.ClosesAt, version,
            $"ballots at {at} in poll {poll.Id}, closed by {poll.ClosedBy} at {poll.ClosesAt}");
        foreach (var group in stored.GetProperty("ballots").EnumerateArray())
        {
            var choices = group.GetProperty("choices").EnumerateArray().Sum(choice => 1 << choice.GetInt32());
            foreach (var voter in Users(group, "voters"))
            {
                Require(
                    poll.Allows(choices) && Voted(voter, poll.Id, choices), version,
                    $"{voter} chose {choices:b} in poll {poll.Id}");
                Require(!poll.Ballots.ContainsKey(voter), version, $"{voter} has a second ballot in poll {poll.Id}");
                poll.Cast(version, voter, choices);
                Ballots++;
                Worth(voter, 20);
                _voters.Add(voter);
            }
        }

        poll.Counted(version);
    }

    private void TakeClosed(long version, JsonElement stored)
    {
        var poll = _polls[new PollId(Id(stored, "pollId"))];
        Require(poll.ClosedBy == 0, version, $"poll {poll.Id} closes again");
        var result = LoggedPoll.Show(
            stored.GetProperty("counts").EnumerateArray().Select(count => count.GetInt32()),
            (int)Number(stored, "voters"));
        Require(result == poll.Tally.Now, version, $"poll {poll.Id} ends with {result}, cast were {poll.Tally.Now}");
        (poll.ClosedBy, poll.ClosesAt) = (version, Math.Min(poll.ClosesAt, Number(stored, "at")));
        PutOnTape(version, stored, "room.poll_closed", poll.Id.Value);
    }

    private void TakeCheers(long version, JsonElement stored)
    {
        var pk = _pks[new PkId(Id(stored, "pkId"))];
        var at = Number(stored, "at");
        Require(
            pk.ClosedBy == 0 && at < pk.ClosesAt, version,
            $"cheers at {at} in PK {pk.Id}, closed by {pk.ClosedBy} at {pk.ClosesAt}");
        var (left, right) = (0L, 0L);
        foreach (var key in stored.GetProperty("keys").EnumerateArray())
        {
            var (user, name) = (User(key, "userId"), Text(key, "key")!);
            Bind(version, user, $"pk:{pk.Id}:{name}", "a cheer", at);
            var cheer = Cheered?.Invoke(user, pk.Id, name);
            Require(cheer?.Count == Number(key, "count"), version, $"a cheer of {user} with {name}: {cheer}");
            if (cheer?.Side == PkSide.Left) left += cheer.Value.Count;
            else right += cheer?.Count ?? 0;
        }

        Require(
            (left, right) == (Number(stored, "left"), Number(stored, "right")), version,
            $"cheers of {left} and {right} count {Number(stored, "left")} and {Number(stored, "right")}");
        pk.Points.Add(version, (pk.Points.Now.Left + left, pk.Points.Now.Right + right));
    }

    private void TakePkClosed(long version, JsonElement stored)
    {
        var pk = _pks[new PkId(Id(stored, "pkId"))];
        Require(pk.ClosedBy == 0, version, $"PK {pk.Id} closes again");
        Require(
            pk.Points.Now == (Number(stored, "left"), Number(stored, "right")), version,
            $"PK {pk.Id} ends with {Number(stored, "left")} and {Number(stored, "right")}, not {pk.Points.Now}");
        (pk.ClosedBy, pk.ClosesAt) = (version, Math.Min(pk.ClosesAt, Number(stored, "at")));
        PutOnTape(version, stored, "room.pk_closed", pk.Id.Value);
    }

    /// <summary>Puts an event on the tape under the name that items of its kind have there.</summary>
    private void PutOnTape(long version, JsonElement stored, string kind, long number)
    {
        TakeMediaTime(version, Number(stored, "mediaAt"));
        Tape.Add(new StoredItem(_mediaAt, kind["room.".Length..], number));
    }
}
