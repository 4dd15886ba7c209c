using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RedNote.Embedded.Simulation;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Simulation.Notes;

/// <summary>A connection at a front end that watches a few notes, one or the other for a while: what it is shown was
/// so, and never goes back.</summary>
internal sealed class NoteViewer : IFrameWriter
{
    private const int Most = 4;

    private readonly SimulatedWorld _world;
    private readonly NoteCast _cast;
    private readonly NoteFrontEnd _frontEnd;
    private readonly string _name;
    private readonly SimulationRandom _random;
    private readonly WatchedNotes _watched;
    private readonly SortedDictionary<long, Shown> _shown = [];
    private bool _isWriting;

    public NoteViewer(
        SimulatedWorld world, NoteCast cast, NoteFrontEnd frontEnd, string name, SimulationRandom random)
    {
        (_world, _cast, _frontEnd, _name, _random) = (world, cast, frontEnd, name, random);
        _watched = new WatchedNotes(this, Most);
    }

    /// <summary>Watches notes and leaves them for as long as things go wrong; then stays with what it has.</summary>
    public async Task Live()
    {
        while (true)
        {
            // Longer than any write of what was left takes.
            await Task.Delay(_random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), _frontEnd.Node.Time);
            var book = _cast.Books[_random.Next(_cast.Books.Count)];
            if (!_shown.ContainsKey(book.Id.Value) && _shown.Count < Most)
                await Watch(book);
            else if (_world.Cluster.Faults.IsOn && _shown.Remove(book.Id.Value))
                _watched.Leave(book.Id);
        }
    }

    /// <summary>What is shown and is not so; null: nothing.</summary>
    public string? Difference()
    {
        foreach (var (id, shown) in _shown)
        {
            var now = _cast.Book(new NoteId(id)).Now;
            if (shown.Last != (now.Likers.Count, now.Collectors.Count, now.IsDeleted))
                return $"{_name} is shown {shown.Last} of note {id}, which is {now}";
        }

        return null;
    }

    public ValueTask Write(SharedMessage message)
    {
        var counts = (SharedCounts)message;
        _world.Require(!_isWriting, $"{_name}: a write was begun in a write.");
        if (_shown.TryGetValue(counts.Note.Value, out var shown)) Take(_cast.Book(counts.Note), shown, counts.Framed);
        return _random.Chance(0.1) ? Wait() : ValueTask.CompletedTask;
    }

    public ValueTask WriteResync(RoomId room, RoomHead head) => throw new NotSupportedException();

    public ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs) => throw new NotSupportedException();

    public ValueTask WriteOrder(OrderNotice notice) => throw new NotSupportedException();

    public ValueTask WriteNotification(NotificationNews news) => throw new NotSupportedException();

    private async Task Watch(NoteBook book)
    {
        _world.Require(_watched.HasPlaceFor(book.Id), $"{_name} may not watch note {book.Id}.");
        if (_frontEnd.Use(book.Id) is not { } port) return;
        _shown[book.Id.Value] = new Shown();
        var isThere = false;
        try
        {
            isThere = await _watched.Watch(port);
            if (!isThere) _frontEnd.Forget(port);
        }
        catch (Exception failure)
            when (Calls.IsExpected(failure) || failure is IOException or ObjectDisposedException)
        {
            _world.Cluster.Note($"{_name} does not watch {book.Id}: {failure.GetType().Name}");
        }

        if (!isThere) _shown.Remove(book.Id.Value);
    }

    private void Take(NoteBook book, Shown shown, ReadOnlyMemory<byte> framed)
    {
        WebSocketHeader.TryRead(framed.Span, out var header);
        var counts = Encoding.ASCII.GetString(framed.Span[header.HeaderBytes..]).Split(' ')
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var (likes, collects, isDeleted) = (counts[0], counts[1], counts[2] > 0);
        _world.Cluster.Note($"{_name} is shown {likes}, {collects}, {isDeleted} of {book.Id}");
        shown.Version = book.FirstWith(shown.Version, likes, collects, isDeleted);
        shown.Last = (likes, collects, isDeleted);
    }

    private async ValueTask Wait()
    {
        _isWriting = true;
        await Task.Delay(_random.Delay(TimeSpan.Zero, TimeSpan.FromMilliseconds(400)), _frontEnd.Node.Time);
        _isWriting = false;
    }

    /// <summary>What was shown of a note since it is watched.</summary>
    private sealed class Shown
    {
        /// <summary>It was so then, at the earliest.</summary>
        public long Version { get; set; }

        public (int Likes, int Collects, bool IsDeleted)? Last { get; set; }
    }
}
