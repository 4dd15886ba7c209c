using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using RedNote.Live;

namespace RedNote.Benchmarks;

/// <summary>What a danmaku's text costs: its form, the blocked words, and the whole verdict of a room with and without
/// merging.</summary>
internal static class TextThroughput
{
    private const int Rounds = 200_000;

    private static readonly string[] Texts =
    [
        "nice show", "Hello from Berlin!", "主播今天好漂亮", "这个颜色好美 哈哈哈哈", "666666", "加油加油加油", "😂😂😂🔥",
        "ＦＵＬＬ　ｗｉｄｔｈ", "where can I buy this one?", "问一下有 S 码吗，多少钱",
    ];

    private static readonly BlockedWords Words =
        new([.. Enumerable.Range(0, 500).Select(i => string.Create(CultureInfo.InvariantCulture, $"blocked{i}word"))]);

    public static void Run()
    {
        var form = new char[TextFold.MaxLength];
        Measure("form", i => TextFold.Write(Texts[i % Texts.Length], form, out _) > 0);
        Measure("form and 500 words", i =>
        {
            var length = TextFold.Write(Texts[i % Texts.Length], form, out var isStretched);
            return Words.IsIn(Texts[i % Texts.Length], form.AsSpan(0, length), isStretched);
        });
        Measure("fold of each text, 100 letters", i => TextFold.Write(Long[i % Long.Length], form, out _) > 0);
        foreach (var seconds in new[] { 0, 5 })
        {
            var batches = new Batches(seconds);
            Measure($"verdict in a batch of 500, merging over {seconds} s", batches.Decide, per: Batches.Size);
        }
    }

    private static readonly string[] Long = [.. Texts.Select(text => text.PadRight(100, 'x'))];

    private static void Measure(string what, Func<int, bool> once, int per = 1)
    {
        for (var i = 0; i < Rounds / per / 4; i++)
        {
            once(i);
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Rounds / per; i++)
        {
            once(i);
        }

        var took = Stopwatch.GetElapsedTime(began);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-48} {took.TotalNanoseconds / Rounds,8:F0} ns {(double)bytes / Rounds,8:F0} B"));
    }

    /// <summary>A live room that decides batch after batch; nothing of it is stored or sent.</summary>
    private sealed class Batches
    {
        public const int Size = 500;

        private readonly LiveRoom _room;
        private readonly LiveRoomState _state;
        private readonly ImmutableArray<RoomCommand>[] _commands;
        private long _number;

        public Batches(int mergeSeconds)
        {
            var options = new LiveRoomOptions { MergeSeconds = mergeSeconds, PendingDanmaku = 100_000 };
            _state = new LiveRoomState(options);
            _room = new LiveRoom(new RoomId(1), _state, options);
            var host = new UserId(1);
            Raise(events => _room.Create(new CreateRoom(host, "Host", "A show", null, null, "t"), 0, events));
            Raise(events => _room.Start(host, 0, events));
            _commands =
            [
                .. Enumerable.Range(0, 40).Select(batch => Enumerable.Range(0, Size).Select(RoomCommand (i) =>
                    new SendDanmaku(
                        "Mei",
                        string.Create(CultureInfo.InvariantCulture, $"{Texts[i % Texts.Length]} {(batch * Size) + i}"),
                        DanmakuMode.Scroll,
                        "#ffffff") { User = new UserId(10 + i) }).ToImmutableArray()),
            ];
        }

        public bool Decide(int i)
        {
            var batch = new RoomBatch("g", ++_number, 1, _commands[i % _commands.Length]);
            Raise(events => _room.Decide(batch, default, _number * 50, events));
            _room.CountDecided();
            _room.Seal(_number * 50, []);
            return true;
        }

        private void Raise<T>(Func<List<LiveRoomEvent>, T> rule)
        {
            var events = new List<LiveRoomEvent>();
            rule(events);
            foreach (var raised in events)
            {
                _state.Apply(raised);
                _room.Take(raised);
            }
        }
    }
}
