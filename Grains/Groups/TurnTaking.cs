namespace RedNote.Groups;

/// <summary>Lets those who are about the same thing come one after the other, in the order in which they asked. Used
/// from one grain's turns only.</summary>
internal sealed class TurnTaking<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Queue<TaskCompletionSource>> _waiting = [];

    /// <summary>Things that somebody is about.</summary>
    public int Count => _waiting.Count;

    /// <summary>Completes when it is one's turn; it ends when the answer is disposed of.</summary>
    public async Task<IDisposable> Turn(TKey key)
    {
        if (_waiting.TryGetValue(key, out var line))
        {
            var mine = new TaskCompletionSource();
            line.Enqueue(mine);
            await mine.Task;
        }
        else
        {
            _waiting[key] = [];
        }

        return new End(() => Next(key));
    }

    private void Next(TKey key)
    {
        if (_waiting[key].TryDequeue(out var next))
        {
            next.SetResult();
        }
        else
        {
            _waiting.Remove(key);
        }
    }

    private sealed class End(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
