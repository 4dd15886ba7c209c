using RedNote.Embedded.Simulation;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>Reads what everybody may read of a show, and has it judged.</summary>
internal sealed class Onlooker(SimulatedWorld world, ShowStage stage, UserId id, SimulationRandom random)
{
    private readonly ShowModel _room = stage.Room;

    private ILiveRoomGrain Grain => stage.Cast.Grains.LiveRoom(_room.Id);

    /// <summary>Reads something.</summary>
    public Task Look() => random.Next(6) switch
    {
        0 => TapeReader.Look(world, stage.Cast, _room, random),
        1 => LookAtPoll(),
        2 => LookAtQuestions(),
        3 => LookAtDraw(),
        4 => LookAtFan(),
        _ => LookAtCard(),
    };

    /// <summary>Reads the published list of a draw in pages, and recomputes the result from it.</summary>
    public async Task CheckDraw(DrawId id)
    {
        var draw = await Grain.Draw(id);
        if (draw is null)
        {
            world.Require(world.Cluster.WasShared, $"Draw {id} is not found.");
            return;
        }

        _room.Show(draw, _room.From(0));
        if (draw.Seed is null) return;
        var ids = new List<string>();
        UserId? after = null;
        do
        {
            var page = await Grain.DrawEntrants(new DrawEntrantsQuery(id, after, 1 + random.Next(3)));
            world.Require(page.Status == CommandStatus.Done, $"The list of {id} is {page.Status}.");
            ids.AddRange(page.Items.Select(DrawAudit.Show));
            after = page.Next;
        }
        while (after is not null);
        var wrong = DrawAudit.FindWrong(
            draw.Seed, draw.Commitment, ids, draw.Winners, draw.Seed, draw.Commitment, draw.EntrantsHash,
            [.. draw.WinnerIds ?? []]);
        world.Require(wrong is null && ids.Count == draw.Entrants, $"Draw {id} cannot be recomputed: {wrong}.");
    }

    private async Task LookAtPoll()
    {
        if (_room.Stored.Polls.Count == 0) return;
        var (known, poll) = (_room.Known, random.Pick(_room.Stored.Polls.Values.ToList()));
        if (await Grain.Poll(poll.Id, id) is { } shown) _room.Show(shown, id, known);
        else world.Require(world.Cluster.WasShared, $"Poll {poll.Id} is not found.");
    }

    private async Task LookAtQuestions()
    {
        var (known, isTop) = (_room.Known, random.Chance(0.5));
        var order = isTop ? QuestionOrder.Top : QuestionOrder.New;
        var page = await Grain.Questions(new QuestionQuery(order, QuestionState.Open, null, 100, id));
        if (page is null) _room.CheckAbsent(known);
        else _room.Show(page.Items, id, known, most: 100, isTop);
    }

    private Task LookAtDraw() => _room.Stored.Draws.Count == 0
        ? Task.CompletedTask
        : CheckDraw(random.Pick(_room.Stored.Draws.Values.ToList()).Id);

    private async Task LookAtFan()
    {
        var fan = await Grain.Fan(id);
        _room.Stored.Refresh();
        world.Require(
            fan is null || fan.Points <= _room.Stored.WorthOf(id),
            $"{id} has {fan?.Points} points for what is worth {_room.Stored.WorthOf(id)}.");
    }

    private async Task LookAtCard()
    {
        var known = _room.Known;
        if (await Grain.Get() is { } card) _room.Show(card, known);
        else _room.CheckAbsent(known);
    }
}
