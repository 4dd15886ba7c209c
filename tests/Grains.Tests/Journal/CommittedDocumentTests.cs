using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

public sealed class CommittedDocumentTests
{
    private readonly ManualStorage _storage = new();
    private int _value;
    private int _failures;

    [Fact]
    public async Task WhenCommitted_NothingTouched_IsDone()
        => await Document().WhenCommitted();

    [Fact]
    public async Task Touch_Idle_WritesAtOnceAndCompletesWhenDurable()
    {
        var document = Document();
        _value = 1;
        document.Touch();
        var committed = document.WhenCommitted();
        Assert.Equal([1], _storage.Writing);
        Assert.False(committed.IsCompleted);
        _storage.Finish();
        await committed.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Touch_WhileAWriteRuns_SharesTheNextWrite()
    {
        var document = Document();
        document.Touch();
        var first = document.WhenCommitted();
        Task[] later = [.. Enumerable.Range(1, 100).Select(i =>
        {
            _value = i;
            document.Touch();
            return document.WhenCommitted();
        })];
        _storage.Finish();
        await first.WaitAsync(TimeSpan.FromSeconds(5));
        await _storage.Started(2);
        Assert.Equal([0, 100], _storage.Writing);
        Assert.DoesNotContain(later, task => task.IsCompleted);
        _storage.Finish();
        await Task.WhenAll(later).WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task WriteFails_EverybodyHearsTryAgainAndNothingIsWrittenAnymore()
    {
        var document = Document();
        document.Touch();
        var first = document.WhenCommitted();
        document.Touch();
        var second = document.WhenCommitted();
        _storage.Finish(new InvalidOperationException("disk full"));
        await Assert.ThrowsAsync<TryAgainException>(() => first.WaitAsync(TimeSpan.FromSeconds(5)));
        await Assert.ThrowsAsync<TryAgainException>(() => second.WaitAsync(TimeSpan.FromSeconds(5)));
        document.Touch();
        await Assert.ThrowsAsync<TryAgainException>(document.WhenCommitted);
        Assert.Single(_storage.Writing);
        Assert.Equal(1, _failures);
    }

    [Fact]
    public async Task WriteIsNotAnswered_CountsAsFailedAfterItsTime()
    {
        var document = Document(timeout: TimeSpan.FromMilliseconds(1));
        document.Touch();
        await Assert.ThrowsAsync<TryAgainException>(() => document.WhenCommitted().WaitAsync(TimeSpan.FromSeconds(5)));
    }

    private CommittedDocument<Number> Document(TimeSpan? timeout = null)
        => new(
            _storage, () => new Number { Value = _value }, () => _failures++, TimeProvider.System,
            new CommitPolicy(TimeSpan.Zero, timeout ?? TimeSpan.FromSeconds(5)), NullLogger.Instance);

    private sealed record Number
    {
        public int Value { get; init; }
    }

    /// <summary>A storage whose writes end when the test says so.</summary>
    private sealed class ManualStorage : IPersistentState<Number>
    {
        private readonly List<TaskCompletionSource> _writes = [];
        private readonly SemaphoreSlim _started = new(0);
        private int _finished;

        public List<int> Writing { get; } = [];

        public Number State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => false;

        public Task ReadStateAsync() => Task.CompletedTask;

        public Task ClearStateAsync() => Task.CompletedTask;

        public Task WriteStateAsync()
        {
            Writing.Add(State.Value);
            _writes.Add(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _started.Release();
            return _writes[^1].Task;
        }

        public void Finish(Exception? error = null)
        {
            var write = _writes[_finished++];
            if (error is null)
            {
                write.SetResult();
            }
            else
            {
                write.SetException(error);
            }
        }

        public async Task Started(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _started.WaitAsync(TimeSpan.FromSeconds(5)), $"write {i + 1} did not start");
            }
        }
    }
}
