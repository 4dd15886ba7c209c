using RedNote.Embedded.Simulation;
using RedNote.Frontend.Live;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// The way of frames to a front end: each takes its time and none overtakes another; some get lost, and some
/// subscriptions go deaf. That of a silo that died is deaf by nature.
/// </summary>
internal sealed class SimulatedRoomStreams(
    SimulatedWorld world, SimulatedClient client, SimulationRandom random, TimeSpan patience) : IRoomStreams
{
    private readonly RoomStreams _streams = new(client.Cluster);

    public Task<IStreamSubscription> Subscribe(RoomId room, Action<RoomFrame> onFrame)
    {
        var way = new Way(this, onFrame);
        return SimulatedSubscription.Of(
            client, patience, _streams.Subscribe(room, way.Send), () => way.IsDeaf = true);
    }

    private sealed class Way(SimulatedRoomStreams owner, Action<RoomFrame> onFrame)
    {
        private readonly Queue<RoomFrame> _frames = [];
        private readonly Dictionary<long, long> _published = [];
        private bool _isMoving;

        public bool IsDeaf { get; set; }

        /// <summary>Runs in the silo.</summary>
        public void Send(RoomFrame frame)
        {
            // Front ends put in order what overtakes; a room does not make them.
            owner.World.Require(
                frame.Seq > _published.GetValueOrDefault(frame.Epoch),
                $"Frame {frame.Epoch}.{frame.Seq} is published after {_published.GetValueOrDefault(frame.Epoch)}.");
            _published[frame.Epoch] = frame.Seq;
            var faults = owner.World.Cluster.Faults;
            if (faults.Strikes(FaultKind.SubscriptionDeaf)) IsDeaf = true;
            if (IsDeaf || faults.Strikes(FaultKind.StreamEventLost)) return;
            _frames.Enqueue(frame);
            if (_isMoving) return;
            _isMoving = true;
            _ = owner.Node.Start(Move);
        }

        private async Task Move()
        {
            while (_frames.TryDequeue(out var frame))
            {
                if (owner.Random.Chance(0.2))
                {
                    await Task.Delay(
                        owner.Random.Delay(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)), owner.Node.Time);
                }

                if (!IsDeaf) onFrame(frame);
            }

            _isMoving = false;
        }
    }

    private SimulatedWorld World => world;

    private SimulationNode Node => client.Node;

    private SimulationRandom Random => random;
}
