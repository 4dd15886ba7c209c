using Microsoft.Extensions.DependencyInjection;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>
/// People who write notes under keys that they use again, change and delete them, and who like and collect them with
/// their friends over the ports of front ends; others watch there. Copies of batches come late.
/// </summary>
public sealed class NotesWorkload : IWorkload
{
    private readonly NoteOptions _options = new();
    private readonly NoteJudge _judge = new();
    private readonly List<NotePerson> _people = [];

    public void Configure(ISiloBuilder silo)
    {
        silo.AddIncomingGrainCallFilter(_judge);
        silo.Services.Configure<NoteOptions>(options =>
            (options.NewsMs, options.WatchedMs) = (_options.NewsMs, _options.WatchedMs));
    }

    public async Task Run(SimulatedWorld world)
    {
        var random = world.Random.Fork("bounds");
        (_options.NewsMs, _options.WatchedMs) = (10 + random.Next(300), 2_000 + random.Next(8_000));
        var cast = _judge.Cast = new NoteCast(world, _options);
        for (var i = 1; i <= NoteCast.People; i++)
        {
            var client = world.AddClient($"person{i}");
            _people.Add(new NotePerson(world, new UserId(i), client, world.Random.Fork(client.Node.Name), cast));
        }

        cast.StartFrontEnds();
        _ = cast.Start(cast.Disturb);
        await Task.WhenAll(_people.Select(person => person.Client.Node.Start(
            () => person.Live(world.Bounds.Commands / NoteCast.People))));
    }

    public Task Check(SimulatedWorld world)
    {
        var cast = _judge.Cast!;
        var client = world.AddClient("checker");
        cast.StartFrontEnds();
        return client.Node.Start(() => new NotesCheck(world, client, cast, _people).Run());
    }
}
