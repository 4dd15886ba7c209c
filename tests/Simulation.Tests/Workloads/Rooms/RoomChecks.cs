using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>What must be so in the end, when nothing goes wrong any more, and again after all memory was
/// lost.</summary>
internal sealed class RoomChecks(SimulatedWorld world, RoomCast cast, IReadOnlyList<HostScript> hosts)
{
    public async Task Run()
    {
        await cast.Until("every front end is up", () => Task.FromResult(cast.AreAllUp ? null : "one is down"));
        foreach (var person in cast.People) await person.Settle();
        await Rule();
        await CheckAll();

        // Snapshot and tail give the same as the whole log, which the model has read.
        if (world.Cluster.Silo is { } silo) world.Cluster.Kill(silo);
        await world.Cluster.Calm();
        await CheckAll();
        foreach (var room in cast.Rooms) await Probe(room);
    }

    /// <summary>Each host's last commands append, so that no activation that was overtaken is left.</summary>
    private async Task Rule()
    {
        for (var i = 0; i < hosts.Count; i++)
        {
            var room = cast.Rooms[i];
            room.Stored.Refresh();
            if (room.Stored.State.Now == RoomState.Ended) continue;
            var others = cast.People.Where(person => person.Id != room.HostId).ToList();
            await hosts[i].Rule(others[0].Id, others[1].Id);
        }
    }

    private async Task CheckAll()
    {
        foreach (var room in cast.Rooms)
        {
            await cast.Until($"room {room.Id} has settled", () => FindUnsettled(room));
            room.CheckStored();
            await cast.Until($"the tape of {room.Id} is read", async () =>
            {
                await TapeReader.ReadAll(world, cast, room);
                return null;
            });
            await cast.Until($"the verdicts of {room.Id} add up", () => CompareStats(room));
            await cast.Until($"the settings of {room.Id} are as stored", () => CompareSettings(room));
            await cast.Until($"the lobby shows {room.Id}", () => CompareLobby(room));
        }

        // A user who is looked at delivers what it owes to others; a silo's wake-up does it otherwise.
        foreach (var person in cast.People)
        {
            await cast.Until($"{person.Name} is there", async () =>
                await cast.Grains.User(person.Id).Profile(null) is null ? "it is not" : null);
        }

        foreach (var person in cast.People)
            await cast.Until($"the follows of {person.Name} are as stored", () => CompareFollows(person));
    }

    /// <summary>Everybody who wants to be in the room is, and has seen all; nobody else is counted.</summary>
    private async Task<string?> FindUnsettled(RoomModel room)
    {
        var card = await cast.Grains.LiveRoom(room.Id).Get();
        var answer = await cast.Grains.LiveRoom(room.Id).FramesAfter(new RoomHead(0, 0));
        room.Stored.Refresh();
        if (card is null || answer is null) return "there is no such room";
        var seats = cast.Seats.Where(seat => seat.Room == room && seat.IsWanted).ToList();
        if (seats.Find(seat => !seat.IsJoined) is { } outside) return $"{outside.Name} is not in";
        if (seats.Find(seat => !seat.Watch.IsAt(answer.Head, room.Stored.LastSeq)) is { } behind)
        {
            return $"{behind.Name} is at {behind.Watch.Since}, the room at {answer.Head} with {room.Stored.LastSeq}";
        }

        if (card.Counters.Viewers != seats.Count) return $"{card.Counters.Viewers} viewers instead of {seats.Count}";
        if (card.State != room.Stored.State.Now) return $"it is {card.State}";
        return card.Counters.Likes == room.Stored.Likes && card.Counters.Danmaku == room.Stored.LastSeq
            && card.Counters.PeakViewers == room.Stored.PeakViewers
            ? null
            : $"{card.Counters} is not what is stored";
    }

    /// <summary>Nothing waits any more, and what was accepted in this epoch is what it shows.</summary>
    private async Task<string?> CompareStats(RoomModel room)
    {
        var stats = (await cast.Grains.LiveRoom(room.Id).Stats(room.HostId)).Stats!;
        room.Show(stats);
        var verdicts = stats.Verdicts;
        return verdicts.Pending == 0 && verdicts.Shown + verdicts.Sampled == room.Stored.AcceptedIn(stats.Epoch)
            && verdicts.Sampled == room.Stored.SampledIn(stats.Epoch)
            ? null
            : $"{verdicts}, and {room.Stored.AcceptedIn(stats.Epoch)} are stored in epoch {stats.Epoch}";
    }

    private async Task<string?> CompareSettings(RoomModel room)
    {
        var settings = (await cast.Grains.LiveRoom(room.Id).Settings(room.HostId)).Settings!;
        return RoomRecord.Equals(settings, room.Stored.Rules.Now) ? null : $"they are {settings}";
    }

    private async Task<string?> CompareLobby(RoomModel room)
    {
        foreach (var state in Enum.GetValues<RoomState>())
        {
            var rooms = await cast.Grains.RoomDirectory().List(state, 100);
            var shown = rooms.Count(card => card.RoomId == room.Id && card.Title == room.Stored.Title);
            if (shown != (room.Stored.State.Now == state ? 1 : 0)) return $"{state} lists it {shown} times";
        }

        return null;
    }

    private async Task<string?> CompareFollows(Person person)
    {
        var profile = await cast.Grains.User(person.Id).Profile(null);
        foreach (var other in cast.People) other.Stored.Refresh();
        var following = person.Stored.Following.Count;
        var followers = cast.People.Where(other => other.Stored.Following.Contains(person.Id.Value))
            .Select(other => other.Id.Value).Order();
        if (!followers.SequenceEqual(person.Stored.Followers))
            return $"{person.Name} knows other followers than follow it";
        return profile?.Following == following && profile.Followers == person.Stored.Followers.Count()
            ? null
            : $"the profile says {profile?.Followers} and {profile?.Following}";
    }

    /// <summary>The rules that were acknowledged hold: some are heard and some are not, as the log judges it.</summary>
    private async Task Probe(RoomModel room)
    {
        if (room.Stored.State.Now != RoomState.Live) return;

        // Whoever was heard a moment ago may speak again by then.
        await Task.Delay(TimeSpan.FromSeconds(room.Stored.Rules.Now.SlowModeSeconds), cast.Node.Time);
        foreach (var person in cast.People)
        {
            var before = room.Stored.LastSeq;
            await person.Say(room);
            room.Stored.Refresh();
            var isMuted = room.Stored.Muted.Contains(person.Id);
            world.Require(
                isMuted == (room.Stored.LastSeq == before),
                $"{person.Name}, muted {isMuted}, spoke in room {room.Id}: {before} and then {room.Stored.LastSeq}.");
        }

        await cast.Until($"room {room.Id} has settled again", () => FindUnsettled(room));
        room.CheckStored();
    }
}
