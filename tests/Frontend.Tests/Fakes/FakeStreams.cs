using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>A stream that says what a test says, to whoever is subscribed.</summary>
internal sealed class FakeStreams : IRoomStreams
{
    private readonly List<Subscription> _subscriptions = [];

    public int Subscribed => _subscriptions.Count;

    /// <summary>How often anybody has subscribed.</summary>
    public int Subscriptions { get; private set; }

    public Task<IStreamSubscription> Subscribe(RoomId room, Action<RoomFrame> onFrame)
    {
        Subscriptions++;
        var subscription = new Subscription(_subscriptions, onFrame);
        _subscriptions.Add(subscription);
        return Task.FromResult<IStreamSubscription>(subscription);
    }

    /// <summary>Those who are subscribed hear nothing more, and are not told.</summary>
    public void GoDeaf() => _subscriptions.ForEach(subscription => subscription.IsDeaf = true);

    public void Publish(params ReadOnlySpan<RoomFrame> frames)
    {
        foreach (var frame in frames)
        {
            foreach (var subscription in _subscriptions.ToArray())
            {
                subscription.OnFrame(frame);
            }
        }
    }

    private sealed class Subscription(List<Subscription> all, Action<RoomFrame> onFrame) : IStreamSubscription
    {
        public bool IsDeaf { get; set; }

        public Action<RoomFrame> OnFrame => IsDeaf ? static _ => { } : onFrame;

        public Task Unsubscribe()
        {
            all.Remove(this);
            return Task.CompletedTask;
        }
    }
}

/// <summary>A connection that takes everything at once, or nothing until a test lets it.</summary>
internal sealed class FakeWriter : IFrameWriter
{
    private TaskCompletionSource? _stalled;

    public List<RoomFrame> Frames { get; } = [];

    public List<RoomHead> Resyncs { get; } = [];

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
        Frames.Add(((SharedFrame)message).Frame);
        return _stalled is null ? ValueTask.CompletedTask : new ValueTask(_stalled.Task);
    }

    public ValueTask WriteSampled(RoomId room, System.Collections.Immutable.ImmutableArray<long> seqs)
        => ValueTask.CompletedTask;

    public List<OrderNotice> Orders { get; } = [];

    public List<NotificationNews> Notifications { get; } = [];

    public ValueTask WriteNotification(NotificationNews news)
    {
        Notifications.Add(news);
        return _stalled is null ? ValueTask.CompletedTask : new ValueTask(_stalled.Task);
    }

    public ValueTask WriteOrder(OrderNotice notice)
    {
        Orders.Add(notice);
        return _stalled is null ? ValueTask.CompletedTask : new ValueTask(_stalled.Task);
    }

    public ValueTask WriteResync(RoomId room, RoomHead head)
    {
        Resyncs.Add(head);
        return _stalled is null ? ValueTask.CompletedTask : new ValueTask(_stalled.Task);
    }
}
