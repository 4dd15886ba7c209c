using RedNote.Embedded.Simulation;
using RedNote.Frontend.Live;
using RedNote.Frontend.Notes;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>
/// The way of counts to a front end: each takes its time, and some overtake others; some get lost, and some
/// subscriptions go deaf. What leaves the note is stored by then.
/// </summary>
internal sealed class SimulatedNoteStreams(
    SimulatedWorld world, NoteCast cast, SimulatedClient client, SimulationRandom random) : INoteStreams
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NoteStreams _streams = new(client.Cluster);

    public Task<IStreamSubscription> Subscribe(NoteId note, Action<NoteCounts> onCounts)
    {
        var way = new Way(this, cast.Book(note), onCounts);
        return SimulatedSubscription.Of(
            client, Patience, _streams.Subscribe(note, way.Send), () => way.IsDeaf = true);
    }

    private sealed class Way(SimulatedNoteStreams owner, NoteBook book, Action<NoteCounts> onCounts)
    {
        public bool IsDeaf { get; set; }

        /// <summary>Runs in the silo.</summary>
        public void Send(NoteCounts counts)
        {
            book.CheckTold(counts);
            var faults = owner.World.Cluster.Faults;
            if (faults.Strikes(FaultKind.SubscriptionDeaf)) IsDeaf = true;
            if (IsDeaf || faults.Strikes(FaultKind.StreamEventLost)) return;
            _ = owner.Node.Start(() => Bring(counts));
        }

        private async Task Bring(NoteCounts counts)
        {
            if (owner.Random.Chance(0.3))
                await Task.Delay(owner.Random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(1)), owner.Node.Time);
            if (!IsDeaf) onCounts(counts);
        }
    }

    private SimulatedWorld World => world;

    private SimulationNode Node => client.Node;

    private SimulationRandom Random => random;
}
