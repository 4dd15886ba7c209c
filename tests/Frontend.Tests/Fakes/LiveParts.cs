using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>The parts of a front end's live room around a fake room, with a clock of its own.</summary>
internal sealed class LiveParts
{
    public LiveParts()
    {
        Metrics = new LiveMetrics(new Meters());
        Deals = new RoomDealWatch(new Watch(Watched));
        Channel = new RoomChannel(
            Sample.Room, Grain, Streams, Encoder, Deals, Options, Time, Metrics, NullLogger.Instance);
    }

    /// <summary>Deals that were listened to, again and again.</summary>
    public List<DealId> Watched { get; } = [];

    public RoomDealWatch Deals { get; }

    public ManualTime Time { get; } = new();

    public FakeRoom Grain { get; } = new();

    public FakeStreams Streams { get; } = new();

    public LiveOptions Options { get; } = new();

    public LiveMetrics Metrics { get; }

    public FrameEncoder Encoder { get; } = new(new RoomHubProtocol());

    /// <summary>What a viewer finds that comes before all frames.</summary>
    public RecentFrames NoFrames => new(Sample.Room, Encoder, Options);

    public RoomChannel Channel { get; }

    public RoomGateway Gateway(int viewers = 0) => new(
        "gateway.1", Sample.Room, Grain, () => viewers, Options, Time, Metrics, NullLogger.Instance);

    public RoomPort Port() => new(
        Sample.Room, "gateway.1", Grain, Streams, Encoder, Deals, Options, Time, Metrics, NullLogger.Instance);

    public Viewer Viewer(FakeWriter writer) => new(Sample.Room, writer, Encoder, Options, Metrics);

    public SharedFrame Shared(RoomFrame frame) => Encoder.Encode(Sample.Room, frame);

    /// <summary>A viewer that has joined at (1, seq) and whose answer is written.</summary>
    public async Task<(Viewer Viewer, FakeWriter Writer)> Joined(long seq, long epoch = 1)
    {
        Grain.OnJoin = _ => Task.FromResult<RoomSnapshot?>(Sample.Snapshot(seq, epoch));
        var writer = new FakeWriter();
        var viewer = Viewer(writer);
        var joined = await Channel.Join(viewer, null);
        joined!.Value.Ticket.Written();
        return (viewer, writer);
    }

    private sealed class Watch(List<DealId> watched) : IDealWatch
    {
        void IDealWatch.Watch(DealId deal) => watched.Add(deal);
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
