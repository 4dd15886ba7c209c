using System.Collections.Immutable;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

public sealed class SampledNoticesTests
{
    private readonly LiveOptions _options = new();
    private readonly Sender _ann = new();
    private readonly Sender _bea = new();

    [Fact]
    public void Flush_FrameBeforeOrBehindTheVerdict_TellsEachSenderOnce()
    {
        var notices = new SampledNotices(Sample.Room, _options);
        notices.Accepted(1, _ann);
        notices.Accepted(2, _bea);
        notices.Accepted(3, _ann);
        notices.Take(Frame(new SeqRun(1, 2), new SeqRun(4, 6)));
        notices.Take(Frame(new SeqRun(1, 2), new SeqRun(4, 6)));
        notices.Accepted(5, _ann);
        notices.Accepted(7, _ann);
        notices.Flush();
        notices.Flush();
        Assert.Equal([1L, 5], Assert.Single(_ann.Told));
        Assert.Equal([2L], Assert.Single(_bea.Told));
    }

    [Fact]
    public void Count_HoweverMuchIsSent_IsBounded()
    {
        _options.SampledWatch = 100;
        _options.SampledRuns = 10;
        var notices = new SampledNotices(Sample.Room, _options);
        for (var seq = 1; seq <= 5_000; seq++)
        {
            notices.Accepted(seq, _ann);
            notices.Take(Frame(new SeqRun(10_000 + (2 * seq), 10_000 + (2 * seq))));
        }

        Assert.InRange(notices.Count, 1, 110);
        notices.Take(Frame(new SeqRun(1, 4_900)));
        notices.Flush();
        Assert.Empty(_ann.Told);
    }

    [Fact]
    public async Task Accepted_WithoutViewers_ListensToTheFrames()
    {
        var parts = new LiveParts();
        parts.Channel.Accepted(9, _ann);
        Assert.Equal(1, parts.Streams.Subscribed);
        parts.Streams.Publish(Frame(new SeqRun(9, 9)));
        await parts.Channel.CheckHead();
        parts.Channel.TellSampled();
        Assert.Equal([9L], Assert.Single(_ann.Told));
    }

    private static RoomFrame Frame(params SeqRun[] runs)
        => Sample.Frame(1) with { Sampled = [.. runs] };

    private sealed class Sender : ISampledSender
    {
        public List<ImmutableArray<long>> Told { get; } = [];

        public void TellSampled(RoomId room, ImmutableArray<long> seqs) => Told.Add(seqs);
    }
}
