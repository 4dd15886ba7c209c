using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>A room's state follows from its events, wherever one begins to read them.</summary>
public sealed class LiveRoomStateTests
{
    private const long Start = 1_800_000_000_000;
    private static readonly UserId Host = new(1);

    /// <summary>Small bounds, so that random rooms run into them.</summary>
    private static readonly LiveRoomOptions Options = new()
    {
        RecentDanmaku = 5,
        Gateways = 3,
        Keys = 20,
        KeysPerUser = 4,
        KeyMinutes = 1,
        SlowModeSenders = 12,
        MaxSlowModeSeconds = 60,
        Muted = 2,
        PendingDanmaku = 30,
    };

    [Fact]
    public void Replay_FromAnySnapshotOfAnyRoom_IsTheStateThatWas()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Arb.From(Steps), steps =>
        {
            var room = Play(steps, out var now);
            for (var from = 0; from <= room.Log.Count; from++)
            {
                var before = new LiveRoomState(Options);
                Replay(before, room.Log.Take(from));
                var restored = new LiveRoomState(Options, Read(Write(before)));
                Assert.Equal(Everything(before), Everything(restored));
                Replay(restored, room.Log.Skip(from));
                Assert.Equal(Everything(room.State), Everything(restored));
            }

            var memory = TestRoom.Remember(Options, room.Log, now);
            foreach (var user in Users)
            {
                Assert.Equal(
                    room.Rules.Memory.SlowMode.WaitMs(user, Options.MaxSlowModeSeconds, now),
                    memory.SlowMode.WaitMs(user, Options.MaxSlowModeSeconds, now));
                Assert.All(Keys, key => Assert.Equal(
                    room.Rules.Memory.Keys.Find(user, key, now), memory.Keys.Find(user, key, now)));
            }
        }));

    [Fact]
    public void Play_AnyRoom_NumbersAndSumsAgree()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Arb.From(Steps), steps =>
        {
            var room = Play(steps, out _);
            var danmaku = room.Log.OfType<DanmakuSent>().ToList();
            Assert.Equal(Enumerable.Range(1, danmaku.Count).Select(seq => (long)seq), danmaku.Select(sent => sent.Seq));
            Assert.Equal(danmaku.Count, room.State.DanmakuSeq);
            Assert.Equal(room.Log.OfType<LikesCounted>().Sum(likes => likes.Count), room.State.Likes);
            var media = room.Log.Select(MediaAt).OfType<long>().ToList();
            Assert.Equal(media.Order(), media);
            Assert.True(room.State.Recent.Length <= Options.RecentDanmaku);
            Assert.True(room.State.Gateways.Length <= Options.Gateways);
            Assert.True(room.Rules.Memory.Keys.Count <= Options.Keys);
        }));

    [Fact]
    public void Snapshot_LaterEvents_DoNotChangeIt()
    {
        var room = Play([new Step(Deed.Danmaku, 1, 1, 0)], out var now);
        var stored = room.State.ToStored();
        var text = JsonSerializer.Serialize(stored, LiveRoomJson.Journal.StoredLiveRoom);
        room.SetMuted(Host, new UserId(3), muted: true, now);
        room.Submit([new LikeRoom(5) { User = new UserId(3) }], now);
        Assert.Equal(text, JsonSerializer.Serialize(stored, LiveRoomJson.Journal.StoredLiveRoom));
    }

    [Fact]
    public void Snapshot_FullRoom_StaysSmall()
    {
        var room = new TestRoom();
        room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), Start);
        room.Start(Host, Start);
        for (var i = 0; i < 20_000; i++)
        {
            var user = new UserId(3_302_915_117_002_752 + i);
            var text = $"{i}{new string('好', 35)}";
            var danmaku = new SendDanmaku("小红小红", text, DanmakuMode.Scroll, "#ffffff") { User = user };
            room.Submit([danmaku with { Key = $"key-{i}" }], Start + i, gateway: $"gateway-{i % 50}");
            room.Rules.Frames.Seal(room.Rules.Counters, Start + i);
        }

        Assert.Equal(20_000, room.Rules.Memory.Keys.Count);
        Assert.InRange(Write(room.State).Length, 10_000, 150_000);
    }

    [Fact]
    public void Restore_KeysOfTheLastMinutes_AreAllBackAndOlderOnesFree()
    {
        var options = new LiveRoomOptions();
        List<LiveRoomEvent> log = [];
        for (var i = 0; i < 3_000; i++)
        {
            log.Add(new DanmakuSent(
                i * 1_000, i + 1, new UserId(i % 100), "n", "t", DanmakuMode.Scroll, "#ffffff", 0, $"k{i}", 7));
        }

        var now = 3_000_000L;
        var memory = TestRoom.Remember(options, log, now);
        var oldest = 3_000 - options.KeyMinutes * 60;
        Assert.Null(memory.Keys.Find(new UserId(oldest % 100), $"k{oldest}", now));
        for (var i = oldest + 1; i < 3_000; i++)
        {
            Assert.Equal(i + 1, memory.Keys.Find(new UserId(i % 100), $"k{i}", now)!.Result);
        }
    }

    [Fact]
    public void Restore_LongLog_ReadsNoMoreThanItMay()
    {
        var options = new LiveRoomOptions { RestoredEvents = 1_000 };
        var restore = new RoomMemory.Restore(options, now: 0);
        var taken = 0;
        for (; !restore.IsDone; taken++)
        {
            restore.Take(new EpochBegan(1, 1));
        }

        Assert.Equal(1_001, taken);
    }

    private static readonly UserId[] Users = [.. Enumerable.Range(1, 5).Select(user => new UserId(user))];

    private static readonly string[] Keys = ["k0", "k1", "k2", "k3", "k4", "k5"];

    /// <summary>By reflection, so that no member is forgotten; 0 is no id, so ids are written as they are.</summary>
    private static readonly JsonSerializerOptions Relaxed = new();

    public enum Deed
    {
        Danmaku,
        Keyed,
        Burst,
        Likes,
        KeyedLikes,
        Viewers,
        Mute,
        Unmute,
        SlowMode,
        Words,
        Leave,
        End,
    }

    /// <summary>Something done in a room, and how long after the last.</summary>
    public sealed record Step(Deed Deed, int User, int Number, int WaitMs);

    private static Gen<Step[]> Steps
        => (from deed in Gen.Frequency(
                [.. Enum.GetValues<Deed>().Select(deed => (deed == Deed.End ? 1 : 8, Gen.Constant(deed)))])
            from user in Gen.Choose(1, 5)
            from number in Gen.Choose(0, 5)
            from wait in Gen.Elements(-500, 0, 0, 1, 900, 15_000)
            select new Step(deed, user, number, wait)).ArrayOf();

    private static TestRoom Play(IEnumerable<Step> steps, out long now)
    {
        var room = new TestRoom(Options);
        now = Start;
        room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), now);
        room.Start(Host, now);
        foreach (var step in steps)
        {
            now += step.WaitMs;
            Do(room, step, now);
        }

        return room;
    }

    private static void Do(TestRoom room, Step step, long now)
    {
        var user = new UserId(step.User);
        var gateway = $"g{step.Number}";
        var mode = (DanmakuMode)(step.Number % 4);
        var danmaku = new SendDanmaku("Mei", $"text {step.Number}", mode, "#00ff00") { User = user };
        switch (step.Deed)
        {
            case Deed.Danmaku:
                room.Submit([danmaku], now, gateway);
                break;
            case Deed.Keyed:
                room.Submit([danmaku with { Key = Keys[step.Number] }, danmaku], now, gateway);
                break;
            case Deed.Burst:
                room.Submit([.. Enumerable.Repeat(danmaku, 7)], now, gateway);
                room.Rules.Frames.Seal(room.Rules.Counters, now);
                break;
            case Deed.Likes:
                room.Submit([new LikeRoom(step.Number) { User = user }, danmaku], now, gateway);
                break;
            case Deed.KeyedLikes:
                room.Submit([new LikeRoom(step.Number) { User = user, Key = Keys[step.Number] }], now, gateway);
                break;
            case Deed.Viewers:
                room.Report(gateway, step.User * 3, now);
                break;
            case Deed.Mute or Deed.Unmute:
                room.SetMuted(Host, user, step.Deed == Deed.Mute, now);
                break;
            case Deed.SlowMode:
                room.ChangeSettings(Host, new RoomSettingsChange(step.Number * 4, null, null), now);
                break;
            case Deed.Words:
                room.ChangeSettings(Host, new RoomSettingsChange(null, null, [$"text {step.Number}"]), now);
                break;
            case Deed.Leave:
                room.Rules.Gateways.Expire(now);
                break;
            case Deed.End:
                room.End(Host, now);
                break;
        }
    }

    private static void Replay(LiveRoomState state, IEnumerable<LiveRoomEvent> events)
    {
        foreach (var raised in events)
        {
            state.Apply(raised);
        }
    }

    private static long? MediaAt(LiveRoomEvent raised) => raised switch
    {
        DanmakuSent sent => sent.MediaAt,
        LikesCounted likes => likes.MediaAt,
        ShowEnded ended => ended.MediaAt,
        _ => null,
    };

    /// <summary>All that can be seen of a state, whether a snapshot has a place for it or not.</summary>
    private static string Everything(LiveRoomState state)
        => JsonSerializer.Serialize(state, Relaxed)
            + string.Join(',', Users.Select(user => state.Moderation.MutedUntil(user, 0)));

    private static string Write(LiveRoomState state)
        => JsonSerializer.Serialize(state.ToStored(), LiveRoomJson.Journal.StoredLiveRoom);

    private static StoredLiveRoom Read(string json)
        => JsonSerializer.Deserialize(json, LiveRoomJson.Journal.StoredLiveRoom)!;
}
