using System.Text.Json;
using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>A group without a grain: what it decides is applied at once, as its log does, and kept.</summary>
internal sealed class TestGroup
{
    public const long Start = 1_700_000_000_000;

    private readonly List<GroupLogEvent> _log = [];
    private readonly MessageMemory _memory;
    private int _keys;

    public TestGroup(GroupOptions? options = null, GroupState? state = null)
    {
        Options = options ?? new GroupOptions();
        State = state ?? new GroupState(Options);
        Rules = new GroupRules(new GroupId(7), State, Options);
        _memory = new MessageMemory(Options, 0);
    }

    public static UserId Owner => new(1);

    public GroupOptions Options { get; }

    public GroupState State { get; }

    public GroupRules Rules { get; }

    /// <summary>What time it is.</summary>
    public long Now { get; set; } = Start;

    /// <summary>Every event raised, in order.</summary>
    public IReadOnlyList<GroupLogEvent> Log => _log;

    public static NewMember Member(long user) => new(new UserId(user), $"User {user}");

    /// <summary>A group of user 1 and others.</summary>
    public static TestGroup With(params long[] members) => With(null, JoinPolicy.Open, members);

    public static TestGroup With(GroupOptions? options, JoinPolicy policy, params long[] members)
    {
        var group = new TestGroup(options);
        Assert.Equal(CommandStatus.Done, group.Create(Command(policy, members)));
        return group;
    }

    /// <summary>A conversation of users 1 and 2.</summary>
    public static TestGroup Direct()
    {
        var group = new TestGroup();
        Assert.Equal(CommandStatus.Done, group.Create(Command(JoinPolicy.Open, 2) with { Kind = GroupKind.Direct }));
        return group;
    }

    public static CreateGroup Command(JoinPolicy policy, params long[] members) => new(
        Owner, "Owner", GroupKind.Group, "Hikers", policy, [.. members.Select(Member)], "token");

    public CommandStatus Create(CreateGroup command) => Do(events => Rules.Create(command, Now, events));

    public CommandStatus Join(long by, long user)
        => Do(events => Rules.Join(new UserId(by), Member(user), Now, events, out _));

    public CommandStatus Remove(long by, long user)
        => Do(events => Rules.Remove(new UserId(by), new UserId(user), Now, events));

    public CommandStatus SetRole(long by, long user, GroupRole role)
        => Do(events => Rules.SetRole(new UserId(by), new UserId(user), role, Now, events));

    public CommandStatus Mute(long by, long user, int? seconds)
        => Do(events => Rules.Mute(new UserId(by), new UserId(user), seconds, Now, events));

    public CommandStatus Change(long by, GroupChange change)
        => Do(events => Rules.Change(new UserId(by), change, Now, events));

    public CommandStatus Invite(long by, string secret, int seconds = 600, int? uses = null)
        => Do(events => Rules.Invite(new UserId(by), secret, seconds, uses, Now, events, out _));

    public CommandStatus JoinByInvite(long user, string secret)
        => Do(events => Rules.JoinByInvite(Member(user), InviteCode.Of(new GroupId(7), secret), Now, events));

    public static SendMessage Message(long from, string text = "Hello", string key = "k", long? replyTo = null) => new(
        new UserId(from), $"User {from}", text, replyTo, [], null, key);

    public SendAnswer Send(long from, long? replyTo = null, params long[] mentions)
        => Send(Message(from, key: $"k{_keys++}", replyTo: replyTo) with
        {
            Mentions = [.. mentions.Select(user => new UserId(user))],
        });

    public SendAnswer Send(SendMessage message) => Do(events =>
    {
        if (Rules.Check(message, out var draft) is { } unsound)
        {
            return unsound;
        }

        var answered = message.ReplyTo is { } seq ? _memory.Find(seq)?.Stored : null;
        return Rules.Post(draft, answered, _ => false, Now, events);
    });

    public SendAnswer Edit(long by, long seq, string text)
        => Do(events => Rules.Edit(new UserId(by), Card(seq), text, Now, events));

    public SendAnswer Recall(long by, long seq) => Do(events =>
    {
        var answer = Rules.Recall(new UserId(by), Card(seq), Now, out var raised);
        if (raised is not null)
        {
            events.Add(raised);
        }

        return answer;
    });

    public SendAnswer React(long by, long seq, string emoji, bool on = true, bool stands = false) => Do(events
        => Rules.React(new UserId(by), Card(seq), new Reaction(seq, emoji, on), stands, Now, events));

    public void Read(params (long User, long Seq)[] marks) => Raise(
        new MarksMoved(Now, [.. marks.Select(mark => new ReadMark(new UserId(mark.User), mark.Seq))]));

    public MessageCard Card(long seq) => _memory.Find(seq)!;

    public long Unread(long user) => State.Members.Find(new UserId(user)) is { } member
        ? State.Unread(member, member.ReadSeq) : -1;

    public MemberEntry Entry(long user) => State.Members.Find(new UserId(user))!;

    /// <summary>The group as another activation has it, from a snapshot as it is stored.</summary>
    public GroupState Restored()
    {
        var json = Stored(State);
        return new GroupState(Options, JsonSerializer.Deserialize(json, GroupJson.Journal.StoredGroup)!);
    }

    /// <summary>The group as it follows from its log as it is stored.</summary>
    public GroupState Replayed()
    {
        var state = new GroupState(Options);
        foreach (var raised in _log)
        {
            var json = JsonSerializer.Serialize(raised, GroupJson.Journal.GroupLogEvent);
            state.Apply(JsonSerializer.Deserialize(json, GroupJson.Journal.GroupLogEvent)!);
        }

        return state;
    }

    /// <summary>All that is stored of a state, as text.</summary>
    public static string Stored(GroupState state)
        => JsonSerializer.Serialize(state.ToStored(), GroupJson.Journal.StoredGroup);

    public void Raise(GroupLogEvent raised)
    {
        State.Apply(raised);
        _log.Add(raised);
        _memory.Take(raised, _log.Count);
    }

    private T Do<T>(Func<List<GroupLogEvent>, T> decide)
    {
        var events = new List<GroupLogEvent>();
        var result = decide(events);
        events.ForEach(Raise);
        return result;
    }
}
