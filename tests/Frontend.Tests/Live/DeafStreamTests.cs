using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

/// <summary>A subscription that hears nothing any more is noticed by the rounds that a front end makes.</summary>
public sealed class DeafStreamTests
{
    private readonly LiveParts _parts = new();

    [Fact]
    public async Task Patrol_TheStreamGoesDeaf_SubscribesAgainAndFramesComeByItselfAgain()
    {
        var (seq, fills) = (0L, 0);
        _parts.Grain.OnJoin = _ => Task.FromResult<RoomSnapshot?>(Sample.Snapshot(seq));
        _parts.Grain.OnReport = _ => new RoomHead(1, seq);
        _parts.Grain.OnFill = after =>
        {
            fills++;
            return Task.FromResult<FramesAnswer?>(new(new RoomHead(1, seq), true, [.. Frames(after.Seq + 1, seq)]));
        };
        var port = _parts.Port();
        var writer = new FakeWriter();
        (await port.Channel.Join(_parts.Viewer(writer), null))!.Value.Ticket.Written();
        Publish();
        _parts.Streams.GoDeaf();
        for (var i = 0; i < 5; i++)
        {
            Publish();
        }

        Assert.Equal(1, Assert.Single(writer.Frames).Seq);
        await Patrol(port, _parts.Options.ReportEvery + _parts.Options.BehindPatience + _parts.Options.PatrolEvery);

        Assert.Equal(2, _parts.Streams.Subscriptions);
        Assert.Equal(1, _parts.Streams.Subscribed);
        Publish();
        Publish();
        Assert.Equal(Enumerable.Range(1, 8).Select(n => (long)n), writer.Frames.Select(frame => frame.Seq));
        Assert.Equal(1, fills);
        Assert.Empty(writer.Resyncs);

        void Publish() => _parts.Streams.Publish(Sample.Frame(++seq));
    }

    private async Task Patrol(RedNote.Frontend.Live.RoomPort port, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += _parts.Options.PatrolEvery)
        {
            await port.Patrol();
            _parts.Time.Advance(_parts.Options.PatrolEvery);
        }
    }

    private static IEnumerable<RoomFrame> Frames(long first, long last)
    {
        for (var seq = first; seq <= last; seq++)
        {
            yield return Sample.Frame(seq);
        }
    }
}
