using System.Runtime.InteropServices;

namespace RedNote.Journal;

/// <summary>What waits for the <see cref="JournalWriter"/>, in order of arrival. Used under the writer's lock.
/// </summary>
internal sealed class JournalQueue(JournalOptions options)
{
    private readonly Queue<PendingAppend> _items = [];
    private readonly Dictionary<LogId, int> _slots = [];
    private readonly Queue<(TaskCompletionSource Room, long At)> _waiting = [];
    private long _bytes;

    public int Count => _items.Count;

    public bool HasRoom
        => _items.Count == 0 || (_items.Count < options.QueuedAppends && _bytes < options.QueuedBytes);

    /// <summary>When the oldest append came, as a timestamp of the clock; null when there is none.</summary>
    public long? OldestAt => _items.TryPeek(out var oldest) ? oldest.At : null;

    /// <summary>Completes when there is room; fails with what <see cref="GiveUp"/> is given when that is late.
    /// </summary>
    /// <param name="at">Now, as a timestamp of the clock.</param>
    public Task WhenRoom(long at)
    {
        if (HasRoom)
        {
            return Task.CompletedTask;
        }

        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((room, at));
        return room.Task;
    }

    /// <summary>Ends the wait for room of those who meet a condition, the oldest first.</summary>
    public void GiveUp(Func<long, bool> isLate, Exception error)
    {
        while (_waiting.TryPeek(out var waiter) && isLate(waiter.At))
        {
            _waiting.Dequeue().Room.SetException(error);
        }
    }

    public void Add(PendingAppend pending)
    {
        _items.Enqueue(pending);
        _bytes += pending.Append.Payload.Length;
    }

    /// <summary>Takes appends off the front as long as they meet a condition.</summary>
    public List<PendingAppend> TakeWhile(Func<PendingAppend, bool> condition)
    {
        var taken = new List<PendingAppend>();
        while (_items.TryPeek(out var next) && condition(next))
        {
            taken.Add(Dequeue());
        }

        TellRoom();
        return taken;
    }

    /// <summary>
    /// Takes the next batch. It ends before an append of a log of which another session is in the batch already: the
    /// two contradict each other, and the store has to see them one after the other.
    /// </summary>
    public JournalBatch Take()
    {
        var batch = new JournalBatch();
        _slots.Clear();
        while (_items.TryPeek(out var next) && batch.Items < options.BatchAppends)
        {
            if (next.Session.IsRefused)
            {
                Dequeue().Refuse();
                continue;
            }

            var size = next.Append.Payload.Length;
            if (batch.Bytes > 0 && batch.Bytes + size > options.BatchBytes)
            {
                break;
            }

            if (next.Append.Count == 0)
            {
                batch.Add(Dequeue());
                continue;
            }

            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, next.Append.Id, out var taken);
            if (!taken)
            {
                slot = batch.Add(Dequeue());
            }
            else if (!batch.TryMerge(slot, next))
            {
                break;
            }
            else
            {
                Dequeue();
            }
        }

        TellRoom();
        batch.Seal();
        return batch;
    }

    private PendingAppend Dequeue()
    {
        var next = _items.Dequeue();
        _bytes -= next.Append.Payload.Length;
        return next;
    }

    private void TellRoom()
    {
        // Half empty before anybody is let in again, so that waiters come in crowds and not one by one.
        if (_items.Count > options.QueuedAppends / 2 || _bytes > options.QueuedBytes / 2)
        {
            return;
        }

        while (_waiting.TryDequeue(out var waiter))
        {
            waiter.Room.SetResult();
        }
    }
}
