using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Embedded.Simulation;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>One front end process: the real rooms' ports on a node of its own. Its code runs nowhere else.</summary>
internal sealed class FrontEnd
{
    // Meters are lists of the whole process; that of a simulation is nobody's business.
    private static readonly LiveMetrics Metrics = new(new Meters());

    public FrontEnd(SimulatedWorld world, string name, LiveOptions options, SimulationRandom random)
    {
        Options = options;
        Client = world.AddClient(name);
        var logger = Client.Services.GetService<ILogger<RoomPorts>>() ?? NullLogger<RoomPorts>.Instance;
        var streams = new SimulatedRoomStreams(world, Client, random.Fork("streams"), TimeSpan.FromSeconds(10));
        Ports = new RoomPorts(
            Client.Grains, streams, Encoder, new NoDealWatch(), new Names(name), Node.Time, Metrics,
            Microsoft.Extensions.Options.Options.Create(options), logger);
        Node.Time.CreateTimer(
            static ports => ((RoomPorts)ports!).Patrol(), Ports, options.PatrolEvery, options.PatrolEvery);
    }

    public SimulatedClient Client { get; }

    public SimulationNode Node => Client.Node;

    public RoomPorts Ports { get; }

    public LiveOptions Options { get; }

    private FrameEncoder Encoder { get; } = new(new Lengths());

    /// <summary>The port of a room; null when there is no silo to name it by, which only an attached client minds.
    /// </summary>
    public RoomPort? Use(RoomId room)
    {
        try
        {
            return Ports.Use(room);
        }
        catch (SiloUnavailableException)
        {
            return null;
        }
    }

    public Viewer NewViewer(RoomId room, IFrameWriter writer) => new(room, writer, Encoder, Options, Metrics);

    /// <summary>Names of front ends are never used twice in a run.</summary>
    private sealed class Names(string name) : IIdGenerator
    {
        public long NextId() => throw new NotSupportedException();

        public long NextSecretNumber() => throw new NotSupportedException();

        public string NextToken() => name;
    }

    /// <summary>Nobody here buys.</summary>
    private sealed class NoDealWatch : IDealWatch
    {
        public void Watch(DealId deal)
        {
        }
    }

    /// <summary>Nobody reads the bytes of a simulation; only how many there are counts.</summary>
    private sealed class Lengths : IHubProtocol
    {
        public string Name => "lengths";

        public int Version => 1;

        public TransferFormat TransferFormat => TransferFormat.Text;

        public bool IsVersionSupported(int version) => true;

        public bool TryParseMessage(
            ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
            => throw new NotSupportedException();

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
        {
            var frame = (RoomFrame)((InvocationMessage)message).Arguments[1]!;
            var length = 100 + (100 * ((frame.Danmaku?.Length ?? 0) + (frame.Events?.Length ?? 0)));
            output.GetSpan(length);
            output.Advance(length);
        }

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => throw new NotSupportedException();
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
