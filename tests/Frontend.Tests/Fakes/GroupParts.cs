using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Groups;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;
using RedNote.Groups;
using RedNote.Live;
using OptionsOf = Microsoft.Extensions.Options.Options;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>The parts of a front end's group around a fake group, with a clock of its own.</summary>
internal sealed class GroupParts : IDisposable
{
    private readonly LiveParts _live = new();
    private readonly CatchUpGate _catchUps;

    public GroupParts(Action<GroupPortOptions>? change = null, GroupId? group = null)
    {
        change?.Invoke(Options);
        _catchUps = new CatchUpGate(OptionsOf.Create(Options));
        Port = new GroupPort(
            group ?? FakeGroup.Id, "front", Grain, Streams, _live.Encoder, _catchUps, Options, _live.Options, Time,
            _live.Metrics, NullLogger.Instance);
    }

    public ManualTime Time { get; } = new();

    public FakeGroup Grain { get; } = new();

    public FakeGroupStreams Streams { get; } = new();

    public GroupPortOptions Options { get; } = new();

    public FrameEncoder Encoder => _live.Encoder;

    public GroupPort Port { get; }

    public GroupChannel Channel => Port.Channel;

    public GroupViewer Viewer(UserId user, IFrameWriter writer)
        => new(user, Channel, writer, Encoder, Options, Time);

    public static GroupSeats Seats(UserId user, IFrameWriter writer) => new(user, writer);

    /// <summary>A connection that has the group open.</summary>
    public async Task<(GroupViewer Viewer, GroupWriter Writer)> Opened(long user)
    {
        var writer = new GroupWriter();
        var viewer = Viewer(new UserId(user), writer);
        var (outcome, ticket) = await Channel.Open(viewer, null);
        Assert.Equal(CommandStatus.Done, outcome.Status);
        ticket.Written();
        return (viewer, writer);
    }

    /// <summary>The group's next news, as the stream brings them.</summary>
    public void Happens(params ReadOnlySpan<GroupEvent> events) => Streams.Publish(Grain.Next(events));

    /// <summary>Messages with the next numbers, each in news of its own.</summary>
    public void Say(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Happens(FakeGroup.Sent(Grain.Messages.Count + 1));
        }
    }

    public void Dispose() => _catchUps.Dispose();
}

/// <summary>A group's stream that says what a test says, to whoever is subscribed.</summary>
internal sealed class FakeGroupStreams : IGroupStreams
{
    private Action<GroupNews>? _onNews;

    /// <summary>How often anybody has subscribed.</summary>
    public int Subscriptions { get; private set; }

    public Task<IStreamSubscription> Subscribe(GroupId group, Action<GroupNews> onNews)
    {
        Subscriptions++;
        _onNews = onNews;
        return Task.FromResult<IStreamSubscription>(new Subscription(this));
    }

    public void Publish(GroupNews news) => _onNews?.Invoke(news);

    /// <summary>Whoever is subscribed hears nothing more, and is not told.</summary>
    public void GoDeaf() => _onNews = null;

    private sealed class Subscription(FakeGroupStreams streams) : IStreamSubscription
    {
        public Task Unsubscribe()
        {
            streams._onNews = null;
            return Task.CompletedTask;
        }
    }
}

/// <summary>A connection that takes everything at once, or nothing until a test lets it.</summary>
internal sealed class GroupWriter : IFrameWriter
{
    private readonly Lock _gate = new();
    private readonly List<SharedEvents> _written = [];
    private TaskCompletionSource? _stalled;

    public IReadOnlyList<SharedEvents> Written
    {
        get
        {
            lock (_gate)
            {
                return [.. _written];
            }
        }
    }

    public ImmutableArray<GroupEvent> Events => [.. Written.SelectMany(one => one.Events)];

    /// <summary>Numbers of the messages that came, as they came.</summary>
    public IEnumerable<long> Seqs => Events.OfType<MessageSent>().Select(sent => sent.Message.Seq);

    /// <summary>The next write does not complete.</summary>
    public void Stall() => _stalled = new TaskCompletionSource();

    /// <summary>The write that hung completes.</summary>
    public void Release()
    {
        var stalled = _stalled!;
        _stalled = null;
        stalled.SetResult();
    }

    public ValueTask Write(SharedMessage message)
    {
        lock (_gate)
        {
            _written.Add((SharedEvents)message);
        }

        return _stalled is { } stalled ? new ValueTask(stalled.Task) : ValueTask.CompletedTask;
    }

    public ValueTask WriteResync(RoomId room, RoomHead head) => throw new NotSupportedException();

    public ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs) => throw new NotSupportedException();

    public ValueTask WriteOrder(OrderNotice notice) => throw new NotSupportedException();

    public ValueTask WriteNotification(NotificationNews news) => throw new NotSupportedException();
}
