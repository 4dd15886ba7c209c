using System.Collections.Immutable;

namespace RedNote.Frontend.Live;

/// <summary>A place in a stream: the epoch is another one after every loss of memory, the number grows by exactly one
/// with each event of it.</summary>
internal readonly record struct StreamPlace(long Epoch, long Number);

/// <summary>What came after a place.</summary>
/// <param name="Head">The last event.</param>
/// <param name="IsComplete">False: the source does not hold all of it any more.</param>
/// <param name="Items">Everything after what was asked for, if so.</param>
internal sealed record StreamRest<TEvent>(StreamPlace Head, bool IsComplete, ImmutableArray<TEvent> Items);

/// <summary>Whose stream is followed, and who is handed its events.</summary>
internal interface IFollowed<TEvent>
{
    /// <summary>Whether anybody is there whom events would be for. The follower's lock is held.</summary>
    bool HasListeners { get; }

    StreamPlace PlaceOf(TEvent item);

    /// <summary>Asks the source for what came after a place; null: there is no such source.</summary>
    Task<StreamRest<TEvent>?> After(StreamPlace place);

    /// <summary>An event came by whatever way, in whatever order. The follower's lock is held.</summary>
    void Heard(TEvent item);

    /// <summary>The next event. The follower's lock is held.</summary>
    void Deliver(TEvent item);

    /// <summary>What came between the last event and <paramref name="head"/> cannot be had. The follower's lock is
    /// held.</summary>
    void Lost(StreamPlace head);

    /// <summary>Hands out what was delivered. No lock is held.</summary>
    void Flush();
}

/// <summary>How patient a follower is.</summary>
/// <param name="Ahead">Events kept while the ones before them are fetched.</param>
/// <param name="Patience">How far behind the source's head the stream may be before events are fetched.</param>
internal sealed record FollowerBounds(int Ahead, TimeSpan Patience);

/// <summary>
/// Follows the stream of one room or group: events leave in order, each once, none left out. What the stream repeats is
/// dropped, what it loses is fetched from its source, and a subscription that has gone deaf is made again.
/// </summary>
internal sealed partial class StreamFollower<TEvent>(
    string source,
    IFollowed<TEvent> owner,
    Func<Action<TEvent>, Task<IStreamSubscription>> subscribe,
    FollowerBounds bounds,
    TimeProvider time,
    LiveMetrics metrics,
    ILogger logger)
    where TEvent : class
{
    private readonly SortedDictionary<(long Epoch, long Number), TEvent> _ahead = [];
    private readonly ChannelSubscription<TEvent> _subscription = new(source, subscribe, logger);
    private StreamPlace? _head;
    private StreamPlace? _claimed;
    private long _claimedAt;
    private long _received;
    private long _receivedWhenClaimed;
    private bool _filling;

    /// <summary>The lock of the follower, and of what its owner keeps beside it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The last event that was delivered; null before the first <see cref="Learn"/>. Under the lock.</summary>
    public StreamPlace? Head => _head;

    /// <summary>Completes when the stream is subscribed to.</summary>
    public Task Ensure() => _subscription.Ensure(OnEvent);

    /// <summary>Ends the subscription.</summary>
    public Task Close() => _subscription.End();

    /// <summary>The same, for whom nobody waits: a failure is logged, and the next who asks tries again.</summary>
    public async Task Listen()
    {
        try
        {
            await Ensure();
        }
        catch (Exception failure)
        {
            LogNotHeard(logger, failure, source);
        }
    }

    /// <summary>
    /// What the source says its last event is. Being behind is looked at again later (<see cref="CheckHead"/>), as the
    /// answer may have overtaken the stream.
    /// </summary>
    public void Compare(StreamPlace head)
    {
        lock (Gate)
        {
            if (_head is not { } mine || head.Epoch < mine.Epoch)
            {
                return;
            }

            if (head.Epoch > mine.Epoch)
            {
                Learn(head);
            }
            else if (head.Number > mine.Number && _claimed is null)
            {
                _claimed = head;
                _claimedAt = time.GetTimestamp();
                _receivedWhenClaimed = _received;
            }
        }

        owner.Flush();
    }

    /// <summary>Fetches what has not come for too long, and subscribes again if nothing comes at all.</summary>
    public Task CheckHead()
    {
        bool fill;
        var deaf = false;
        lock (Gate)
        {
            fill = HasGap();
            if (_claimed is { } claimed && _head is { } mine)
            {
                if (claimed.Epoch != mine.Epoch || claimed.Number <= mine.Number)
                {
                    _claimed = null;
                }
                else if (time.GetElapsedTime(_claimedAt) >= bounds.Patience)
                {
                    fill = true;
                    deaf = _received == _receivedWhenClaimed;
                    _claimed = null;
                }
            }

            fill = fill && !_filling;
            _filling |= fill;
        }

        var filled = fill ? Fill() : Task.CompletedTask;
        if (!deaf)
        {
            return filled;
        }

        LogDeaf(logger, source);
        return Task.WhenAll(filled, _subscription.Renew(OnEvent));
    }

    /// <summary>Sets the head by what the source said, if that is news. The lock is held.</summary>
    public void Learn(StreamPlace head)
    {
        if (_head is not { } mine)
        {
            _head = head;
            DeliverAhead();
        }
        else if (head.Epoch > mine.Epoch)
        {
            LogEpoch(logger, source, head.Epoch);
            Lose(head);
        }
    }

    private void OnEvent(TEvent item)
    {
        var fill = false;
        lock (Gate)
        {
            _received++;
            Accept(item);
            if (!_filling && HasGap())
            {
                _filling = fill = true;
            }
        }

        owner.Flush();
        if (fill)
        {
            _ = Fill();
        }
    }

    /// <summary>Takes an event that came by any way. The lock is held.</summary>
    private void Accept(TEvent item)
    {
        owner.Heard(item);
        var place = owner.PlaceOf(item);
        if (_head is not { } mine)
        {
            if (owner.HasListeners)
            {
                KeepAhead(place, item);
            }
        }
        else if (place.Epoch > mine.Epoch)
        {
            // Those who are joining may have a snapshot of that epoch, so they are handed the event.
            Learn(place with { Number = place.Number - 1 });
            Deliver(place, item);
        }
        else if (place.Epoch == mine.Epoch && place.Number == mine.Number + 1)
        {
            Deliver(place, item);
            DeliverAhead();
        }
        else if (place.Epoch == mine.Epoch && place.Number > mine.Number)
        {
            KeepAhead(place, item);
        }
    }

    /// <summary>Goes on from <paramref name="head"/>; what came before it cannot be had. The lock is held.</summary>
    private void Lose(StreamPlace head)
    {
        _head = head;
        _claimed = null;
        owner.Lost(head);
        DeliverAhead();
    }

    private void Deliver(StreamPlace place, TEvent item)
    {
        _head = place;
        owner.Deliver(item);
    }

    private void DeliverAhead()
    {
        while (_ahead.Count > 0)
        {
            var (key, item) = First(_ahead);
            var mine = _head!.Value;
            if (key.CompareTo((mine.Epoch, mine.Number)) <= 0)
            {
                _ahead.Remove(key);
            }
            else if (key == (mine.Epoch, mine.Number + 1))
            {
                _ahead.Remove(key);
                Deliver(new StreamPlace(key.Epoch, key.Number), item);
            }
            else
            {
                return;
            }
        }
    }

    private void KeepAhead(StreamPlace place, TEvent item)
    {
        if (_ahead.Count >= bounds.Ahead)
        {
            // The source still has them, or it will be found that they cannot be had.
            _ahead.Clear();
        }

        _ahead[(place.Epoch, place.Number)] = item;
    }

    private bool HasGap() => _head is not null && _ahead.Count > 0;

    /// <summary>Fetches once, for all, what comes after the head. One at a time (<c>_filling</c>).</summary>
    private async Task Fill()
    {
        try
        {
            var after = HeadNow();
            var answer = await owner.After(after);
            metrics.GapFilled();
            lock (Gate)
            {
                var mine = _head!.Value;
                if (answer is null || mine.Epoch != after.Epoch)
                {
                    return;
                }

                if (answer.IsComplete)
                {
                    foreach (var item in answer.Items)
                    {
                        Accept(item);
                    }
                }
                else if (answer.Head.Epoch > mine.Epoch
                    || (answer.Head.Epoch == mine.Epoch && answer.Head.Number > mine.Number))
                {
                    Lose(answer.Head);
                }
            }

            owner.Flush();
        }
        catch (Exception failure)
        {
            LogNotFilled(logger, failure, source);
        }
        finally
        {
            lock (Gate)
            {
                _filling = false;
            }
        }
    }

    private StreamPlace HeadNow()
    {
        lock (Gate)
        {
            return _head!.Value;
        }
    }

    private static KeyValuePair<(long Epoch, long Number), TEvent> First(
        SortedDictionary<(long Epoch, long Number), TEvent> items)
    {
        using var walk = items.GetEnumerator();
        walk.MoveNext();
        return walk.Current;
    }

    [LoggerMessage(LogLevel.Information, "The stream of {Source} has a new epoch, {Epoch}.")]
    private static partial void LogEpoch(ILogger logger, string source, long epoch);

    [LoggerMessage(LogLevel.Warning, "The stream of {Source} has gone deaf; subscribing again.")]
    private static partial void LogDeaf(ILogger logger, string source);

    [LoggerMessage(LogLevel.Warning, "The stream of {Source} is not listened to.")]
    private static partial void LogNotHeard(ILogger logger, Exception failure, string source);

    [LoggerMessage(LogLevel.Warning, "What the stream of {Source} lost could not be fetched.")]
    private static partial void LogNotFilled(ILogger logger, Exception failure, string source);
}
