using System.Text.Json;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>A question as the log has it.</summary>
internal sealed class LoggedQuestion(long version, QuestionId id, UserId user, string text, string? key)
{
    public long Version => version;

    public QuestionId Id => id;

    public UserId User => user;

    public string Text => text;

    public string? Key => key;

    public Dictionary<UserId, long> Upvoters { get; } = [];

    /// <summary>How many want it answered.</summary>
    public Timeline<int> Upvotes { get; } = new(0);

    /// <summary>The version by which it was answered or taken away, whatever came first; 0: it is open.</summary>
    public long SettledBy { get; set; }

    public bool IsAnswered { get; set; }

    /// <summary>Whether it was taken away.</summary>
    public bool IsGone { get; set; }

    public string? Answer { get; set; }
}

/// <summary>Questions, and what is pinned.</summary>
internal sealed partial class StoredRoom
{
    private readonly SortedDictionary<long, LoggedQuestion> _questions = [];

    public IReadOnlyDictionary<long, LoggedQuestion> Questions => _questions;

    public IEnumerable<LoggedQuestion> OpenQuestions => _questions.Values.Where(question => question.SettledBy == 0);

    /// <summary>What is pinned, as <see cref="Show"/> has it; empty: nothing.</summary>
    public Timeline<string> Pin { get; } = new("");

    public static string Show(RoomPin? pin)
        => pin is null ? "" : $"{pin.Text}|{pin.PollId?.Value}|{pin.QuestionId?.Value}";

    private bool TakeQuestion(long version, string kind, JsonElement stored)
    {
        switch (kind)
        {
            case "room.question_asked":
                TakeAsked(version, stored);
                return true;
            case "room.questions_upvoted":
                foreach (var upvotes in stored.GetProperty("upvotes").EnumerateArray()) TakeUpvotes(version, upvotes);
                return true;
            case "room.question_answered":
                var answered = _questions[Id(stored, "questionId")];
                Require(answered.SettledBy == 0, version, $"question {answered.Id} is answered, and not open");
                (answered.SettledBy, answered.IsAnswered) = (version, true);
                answered.Answer = Text(stored, "answer");
                Require(IsStaff(User(stored, "by")), version, "an answer of somebody who may not");
                PutOnTape(version, stored, kind, answered.Id.Value);
                return true;
            case "room.question_dismissed":
                TakeDismissed(version, stored);
                return true;
            case "room.pinned":
                Require(IsStaff(User(stored, "by")), version, "a pin of somebody who may not");
                Pin.Add(version, $"{Text(stored, "text")}|{Text(stored, "pollId")}|{Text(stored, "questionId")}");
                PutOnTape(version, stored, kind, 0);
                return true;
            case "room.unpinned":
                Require(Pin.Now.Length > 0, version, "nothing is pinned, and taken away");
                Pin.Add(version, "");
                PutOnTape(version, stored, kind, 0);
                return true;
            default:
                return false;
        }
    }

    private void TakeAsked(long version, JsonElement stored)
    {
        var question = new LoggedQuestion(
            version, new QuestionId(Id(stored, "questionId")), User(stored, "userId"), Text(stored, "text")!,
            Text(stored, "key"));
        var at = Number(stored, "at");
        Require(question.Id.Value == _questions.Count + 1, version, $"question {question.Id} after {_questions.Count}");
        Require(State.Now == RoomState.Live, version, $"a question while {State.Now}");
        if (!IsStaff(question.User))
        {
            JudgeSpeaker(version, question.User, at);
            JudgePace(version, question.User, at);
            Require(!RulesInForce.Blocks(question.Text), version, $"blocked question '{question.Text}'");
            Require(RulesInForce.Hold != HoldMode.All, version, $"'{question.Text}' is asked under review");
        }

        if (question.Key is { } key) Bind(version, question.User, $"ask:{key}", question.Text, at);
        _questions[question.Id.Value] = question;
        PutOnTape(version, stored, "room.question", question.Id.Value);
    }

    private void TakeUpvotes(long version, JsonElement upvotes)
    {
        var question = _questions[Id(upvotes, "questionId")];
        Require(question.SettledBy == 0, version, $"question {question.Id} is upvoted, which is not open");
        foreach (var user in Users(upvotes, "users"))
        {
            Require(
                question.Upvoters.TryAdd(user, version), version, $"{user} upvotes question {question.Id} again");
        }

        question.Upvotes.Add(version, question.Upvoters.Count);
    }

    /// <summary>With the answer only who keeps order takes a question away; it leaves the tape.</summary>
    private void TakeDismissed(long version, JsonElement stored)
    {
        var gone = _questions[Id(stored, "questionId")];
        var by = User(stored, "by");
        Require(!gone.IsGone, version, $"question {gone.Id} is taken away again");
        Require(
            IsStaff(by) || (by == gone.User && !gone.IsAnswered), version, $"{by} takes question {gone.Id} away");
        gone.IsGone = true;
        if (gone.SettledBy == 0) gone.SettledBy = version;
        TapeCuts++;
        Tape.RemoveAll(item => item.Kind is "question" or "question_answered" && item.Number == gone.Id.Value);
    }
}
