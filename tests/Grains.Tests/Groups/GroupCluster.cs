using System.Collections.Immutable;
using System.Text;
using RedNote.Grains.Tests.Journal;
using RedNote.Groups;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Groups;

/// <summary>A silo with groups, each with a number of its own, and a look at what their logs hold.</summary>
public sealed class GroupCluster : IAsyncLifetime
{
    private readonly GrainCluster _cluster;
    private long _lastId = 1_000;
    private int _keys;

    public GroupCluster()
        : this(new GrainCluster())
    {
    }

    /// <param name="cluster">Not started yet.</param>
    internal GroupCluster(GrainCluster cluster) => _cluster = cluster;

    public FaultyJournal Journal => _cluster.Journal;

    public GrainCluster Cluster => _cluster;

    public IGrainFactory Grains => _cluster.Grains;

    public static UserId Owner => new(1);

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    public static LogId Log(IGroupGrain group) => new("group", group.GetPrimaryKeyLong().ToString());

    /// <summary>A number that nobody else has.</summary>
    public GroupId NextId() => new(Interlocked.Increment(ref _lastId));

    public static NewMember Member(long user) => new(new UserId(user), $"User {user}");

    /// <summary>A group of user 1 and others.</summary>
    public Task<IGroupGrain> New(params long[] members) => New(JoinPolicy.Open, members);

    public async Task<IGroupGrain> New(JoinPolicy policy, params long[] members)
    {
        var group = Grains.Group(NextId());
        var made = await group.Create(new CreateGroup(
            Owner, "Owner", GroupKind.Group, "Hikers", policy, [.. members.Select(Member)], "token"));
        Assert.Equal(CommandStatus.Done, made.Status);
        return group;
    }

    /// <summary>A conversation of two.</summary>
    public async Task<IGroupGrain> NewDirect(long one, long other)
    {
        var group = Grains.Group(NextId());
        var made = await group.Create(new CreateGroup(
            new UserId(one), $"User {one}", GroupKind.Direct, "", JoinPolicy.Open, [Member(other)], "token"));
        Assert.Equal(CommandStatus.Done, made.Status);
        return group;
    }

    public static SendMessage Message(long from, string text, string key, long? replyTo = null) => new(
        new UserId(from), $"User {from}", text, replyTo, [], null, key);

    /// <summary>Sends a message that has to be accepted, and answers its number.</summary>
    public async Task<long> Send(IGroupGrain group, long from, string text = "Hello", long? replyTo = null)
    {
        var key = $"auto-{Interlocked.Increment(ref _keys)}";
        var answer = await group.Send(Message(from, text, key, replyTo));
        Assert.Equal((SendStatus.Accepted, (GroupReason?)null), (answer.Status, answer.Reason));
        return answer.Seq!.Value;
    }

    /// <summary>Loses the group's activation in the middle of a message, which is stored or not.</summary>
    public async Task Crash(IGroupGrain group, SendMessage message, bool afterTakingEffect)
    {
        Journal.FailNext(Log(group), afterTakingEffect);
        Assert.Equal(SendAnswer.Reject(GroupReason.TryAgain), await group.Send(message));
        await Back(group);
    }

    /// <summary>Waits until the group answers again.</summary>
    public static Task Back(IGroupGrain group) => Eventually.Holds("the group is back", async () =>
    {
        try
        {
            return (await group.Get(Owner)).Status == CommandStatus.Done;
        }
        catch (TryAgainException)
        {
            return false;
        }
    });

    /// <summary>The stored events of a group, in order.</summary>
    public async Task<List<GroupLogEvent>> Events(IGroupGrain group)
    {
        var codec = new EventCodec<GroupLogEvent>(GroupJson.Journal.GroupLogEvent);
        List<GroupLogEvent> events = [];
        var rows = await Journal.ReadAsync(Log(group), new VersionRange(1), 100_000, CancellationToken.None);
        foreach (var row in rows)
        {
            events.AddRange(codec.Read(Log(group), row));
        }

        return events;
    }

    /// <summary>All that is stored of a group's log, as text.</summary>
    public async Task<string> Stored(IGroupGrain group)
    {
        var rows = await Journal.ReadAsync(Log(group), new VersionRange(1), 100_000, CancellationToken.None);
        return string.Concat(rows.Select(row => Encoding.UTF8.GetString(row.Payload.Span)));
    }

    public static ImmutableArray<UserId> Users(params long[] users) => [.. users.Select(user => new UserId(user))];
}
