using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RedNote.Live;

namespace RedNote.Benchmarks;

/// <summary>
/// A room with a draw of a million entrants and a poll of 1.87 million voters: how long its longest turns are, and how
/// long it takes to write it down and to read it again. Nothing is stored or sent.
/// </summary>
internal static class CrowdThroughput
{
    private const int Entrants = 1_000_000;
    private const int Voters = 1_870_000;
    private static readonly UserId Host = new(1);
    private static readonly DrawId Draw = new(2);
    private static readonly PollId Poll = new(3);

    public static void Run()
    {
        var options = new LiveRoomOptions();
        var state = new LiveRoomState(options);
        var room = new CrowdRoom(new LiveRoom(new RoomId(9), state, options), state);
        room.Do(events => room.Rules.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), 0, events));
        room.Do(events => room.Rules.Start(Host, 0, events));
        room.Do(events => room.Rules.OpenDraw(
            new OpenDraw(Host, Draw, "A lipstick", 100, 60, DrawCondition.None, "d"), new CryptographicDrawSeeds(), 0,
            events));
        room.Do(events => room.Rules.OpenPoll(
            Host, new OpenPoll(Poll, "Who?", ["a", "b", "c"], false, false, 60, "p"), 0, events, out _));

        room.Batches("votes", Voters, user => new CastVote(Poll, 1 << (int)(user % 3)) { User = new UserId(user) });
        room.Batches("entries", Entrants, user => new EnterDraw(Draw) { User = new UserId(user) });
        WriteAndRead(options, state);
        Settle(room);
        WriteAndRead(options, state);
    }

    private static void Settle(CrowdRoom room)
    {
        var longest = TimeSpan.Zero;
        var turns = 0;
        for (var more = true; more; turns++)
        {
            var began = Stopwatch.GetTimestamp();
            more = room.Do(events => room.Rules.SettleDraws(60_001, events)) > 0;
            var took = Stopwatch.GetElapsedTime(began);
            longest = took > longest ? took : longest;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"draw of {Entrants:N0} settled in {turns} turns, the longest {longest.TotalMilliseconds:N1} ms"));
    }

    private static void WriteAndRead(LiveRoomOptions options, LiveRoomState state)
    {
        var began = Stopwatch.GetTimestamp();
        var stored = state.ToStored();
        var toStored = Stopwatch.GetElapsedTime(began);
        var json = JsonSerializer.SerializeToUtf8Bytes(stored, LiveRoomJson.Journal.StoredLiveRoom);
        var write = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        _ = new LiveRoomState(
            options, JsonSerializer.Deserialize(json, LiveRoomJson.Journal.StoredLiveRoom)!);
        var read = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"snapshot of {json.Length / 1024.0 / 1024:N1} MiB: {toStored.TotalMilliseconds:N0} ms in the room's turn, "
            + $"{write.TotalMilliseconds:N0} ms with its JSON, read in {read.TotalMilliseconds:N0} ms"));
    }

    private sealed class CrowdRoom(LiveRoom rules, LiveRoomState state)
    {
        private long _number;

        public LiveRoom Rules => rules;

        /// <summary>Applies what was decided; answers how many events.</summary>
        public int Do(Action<List<LiveRoomEvent>> decide)
        {
            var events = new List<LiveRoomEvent>();
            decide(events);
            foreach (var raised in events)
            {
                state.Apply(raised);
                rules.Take(raised);
            }

            return events.Count;
        }

        public void Batches(string what, int count, Func<long, RoomCommand> command)
        {
            var began = Stopwatch.GetTimestamp();
            var longest = TimeSpan.Zero;
            for (var done = 0; done < count; done += RoomBatch.MaxItems)
            {
                // Ids are handed out by time: the next user's is some way above the one before.
                var commands = Enumerable.Range(done, Math.Min(RoomBatch.MaxItems, count - done))
                    .Select(i => command(1_000_000_000_000_000_000 + (i * 4_194_304L * 3)));
                var batch = new RoomBatch("g", ++_number, 1, [.. commands]);
                var turn = Stopwatch.GetTimestamp();
                Do(events => rules.Decide(batch, default, 1_000, events));
                rules.CountDecided();
                rules.Seal(1_000, []);
                var took = Stopwatch.GetElapsedTime(turn);
                longest = took > longest ? took : longest;
            }

            var all = Stopwatch.GetElapsedTime(began);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count:N0} {what}: {all.TotalMilliseconds:N0} ms, {all.TotalNanoseconds / count:N0} ns each, the "
                + $"longest turn {longest.TotalMilliseconds:N1} ms"));
        }
    }
}
