using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

public sealed class FrameFanOutTests
{
    private const int Frames = 200;

    private readonly LiveParts _parts = new();

    [Fact]
    public async Task Flush_SharedAmongCoresWhileOthersComeAndGo_EverybodyGetsEveryFrameOnceAndInOrder()
    {
        var fanOut = new FrameFanOut<Viewer, SharedFrame>(2, NullLogger.Instance);
        var writers = Enumerable.Range(0, 1_500).Select(_ => new FakeWriter()).ToList();
        writers.ForEach(writer => Assert.True(fanOut.Add(Live(writer))));
        using var over = new CancellationTokenSource();
        var others = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ComeAndGo(fanOut, over.Token))).ToList();

        // Frames are added in order by one at a time, as a channel does under its lock, and handed out by anybody.
        var order = new Lock();
        var added = 0;
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (true)
            {
                lock (order)
                {
                    if (added == Frames)
                    {
                        return;
                    }

                    fanOut.Add(_parts.Shared(Sample.Frame(++added)));
                }

                fanOut.Flush();
            }
        }))).WaitAsync(HubClient.Patience);
        await over.CancelAsync();
        await Task.WhenAll(others).WaitAsync(HubClient.Patience);

        var all = Enumerable.Range(1, Frames).Select(n => (long)n).ToList();
        Assert.All(writers, writer => Assert.Equal(all, writer.Frames.Select(frame => frame.Seq)));
        Assert.Equal(writers.Count, fanOut.Count);
    }

    [Fact]
    public async Task Flush_WhileAnotherHandsOut_LeavesItsFrameToThat()
    {
        var fanOut = new FrameFanOut<Viewer, SharedFrame>(1_000, NullLogger.Instance);
        using var first = new BlockingWriter();
        var second = new FakeWriter();
        fanOut.Add(Live(first));
        fanOut.Add(Live(second));
        fanOut.Add(_parts.Shared(Sample.Frame(1)));
        var handing = Task.Run(fanOut.Flush);
        await first.Entered.Task.WaitAsync(HubClient.Patience);

        fanOut.Add(_parts.Shared(Sample.Frame(2)));
        fanOut.Flush();

        Assert.Empty(second.Frames);
        first.Release();
        await handing.WaitAsync(HubClient.Patience);
        Assert.Equal([1L, 2], second.Frames.Select(frame => frame.Seq));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_000_000)]
    public void Flush_ViewerThatThrows_TheOthersGetEveryFrame(int share)
    {
        var fanOut = new FrameFanOut<Viewer, SharedFrame>(share, NullLogger.Instance);
        var writers = new List<FakeWriter>();
        for (var i = 0; i < 600; i++)
        {
            writers.Add(new FakeWriter());
            fanOut.Add(i % 7 == 0 ? Live(new ThrowingWriter()) : Live(writers[^1]));
        }

        for (var seq = 1; seq <= 5; seq++)
        {
            fanOut.Add(_parts.Shared(Sample.Frame(seq)));
            fanOut.Flush();
        }

        Assert.All(
            writers.Where((_, i) => i % 7 != 0), writer => Assert.Equal([1L, 2, 3, 4, 5],
                writer.Frames.Select(frame => frame.Seq)));
    }

    /// <summary>Who comes with the first frames behind is told to join again; whoever goes is handed nothing more.
    /// </summary>
    private void ComeAndGo(FrameFanOut<Viewer, SharedFrame> fanOut, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var writer = new FakeWriter();
            var viewer = Live(writer);
            Assert.True(fanOut.Add(viewer));
            Assert.False(fanOut.Add(viewer));
            Assert.True(fanOut.Remove(viewer));
            Assert.False(fanOut.Remove(viewer));
            viewer.Leave();
        }
    }

    private Viewer Live(IFrameWriter writer)
    {
        var viewer = new Viewer(Sample.Room, writer, _parts.Encoder, _parts.Options, _parts.Metrics);
        var ticket = viewer.BeginJoin();
        viewer.Answer(ticket, 1, 0, _parts.NoFrames);
        ticket.Written();
        return viewer;
    }

    /// <summary>Holds the thread that writes first.</summary>
    private sealed class BlockingWriter : IFrameWriter, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.Set();

        public ValueTask Write(SharedMessage message)
        {
            Entered.TrySetResult();
            _released.Wait(HubClient.Patience);
            return ValueTask.CompletedTask;
        }

        public ValueTask WriteResync(RoomId room, RoomHead head) => ValueTask.CompletedTask;

        public ValueTask WriteSampled(RoomId room, System.Collections.Immutable.ImmutableArray<long> seqs)
            => ValueTask.CompletedTask;

        public ValueTask WriteOrder(OrderNotice notice) => ValueTask.CompletedTask;

        public ValueTask WriteNotification(NotificationNews news) => ValueTask.CompletedTask;

        public void Dispose() => _released.Dispose();
    }

    private sealed class ThrowingWriter : IFrameWriter
    {
        public ValueTask Write(SharedMessage message) => throw new InvalidOperationException("This one cannot.");

        public ValueTask WriteResync(RoomId room, RoomHead head) => throw new InvalidOperationException("Nor this.");

        public ValueTask WriteSampled(RoomId room, System.Collections.Immutable.ImmutableArray<long> seqs)
            => ValueTask.CompletedTask;

        public ValueTask WriteOrder(OrderNotice notice) => ValueTask.CompletedTask;

        public ValueTask WriteNotification(NotificationNews news) => ValueTask.CompletedTask;
    }
}
