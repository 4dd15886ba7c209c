using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Polls;

/// <summary>A live room for tests of what a host opens in it; its clock stands where the test puts it.</summary>
internal sealed class PollRoom
{
    public static readonly UserId Host = new(1);
    private long _ids = 9_000;

    public PollRoom(LiveRoomOptions? options = null)
    {
        Room = new TestRoom(options);
        Room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), Now);
        Room.Start(Host, Now);
    }

    public TestRoom Room { get; private set; }

    public long Now { get; set; } = 1_800_000_000_000;

    public PollBook Polls => Room.State.Polls;

    public QuestionBook Questions => Room.State.Questions;

    public string State => JsonSerializer.Serialize(Room.State.ToStored(), LiveRoomJson.Journal.StoredLiveRoom);

    public (CommandStatus Status, PollId Id) Open(
        string key = "k", int options = 2, bool multiple = false, bool anonymous = false, int seconds = 60,
        UserId? by = null, string question = "Which?")
    {
        var id = default(PollId);
        var command = new OpenPoll(
            new PollId(++_ids), question, [.. Enumerable.Range(0, options).Select(i => $"o{i}")], multiple, anonymous,
            seconds, key);
        var status = Room.Decide(Now, events => Room.Rules.OpenPoll(by ?? Host, command, Now, events, out id));
        return (status, id);
    }

    public CommandStatus Close(PollId poll, UserId? by = null)
        => Room.Decide(Now, events => Room.Rules.ClosePoll(by ?? Host, poll, Now, events));

    public (CommandStatus Status, PkId Id) OpenPk(string key = "k", int seconds = 60, string left = "red")
    {
        var id = default(PkId);
        var command = new OpenPk(new PkId(++_ids), left, "blue", seconds, key);
        var status = Room.Decide(Now, events => Room.Rules.OpenPk(Host, command, Now, events, out id));
        return (status, id);
    }

    public Verdict Vote(PollId poll, long user, int choices = 1) => (Verdict)Submit(Ballot(poll, user, choices))[0];

    public RoomAnswer Cheer(PkId pk, long user, PkSide side, int count, string? key = null)
        => Submit(new Cheer(pk, side, count) { User = new UserId(user), Key = key })[0];

    public Verdict Ask(long user, string text, string? key = null)
        => (Verdict)Submit(new AskQuestion("Mei", text) { User = new UserId(user), Key = key })[0];

    public Verdict Upvote(QuestionId question, long user)
        => (Verdict)Submit(new UpvoteQuestion(question) { User = new UserId(user) })[0];

    public ImmutableArray<RoomAnswer> Submit(params RoomCommand[] commands) => Room.Submit([.. commands], Now);

    public static CastVote Ballot(PollId poll, long user, int choices)
        => new(poll, choices) { User = new UserId(user) };

    /// <summary>Seals frames until there is nothing new, and gives them.</summary>
    public List<RoomFrame> Frames()
    {
        var frames = new List<RoomFrame>();
        while (Room.Rules.Frames.HasNews(Room.Rules.Counters))
        {
            frames.Add(Room.Rules.Frames.Seal(Room.Rules.Counters, Now));
        }

        return frames;
    }

    /// <summary>Goes on as another activation would.</summary>
    public void Restart() => Room = Room.Restored(Now);
}
