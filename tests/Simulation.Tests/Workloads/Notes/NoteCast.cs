using System.Globalization;
using RedNote.Embedded.Simulation;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>All that takes part in a run: notes, front ends, people; and the network, which keeps copies of batches and
/// brings them late.</summary>
internal sealed class NoteCast
{
    /// <summary>People have the ids from 1 to that.</summary>
    public const int People = 9;

    private const int FrontEnds = 2;

    /// <summary>Few, so that keys of different authors lead to the same.</summary>
    private const int Notes = 24;

    /// <summary>As a front end tries.</summary>
    private const int IdAttempts = 3;

    private readonly SimulatedWorld _world;
    private readonly SimulatedClient _network;
    private readonly SimulationRandom _random;
    private readonly Dictionary<(UserId Author, string Key), NoteId> _bound = [];
    private readonly NoteFrontEnd?[] _frontEnds = new NoteFrontEnd?[FrontEnds];
    private int _started;

    public NoteCast(SimulatedWorld world, NoteOptions options)
    {
        _world = world;
        Options = options;
        _random = world.Random.Fork("notes");
        _network = world.AddClient("network");
        for (var id = 1; id <= Notes; id++) Books.Add(new NoteBook(world, this, new NoteId(id)));
    }

    public NoteOptions Options { get; }

    /// <summary>All notes that may be written, in order of their ids, which begin with 1.</summary>
    public List<NoteBook> Books { get; } = [];

    public IEnumerable<NoteFrontEnd> Alive => _frontEnds.OfType<NoteFrontEnd>();

    public NoteBook Book(NoteId id) => Books[(int)id.Value - 1];

    /// <summary>One note to an author and key.</summary>
    public void Bind(UserId author, string key, NoteId id)
        => _world.Require(
            _bound.TryAdd((author, key), id), $"{key} of {author} is note {_bound[(author, key)]}, and {id} too.");

    /// <summary>Where an author's key leads to, one after the other.</summary>
    public static IEnumerable<NoteId> IdsOf(UserId author, string key)
        => Enumerable.Range(0, IdAttempts)
            .Select(attempt => string.Create(CultureInfo.InvariantCulture, $"{author} {key} {attempt}"))
            .Select(path => new NoteId(1 + (long)(StableHash.Of(path) % Notes)));

    /// <summary>A front end that lives; waits while there is none.</summary>
    public async Task<NoteFrontEnd> Reach(SimulationRandom random, SimulationNode person)
    {
        while (true)
        {
            if (random.Pick(_frontEnds) is { Node.IsAlive: true } frontEnd) return frontEnd;
            await Task.Delay(TimeSpan.FromMilliseconds(100), person.Time);
        }
    }

    public void StartFrontEnds()
    {
        for (var i = 0; i < FrontEnds; i++) _frontEnds[i] ??= StartFrontEnd();
    }

    /// <summary>Front ends die, or leave in good order, and come back under another name.</summary>
    public async Task Disturb()
    {
        var rate = _world.Cluster.Faults.Rate(FaultKind.FrontendCrash);
        while (rate > 0)
        {
            await Task.Delay(TimeSpan.FromMinutes(-Math.Log(1 - _random.NextDouble()) / rate), _network.Node.Time);
            if (!_world.Cluster.Faults.IsOn) return;
            var slot = _random.Next(FrontEnds);
            if (_frontEnds[slot] is not { } victim || !_world.Cluster.Faults.Happens(FaultKind.FrontendCrash)) continue;
            _frontEnds[slot] = null;
            if (_random.Chance(0.3))
                await Task.WhenAny(victim.Drain(), Task.Delay(TimeSpan.FromSeconds(10), _network.Node.Time));
            _world.Cluster.Note($"{victim.Node.Name} dies");
            _world.Cluster.Kill(victim.Client);
            await Task.Delay(_random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(3)), _network.Node.Time);
            _frontEnds[slot] ??= StartFrontEnd();
        }
    }

    public Task Start(Func<Task> code) => _network.Node.Start(code);

    /// <summary>A batch was answered. Now and then a copy of it comes again, when others may have followed it.
    /// </summary>
    public void Sent(NoteBook book, MarkBatch batch)
    {
        if (!_world.Cluster.Faults.IsOn || !_random.Chance(0.06)) return;
        var late = _random.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(8));
        _ = _network.Node.Start(() => Bring(book, batch, late));
    }

    private async Task Bring(NoteBook book, MarkBatch batch, TimeSpan late)
    {
        await Task.Delay(late, _network.Node.Time);
        try
        {
            var outcome = await _network.Grains.Note(book.Id).Mark(batch);
            _world.Cluster.Note($"{batch.Gateway}:{batch.Number} comes to {book.Id} late: {outcome.Status}");
        }
        catch (Exception error) when (Calls.IsExpected(error))
        {
            _world.Cluster.Note($"{batch.Gateway}:{batch.Number} comes to {book.Id} late: {error.GetType().Name}");
        }
    }

    private NoteFrontEnd StartFrontEnd()
    {
        var name = $"front-end-{++_started}";
        return new NoteFrontEnd(_world, this, name, _random.Fork(name));
    }
}
