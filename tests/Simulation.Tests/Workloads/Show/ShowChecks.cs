using System.Text.Json;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>What must be so in the end, when nothing goes wrong any more, and again after all memory was
/// lost.</summary>
internal sealed class ShowChecks(SimulatedWorld world, ShowStage stage, ShowHost host)
{
    /// <summary>After so long without a viewer no front end asks for the room any more.</summary>
    private static readonly TimeSpan AllGone = TimeSpan.FromSeconds(45);

    private readonly ShowModel _room = stage.Room;
    private readonly RoomCast _cast = stage.Cast;

    private StoredRoom Stored => _room.Stored;

    private ILiveRoomGrain Grain => _cast.Grains.LiveRoom(_room.Id);

    public async Task Run()
    {
        await _cast.Until(
            "every front end is up", () => Task.FromResult(_cast.AreAllUp ? null : "one is down"));

        // The host's last commands append, so that no activation that was overtaken is left.
        await host.Relax();
        foreach (var guest in stage.Guests) await guest.Settle();
        await CheckAll();
        await new ShowProbe(world, stage, host).Run();
        await DrawInTheDark();

        // Snapshot and tail give the same as the whole log, which the model has read.
        if (world.Cluster.Silo is { } silo) world.Cluster.Kill(silo);
        await world.Cluster.Calm();
        await CheckAll();
        await new ShowProbe(world, stage, host).Run();
    }

    private async Task CheckAll()
    {
        await _cast.Until("all that is open has ended", () =>
        {
            Stored.Refresh();
            var poll = Stored.Polls.Values.FirstOrDefault(poll => poll.ClosedBy == 0);
            var pk = Stored.Pks.Values.FirstOrDefault(pk => pk.ClosedBy == 0);
            var draw = Stored.Draws.Values.FirstOrDefault(draw => draw.DecidedBy == 0);
            return Task.FromResult(
                poll is not null ? $"poll {poll.Id}" : pk is not null ? $"PK {pk.Id}"
                : draw is not null ? $"draw {draw.Id}" : null);
        });
        await _cast.Until("the show has settled", FindUnsettled);
        _room.CheckStored();
        CheckBlanked();
        await _cast.Until("the tape is read", async () =>
        {
            await TapeReader.ReadAll(world, _cast, _room);
            return null;
        });
        await _cast.Until("the verdicts add up", CompareStats);
        await _cast.Until("what waits is as stored", CompareHeld);
        await _cast.Until("every draw can be recomputed", async () =>
        {
            foreach (var draw in Stored.Draws.Values)
                await new Onlooker(world, stage, _room.HostId, world.Random.Fork($"{draw.Id}")).CheckDraw(draw.Id);
            return null;
        });
        await _cast.Until("everybody is told their ballots", CompareBallots);
    }

    /// <summary>Everybody who wants to be in the room is, and their pages show what is so.</summary>
    private async Task<string?> FindUnsettled()
    {
        var card = await Grain.Get();
        var answer = await Grain.FramesAfter(new RoomHead(0, 0));
        Stored.Refresh();
        if (card is null || answer is null) return "there is no such room";
        var seats = stage.Seats.Where(seat => seat.IsWanted).ToList();
        if (seats.Find(seat => !seat.IsJoined) is { } outside) return $"{outside.Name} is not in";
        foreach (var seat in seats)
        {
            if (!seat.Watch.IsAt(answer.Head, Stored.LastSeq))
                return $"{seat.Name} is at {seat.Watch.Since}, the room at {answer.Head} with {Stored.LastSeq}";
            if (((ShowWatch)seat.Watch).FindWrong() is { } wrong) return $"{seat.Name} shows {wrong}";
        }

        var users = stage.Guests.Where(guest => guest.Seat is { IsWanted: true }).Select(guest => guest.Id).ToList();
        if (users.Find(user => !Stored.IsPresent(user)) is { Value: > 0 } absent)
            return $"{absent} sits in the room, and is not known to be there";
        if (stage.Guests.FirstOrDefault(guest => Stored.IsPresent(guest.Id) && !users.Contains(guest.Id)) is { } gone)
            return $"{gone.Name} is known to be in the room, and is not";
        if (card.Counters.Viewers != seats.Count) return $"{card.Counters.Viewers} viewers instead of {seats.Count}";
        return card.State == Stored.State.Now && card.Counters.Likes == Stored.Likes
            && card.Counters.Danmaku == Stored.Said && card.Counters.PeakViewers == Stored.PeakViewers
            ? null
            : $"{card} is not what is stored";
    }

    private async Task<string?> CompareStats()
    {
        if (await host.Hand.Stats(most: 4) is not { } stats) return "there are none";
        var (verdicts, stored) = (stats.Verdicts, Stored.Totals.Now);
        return verdicts.Pending == 0 && stats.Epoch == stored.Epoch
            && verdicts.Sampled >= Stored.SampledIn(stats.Epoch)
            && verdicts.Sampled <= Stored.SampledIn(stats.Epoch) + Stored.Recalls
            && verdicts.Shown + verdicts.Sampled == stored.Accepted && verdicts.Merged == stored.Merged
            && verdicts.Held == stored.Held
            && verdicts.Received == stored.Accepted + stored.Merged + stored.Held
                + verdicts.Rejected.Sum(refused => refused.Count)
            ? null
            : $"{verdicts}, stored is {stored}";
    }

    private async Task<string?> CompareHeld()
    {
        var page = (await Grain.Held(_room.HostId, 0, 200)).Page!;
        return page.Items.Select(item => item.HeldId).SequenceEqual(Stored.Waiting.Select(held => held.HeldId))
            ? null
            : $"{page.Items.Length} wait, stored are {Stored.Waiting.Count()}";
    }

    private async Task<string?> CompareBallots()
    {
        foreach (var poll in Stored.Polls.Values)
        {
            var known = _room.Known;
            var voter = stage.Guests[(int)(poll.Id.Value % stage.Guests.Count)].Id;
            if (await Grain.Poll(poll.Id, voter) is not { } shown) return $"poll {poll.Id} is not found";
            _room.Show(shown, voter, known);
        }

        return null;
    }

    /// <summary>Of what was taken back the text is nowhere in the log any more.</summary>
    private void CheckBlanked()
    {
        var rows = world.Journal.ReadAsync(
            new LogId("room", "1"), new VersionRange(1), int.MaxValue, CancellationToken.None).GetAwaiter().GetResult();
        foreach (var row in rows)
        {
            using var events = JsonDocument.Parse(row.Payload);
            foreach (var stored in events.RootElement.EnumerateArray())
            {
                var isBlank = stored.GetProperty("kind").GetString() switch
                {
                    "room.danmaku_sent" => Stored.Danmaku[stored.GetProperty("seq").GetInt64()].RecalledBy > 0,
                    "room.danmaku_held" => Stored.Held[stored.GetProperty("heldId").GetInt64()].Seq is { } seq
                        && Stored.Danmaku[seq].RecalledBy > 0,
                    _ => (bool?)null,
                };
                if (isBlank is null) continue;
                world.Require(
                    isBlank == (stored.GetProperty("text").GetString()!.Length == 0),
                    $"The text of {stored} is in the log, or is not, and was taken back: {isBlank}.");
            }
        }
    }

    /// <summary>A draw whose time comes while there is no room, and nobody asks for it, is decided all the same.
    /// </summary>
    private async Task DrawInTheDark()
    {
        var wanted = stage.Guests.Where(guest => guest.Seat is { IsWanted: true }).ToList();
        foreach (var guest in wanted) await guest.Sit(isWanted: false);
        await Task.Delay(AllGone, _cast.Node.Time);
        await host.Hand.OpenDraw(seconds: 5, DrawCondition.None);
        if (world.Cluster.Silo is { } silo) world.Cluster.Kill(silo);
        await world.Cluster.Calm();
        await _cast.Until("a draw is decided that nobody asks for", () =>
        {
            Stored.Refresh();
            return Task.FromResult(
                Stored.Draws.Values.FirstOrDefault(draw => draw.DecidedBy == 0) is { } open ? $"draw {open.Id}" : null);
        });
        foreach (var guest in wanted) await guest.Sit(isWanted: true);
    }
}
