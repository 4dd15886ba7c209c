using System.Runtime.CompilerServices;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>
/// One note, and all that is known of it: its log, what was asked of it and what it answered. Each answer is judged
/// where it leaves the grain: what it says has to be so at a version of the log that is stored by then.
/// </summary>
internal sealed partial class NoteBook
{
    /// <summary>Longer than anything of a call that was not answered can be under way.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(3);

    private readonly SimulatedWorld _world;
    private readonly NoteCast _cast;
    private readonly StoredNoteLog _log;
    private readonly ConditionalWeakTable<object, Activation> _activations = [];
    private readonly List<Attempt> _open = [];
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private long _floor;

    public NoteBook(SimulatedWorld world, NoteCast cast, NoteId id)
    {
        (_world, _cast, Id) = (world, cast, id);
        _log = new StoredNoteLog(world, id, this);
    }

    public NoteId Id { get; }

    /// <summary>What the note was, by version; as it is stored now.</summary>
    public IReadOnlyList<NoteMoment> Moments
    {
        get
        {
            _log.Refresh();
            return _log.Moments;
        }
    }

    public NoteMoment Now => Moments[^1];

    public long Head => Now.Version;

    /// <summary>Each mark that was answered, in order, with the count.</summary>
    public List<(SetMark Mark, int Count)> Answers { get; } = [];

    /// <summary>All that was to be said and is not said at that moment.</summary>
    public IEnumerable<string> Unsaid(NoteMoment moment)
    {
        var says = moment.Content is { } content ? NoteMoment.Words(content).ToHashSet() : [];
        return _said.Where(text => !says.Contains(text));
    }

    /// <summary>Whether somebody asked for a mark whose outcome is open.</summary>
    public bool IsAskedFor(SetMark mark) => _open.Exists(attempt => attempt.Batch.Marks.Contains(mark));

    /// <summary>An author's key stands for this note, and for no other.</summary>
    public void Bind(UserId author, string key) => _cast.Bind(author, key, Id);

    /// <summary>Counts that leave the note for those who watch it are stored.</summary>
    public void CheckTold(NoteCounts counts) => Require(
        counts.Version <= Head && Moments[(int)counts.Version].Matches(counts), $"tells {counts}, which is not stored");

    /// <summary>The first version from a given one on at which the counts were those; violated if there is none.
    /// </summary>
    public long FirstWith(long from, int likes, int collects, bool isDeleted)
    {
        var moments = Moments;
        for (var version = from; version < moments.Count; version++)
            if (moments[(int)version].Matches(new NoteCounts(version, likes, collects, isDeleted))) return version;
        _world.Violate($"Note {Id} shows {likes}, {collects}, {isDeleted}: never so from {from} to {Head}, {Now}.");
        return from;
    }

    /// <summary>What an activation of the grain has shown that it knows.</summary>
    private sealed class Activation
    {
        /// <summary>The highest version that it has answered with.</summary>
        public long Floor { get; set; }

        /// <summary>The highest number of each gateway's batches that it has decided.</summary>
        public Dictionary<long, long> Decided { get; } = [];

        /// <summary>The highest number of each gateway's batches that has come to it.</summary>
        public Dictionary<long, long> Came { get; } = [];
    }

    /// <summary>A batch that has come to the grain, and has not been answered for sure.</summary>
    private sealed record Attempt(MarkBatch Batch, long At);

    /// <summary>A call as it has come to the grain.</summary>
    /// <param name="Activation">Where it came.</param>
    /// <param name="Head">What was stored then.</param>
    /// <param name="Oldest">The oldest version that may be shown: a second activation may be behind, but none goes
    /// back.</param>
    private sealed record Arrival(Activation Activation, long Head, long Oldest);

    private Arrival Arrive(object grain)
    {
        var activation = _activations.GetOrCreateValue(grain);
        return new Arrival(activation, Head, _world.Cluster.WasShared ? activation.Floor : _floor);
    }

    /// <summary>Something of that version was acknowledged or shown.</summary>
    private void Know(Arrival arrival, long version)
    {
        arrival.Activation.Floor = Math.Max(arrival.Activation.Floor, version);
        _floor = Math.Max(_floor, version);
    }

    private bool Was(long from, Func<NoteMoment, bool> isSo)
    {
        var moments = Moments;
        for (var version = moments.Count - 1; version >= from; version--)
            if (isSo(moments[version])) return true;
        return false;
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds) _world.Violate($"Note {Id} {otherwise}: {Now}.");
    }
}
