using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

public sealed class ViewerTests
{
    private readonly LiveParts _parts = new();
    private readonly FakeWriter _writer = new();

    [Fact]
    public void Push_ConnectionStallsBelowTheBound_SendsEveryFrameLater()
    {
        var viewer = Live();
        _writer.Stall();
        Push(viewer, 1, 20);
        Assert.Single(_writer.Frames);

        _writer.Release();

        Assert.Equal(Enumerable.Range(1, 20).Select(n => (long)n), _writer.Frames.Select(f => f.Seq));
        Assert.All(_writer.Frames, frame => Assert.Null(frame.From));
    }

    [Fact]
    public void Push_ConnectionStallsBeyondTheFrameBound_SendsOneFrameForAll()
    {
        _parts.Options.ViewerQueueFrames = 10;
        var viewer = Live();
        _writer.Stall();
        Push(viewer, 1, 500);

        _writer.Release();

        Assert.Equal(2, _writer.Frames.Count);
        var one = _writer.Frames[1];
        Assert.Equal((2L, 500L), (one.From, one.Seq));
        Assert.Null(one.Danmaku);
        Assert.Equal(499, one.Shed!.Skipped);

        viewer.Push(_parts.Shared(Sample.Frame(501, 1, "fresh")));
        Assert.Equal(501, _writer.Frames[2].Seq);
        Assert.NotNull(_writer.Frames[2].Danmaku);
    }

    [Fact]
    public void Push_ConnectionStallsForTooLong_SendsOneFrameForAll()
    {
        // A frame every 50 ms: the tenth is half a second behind the first.
        _parts.Options.ViewerLag = TimeSpan.FromMilliseconds(500);
        var viewer = Live();
        _writer.Stall();
        Push(viewer, 1, 50);

        _writer.Release();

        Assert.Equal(2, _writer.Frames.Count);
        Assert.Equal((2L, 50L), (_writer.Frames[1].From, _writer.Frames[1].Seq));
    }

    [Fact]
    public void Push_CoalescedFrameHoldsTooManyEvents_TellsToJoinAgain()
    {
        _parts.Options.ViewerQueueFrames = 1;
        _parts.Options.CoalescedEvents = 5;
        var viewer = Live();
        _writer.Stall();
        for (var seq = 1; seq <= 20; seq++)
        {
            viewer.Push(_parts.Shared(Sample.Event(seq, new RoomStarted())));
        }

        _writer.Release();

        Assert.Single(_writer.Frames);
        Assert.Single(_writer.Resyncs);
    }

    [Fact]
    public void Push_CoalescedFrameTakesTooManyBytes_TellsToJoinAgain()
    {
        _parts.Options.ViewerQueueFrames = 1;
        _parts.Options.CoalescedBytes = 50_000;
        var viewer = Live();
        _writer.Stall();
        for (var seq = 1; seq <= 100; seq++)
        {
            viewer.Push(_parts.Shared(Sample.Event(seq, Largest(seq))));
        }

        _writer.Release();

        Assert.Single(_writer.Frames);
        Assert.Equal([new RoomHead(1, 100)], _writer.Resyncs);
    }

    [Fact]
    public void Push_CoalescedFrameWithinItsBytes_IsSentWithEveryEvent()
    {
        _parts.Options.ViewerQueueFrames = 1;
        var viewer = Live();
        _writer.Stall();
        for (var seq = 1; seq <= 100; seq++)
        {
            viewer.Push(_parts.Shared(Sample.Event(seq, Largest(seq))));
        }

        _writer.Release();

        Assert.Empty(_writer.Resyncs);
        Assert.Equal(
            Enumerable.Range(1, 100).Select(n => (long)n),
            _writer.Frames.SelectMany(frame => frame.Events!.Value).Select(e => e.At));
        Assert.True(_parts.Shared(_writer.Frames[1]).Bytes <= _parts.Options.CoalescedBytes);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(150)]
    public async Task Stalled_ManyViewersOfTheLargestFrames_CostLittleBesidesTheFramesThatAllShare(int frames)
    {
        const int Viewers = 400;
        var one = await MemoryOfStalled(1, frames);
        var many = await MemoryOfStalled(Viewers, frames);

        // What is a viewer's own is the list of events that its one frame will have; the events are everybody's.
        var each = (many - one) / (Viewers - 1);
        Assert.True(each < 16 * 1024, $"{each:N0} bytes for each stalled viewer.");
    }

    [Fact]
    public void Push_FrameMissing_TellsToJoinAgainAndSendsNoMore()
    {
        var viewer = Live();

        viewer.Push(_parts.Shared(Sample.Frame(1)));
        viewer.Push(_parts.Shared(Sample.Frame(3)));
        viewer.Push(_parts.Shared(Sample.Frame(4)));

        Assert.Equal([1], _writer.Frames.Select(f => f.Seq));
        Assert.Equal([new RoomHead(1, 3)], _writer.Resyncs);
    }

    [Fact]
    public void Join_ReplacedByALaterOne_IsIgnored()
    {
        var viewer = _parts.Viewer(_writer);
        var first = viewer.BeginJoin();
        var second = viewer.BeginJoin();
        viewer.Answer(first, 1, 0, _parts.NoFrames);
        first.Written();
        Push(viewer, 1, 1);
        Assert.Empty(_writer.Frames);

        viewer.Answer(second, 1, 1, _parts.NoFrames);
        Push(viewer, 1, 3);
        Assert.Empty(_writer.Frames);
        second.Written();

        Assert.Equal([2, 3], _writer.Frames.Select(f => f.Seq));
    }

    [Fact]
    public void Leave_WithFramesWaiting_WritesNoMore()
    {
        var viewer = Live();
        _writer.Stall();
        Push(viewer, 1, 5);
        viewer.Leave();

        _writer.Release();
        Push(viewer, 6, 1);

        Assert.Single(_writer.Frames);
    }

    /// <summary>An event as long as any: about a kilobyte on the wire.</summary>
    private static QuestionAsked Largest(long at) => new(new Question(
        new QuestionId(at), new UserId(5), new string('好', 24), new string('好', 200), 0, at, QuestionState.Open, null,
        null, null))
    {
        At = at,
    };

    /// <summary>Bytes in use when that many viewers have taken nothing of a room without a display budget.</summary>
    private static async Task<long> MemoryOfStalled(int viewers, int frames)
    {
        // As many frames wait as may, or they have become one.
        var parts = new LiveParts();
        parts.Options.ViewerLag = TimeSpan.FromMinutes(1);
        var writers = new List<FakeWriter>();
        for (var i = 0; i < viewers; i++)
        {
            var (_, writer) = await parts.Joined(0);
            writer.Stall();
            writers.Add(writer);
        }

        var text = new string('好', 200);
        for (var seq = 1; seq <= frames; seq++)
        {
            var frame = Sample.Frame(seq, 1, [.. Enumerable.Repeat(text, 230)]);
            parts.Streams.Publish(frame with { Events = [Largest(seq)] });
        }

        Assert.All(writers, writer => Assert.Single(writer.Frames));
        var bytes = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(parts);
        GC.KeepAlive(writers);
        return bytes;
    }

    private Viewer Live()
    {
        var viewer = _parts.Viewer(_writer);
        var ticket = viewer.BeginJoin();
        viewer.Answer(ticket, 1, 0, _parts.NoFrames);
        ticket.Written();
        return viewer;
    }

    private void Push(Viewer viewer, long first, int count)
    {
        for (var seq = first; seq < first + count; seq++)
        {
            viewer.Push(_parts.Shared(Sample.Frame(seq, 1, "text")));
        }
    }
}
