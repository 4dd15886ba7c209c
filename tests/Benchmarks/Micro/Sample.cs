using System.Collections.Immutable;
using System.Globalization;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

/// <summary>What people send, of ordinary length, in the languages that they speak.</summary>
internal static class Sample
{
    public static readonly RoomId Room = new(7_400_000_000_000_000_001);

    private static readonly string[] Texts =
    [
        "nice show", "Hello from Berlin!", "主播今天好漂亮", "这个颜色好美 哈哈哈哈", "where can I buy this one?",
        "问一下有 S 码吗，多少钱", "加油加油加油", "😂😂😂🔥", "is it the same as last week?", "好想要这个口红",
    ];

    public static RoomCounters Counters(long likes)
        => RoomCounters.Zero with { Viewers = 1_000, PeakViewers = 1_200, Likes = likes, Danmaku = likes / 10 };

    public static string Text(long number)
        => string.Create(CultureInfo.InvariantCulture, $"{Texts[number % Texts.Length]} {number}");

    /// <summary>Ids as the front end draws them: 63 bits.</summary>
    public static UserId User(long number) => new(7_000_000_000_000_000_000 + (number * 1_048_573L));

    public static Danmaku Danmaku(long seq) => new(
        seq, User(seq % 10_000), $"viewer {seq % 10_000}", Text(seq), DanmakuMode.Scroll, "#ffffff",
        1_790_000_000_000 + seq, 60_000 + seq);

    public static DanmakuSent Sent(long seq)
    {
        var said = Danmaku(seq);
        return new DanmakuSent(
            said.At, seq, said.UserId, said.Name, said.Text, said.Mode, said.Color, said.MediaAt, $"k{seq}", seq);
    }

    public static ImmutableArray<Danmaku> ManyDanmaku(int count)
        => [.. Enumerable.Range(1, count).Select(seq => Danmaku(seq))];

    public static SendDanmaku Send(long number) => new(
        $"viewer {number % 10_000}", Text(number), DanmakuMode.Scroll, "#ffffff")
    {
        User = User(number % 10_000),
    };
}
