using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>
/// What a viewer's page shows of polls, PKs, questions, draws, pins and danmaku, put together from the snapshot and
/// the frames, as a page does it. In the end it is what is stored.
/// </summary>
internal sealed class ShowWatch(SimulatedWorld world, ShowModel room, LiveRoomOptions bounds, string name, UserId user)
    : ViewerWatch(world, room, bounds, name)
{
    private readonly Dictionary<PollId, (string Tally, bool Closed)> _polls = [];
    private readonly Dictionary<PkId, (long Left, long Right, bool Closed)> _pks = [];
    private readonly HashSet<long> _questions = [];
    private readonly Dictionary<long, int> _upvotes = [];
    private readonly Dictionary<DrawId, bool> _draws = [];
    private readonly Dictionary<DrawId, int> _entrants = [];
    private readonly SortedSet<long> _moderators = [];
    private readonly Dictionary<long, long> _said = [];
    private string _pin = "";
    private RoomSettings _settings = RoomSettings.Default;

    /// <summary>What the page shows that is not so; null: nothing. To be asked when everything has settled.</summary>
    public string? FindWrong()
    {
        var stored = room.Stored;
        foreach (var poll in stored.Polls.Values)
        {
            var isShown = _polls.TryGetValue(poll.Id, out var shown);
            if (isShown ? shown != (poll.Tally.Now, poll.ClosedBy > 0) : poll.ClosedBy == 0)
                return $"poll {poll.Id} as {shown}, which is {poll.Tally.Now}, closed by {poll.ClosedBy}";
        }

        foreach (var pk in stored.Pks.Values)
        {
            var isShown = _pks.TryGetValue(pk.Id, out var shown);
            var (left, right) = pk.Points.Now;
            if (isShown ? shown != (left, right, pk.ClosedBy > 0) : pk.ClosedBy == 0)
                return $"PK {pk.Id} as {shown}, which is {left}:{right}, closed by {pk.ClosedBy}";
        }

        return FindWrongQuestion() ?? FindWrongDraw() ?? FindWrongDanmaku()
            ?? (_pin != stored.Pin.Now ? $"'{_pin}' as pinned, which is '{stored.Pin.Now}'" : null)
            ?? (!room.Equals(_settings, stored.Rules.Now) ? $"{_settings}, which are {stored.Rules.Now}" : null)
            ?? (!_moderators.SequenceEqual(stored.Moderators.Select(one => one.Value)) ? "other moderators" : null);
    }

    protected override void Read(RoomSnapshot snapshot, long known)
    {
        room.Show(snapshot, user, known);
        _polls.Clear();
        _pks.Clear();
        _questions.Clear();
        _draws.Clear();
        _moderators.Clear();
        _settings = snapshot.Settings;
        _pin = StoredRoom.Show(snapshot.Pinned);
        foreach (var poll in snapshot.Polls) Take(poll);
        foreach (var pk in snapshot.Pks) _pks[pk.PkId] = (pk.LeftPoints, pk.RightPoints, pk.Closed);
        foreach (var question in snapshot.Questions)
        {
            _questions.Add(question.QuestionId.Value);
            _upvotes[question.QuestionId.Value] = question.Upvotes;
        }

        foreach (var draw in snapshot.Draws)
            (_draws[draw.DrawId], _entrants[draw.DrawId]) = (draw.Seed is not null, draw.Entrants);
        foreach (var moderator in snapshot.Moderators) _moderators.Add(moderator.Value);
        if (!snapshot.Recovered)
        {
            _said.Clear();
            foreach (var danmaku in snapshot.Recent) _said[danmaku.Seq] = danmaku.Count ?? 1;
        }

        foreach (var frame in snapshot.Missed) TakeDanmaku(frame);
    }

    protected override void Read(RoomFrame frame)
    {
        TakeDanmaku(frame);
        foreach (var tally in frame.Polls ?? [])
            _polls[tally.PollId] = (LoggedPoll.Show(tally.Counts, tally.Voters), tally.Closed);
        foreach (var tally in frame.Pks ?? [])
            _pks[tally.PkId] = (tally.LeftPoints, tally.RightPoints, tally.Closed);
        foreach (var tally in frame.Questions ?? []) _upvotes[tally.QuestionId.Value] = tally.Upvotes;
        foreach (var tally in frame.Draws ?? []) _entrants[tally.DrawId] = tally.Entrants;
        foreach (var happened in frame.Events ?? []) Take(happened);
    }

    /// <summary>A frame that stands for several has no danmaku: what was said in them, and how often, is not known.
    /// </summary>
    private void TakeDanmaku(RoomFrame frame)
    {
        if (frame.From is not null) _said.Clear();
        foreach (var danmaku in frame.Danmaku ?? []) _said[danmaku.Seq] = danmaku.Count ?? 1;
        foreach (var recalled in (frame.Events ?? []).OfType<MessageRecalled>()) _said.Remove(recalled.Seq);
    }

    private void Take(RoomEvent happened)
    {
        switch (happened)
        {
            case PollOpened { Poll: var poll }:
                // The snapshot may have told of it, and of ballots, before.
                if (!_polls.ContainsKey(poll.PollId)) Take(poll);
                break;
            case PollClosed { Poll: var poll }:
                Take(poll);
                break;
            case PkOpened { Pk: var pk }:
                _pks.TryAdd(pk.PkId, (pk.LeftPoints, pk.RightPoints, pk.Closed));
                break;
            case PkClosed { Pk: var pk }:
                _pks[pk.PkId] = (pk.LeftPoints, pk.RightPoints, pk.Closed);
                break;
            case QuestionAsked { Question: var question }:
                _questions.Add(question.QuestionId.Value);
                _upvotes.TryAdd(question.QuestionId.Value, question.Upvotes);
                break;
            case QuestionAnswered { Question: var question }:
                _questions.Remove(question.QuestionId.Value);
                break;
            case QuestionDismissed { QuestionId: var question }:
                _questions.Remove(question.Value);
                break;
            case DrawAnnounced { Draw: var draw }:
                _draws.TryAdd(draw.DrawId, false);
                _entrants.TryAdd(draw.DrawId, draw.Entrants);
                break;
            case DrawResultAnnounced { Draw: var draw }:
                (_draws[draw.DrawId], _entrants[draw.DrawId]) = (true, draw.Entrants);
                break;
            case ItemPinned { Pin: var pin }:
                _pin = StoredRoom.Show(pin);
                break;
            case ItemUnpinned:
                _pin = "";
                break;
            case SettingsChanged { Settings: var settings }:
                _settings = settings;
                break;
            case ModeratorChanged { Moderator: true } changed:
                _moderators.Add(changed.UserId.Value);
                break;
            case ModeratorChanged changed:
                _moderators.Remove(changed.UserId.Value);
                break;
        }
    }

    private void Take(Poll poll) => _polls[poll.PollId] = (LoggedPoll.Show(poll.Counts, poll.Voters), poll.Closed);

    private string? FindWrongQuestion()
    {
        var stored = room.Stored;
        foreach (var id in _questions.Order())
        {
            var question = stored.Questions[id];
            if (question.SettledBy > 0 || question.Upvotes.Now != _upvotes[id])
                return $"question {id} with {_upvotes[id]}, not {question.Upvotes.Now}, settled {question.SettledBy}";
        }

        // Of more than a snapshot holds some are not shown to who joins.
        var hidden = stored.Questions.Count <= stored.Bounds.SnapshotQuestions
            ? stored.OpenQuestions.FirstOrDefault(question => !_questions.Contains(question.Id.Value))
            : null;
        return hidden is null ? null : $"no question {hidden.Id}";
    }

    private string? FindWrongDraw()
    {
        foreach (var draw in room.Stored.Draws.Values)
        {
            var isShown = _draws.TryGetValue(draw.Id, out var isDecided);
            var entrants = _entrants.GetValueOrDefault(draw.Id);
            if (isShown
                ? (entrants, isDecided) != (draw.Entrants.Count, draw.DecidedBy > 0)
                : draw.DecidedBy == 0)
            {
                return $"draw {draw.Id} with {entrants}, {isDecided}, which has {draw.Entrants.Count}";
            }
        }

        return null;
    }

    private string? FindWrongDanmaku()
    {
        foreach (var (seq, count) in _said.OrderBy(pair => pair.Key))
        {
            var danmaku = room.Stored.Danmaku[seq];
            if (danmaku.RecalledBy > 0) return $"danmaku {seq}, which was taken back";
            if (danmaku.Count.Now != count) return $"danmaku {seq} ×{count}, which was said {danmaku.Count.Now} times";
        }

        return null;
    }
}
