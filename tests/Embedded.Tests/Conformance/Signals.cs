using System.Collections.Immutable;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>
/// Where grains note what happened, in order, and wait at gates; where tests read it and wait for it. The silo and the
/// test share one through dependency injection. A topic is a grain's key, so that tests do not meet.
/// </summary>
public sealed class Signals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableArray<string>> _notes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);
    private readonly List<Waiter> _waiters = [];

    /// <summary>How long a test waits for anything before it fails, saying what it waited for.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(15);

    public void Note(string topic, string note)
    {
        lock (_lock)
        {
            var notes = _notes[topic] = Read(topic).Add(note);
            _waiters.RemoveAll(waiter => waiter.TryEnd(topic, notes));
        }
    }

    public ImmutableArray<string> Notes(string topic)
    {
        lock (_lock)
            return Read(topic);
    }

    /// <summary>Completes when the topic's notes fulfil the condition.</summary>
    public async Task<ImmutableArray<string>> Until(
        string topic, string what, Func<ImmutableArray<string>, bool> condition)
    {
        var waiter = new Waiter(topic, condition);
        lock (_lock)
        {
            if (!waiter.TryEnd(topic, Read(topic)))
                _waiters.Add(waiter);
        }
        return await Within(what, waiter.Met, () => string.Join(", ", Notes(topic)));
    }

    /// <summary>Completes when the topic has this note.</summary>
    public Task<ImmutableArray<string>> Until(string topic, string note)
        => Until(topic, $"the note '{note}'", notes => notes.Contains(note));

    /// <summary>Completes when the gate is open; a gate is closed until the first Open, then open for good.</summary>
    public Task Pass(string gate) => Gate(gate).Task;

    public void Open(string gate) => Gate(gate).TrySetResult();

    /// <summary>The task's result, or a failure that says what was waited for.</summary>
    public static async Task<T> Within<T>(string what, Task<T> task, Func<string>? seen = null)
    {
        await Task.WhenAny(task, Task.Delay(Limit));
        return task.IsCompleted
            ? await task
            : throw new TimeoutException($"Waited {Limit} for {what}. Seen: {seen?.Invoke() ?? "nothing"}.");
    }

    /// <summary>Completes with the task, or fails and says what was waited for.</summary>
    public static Task Within(string what, Task task) => Within(what, Ended(task));

    private static async Task<bool> Ended(Task task)
    {
        await task;
        return true;
    }

    private ImmutableArray<string> Read(string topic) => _notes.TryGetValue(topic, out var notes) ? notes : [];

    private TaskCompletionSource Gate(string name)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(name, out var gate))
                _gates[name] = gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return gate;
        }
    }

    private sealed class Waiter(string topic, Func<ImmutableArray<string>, bool> condition)
    {
        private readonly TaskCompletionSource<ImmutableArray<string>> _met =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ImmutableArray<string>> Met => _met.Task;

        public bool TryEnd(string noted, ImmutableArray<string> notes)
            => noted == topic && condition(notes) && _met.TrySetResult(notes);
    }
}
