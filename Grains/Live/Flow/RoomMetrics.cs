using System.Diagnostics.Metrics;

namespace RedNote.Live;

/// <summary>
/// What the rooms of a silo count, all together: meter <c>RedNote.Live</c>. The sums of
/// <see cref="VerdictTotals"/> over all rooms and epochs since the silo began.
/// </summary>
public sealed class RoomMetrics : IDisposable
{
    public const string Name = "RedNote.Live";

    private static readonly KeyValuePair<string, object?>[] Reasons =
    [
        .. Enum.GetValues<RejectReason>().Select(reason => KeyValuePair.Create("reason", (object?)SnakeCase(reason))),
    ];

    private readonly Meter _meter;
    private readonly Counter<long> _received;
    private readonly Counter<long> _fates;
    private readonly UpDownCounter<long> _held;
    private readonly Counter<long> _repeated;

    public RoomMetrics(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(Name) ?? new Meter(Name);
        _received = _meter.CreateCounter<long>("rednote.room.danmaku.received", "{danmaku}", "Danmaku received");
        _fates = _meter.CreateCounter<long>(
            "rednote.room.danmaku.settled", "{danmaku}", "Danmaku shown, merged, sampled or rejected, by reason");
        _held = _meter.CreateUpDownCounter<long>("rednote.room.danmaku.held", "{danmaku}", "Danmaku held for review");
        _repeated = _meter.CreateCounter<long>(
            "rednote.room.danmaku.repeated", "{send}", "Sends answered with the result of an earlier one");
    }

    public void Dispose() => _meter.Dispose();

    internal void Received(long count) => _received.Add(count);

    internal void Repeated() => _repeated.Add(1);

    internal void Held(long change) => _held.Add(change);

    internal void Settled(DanmakuFate fate, long count)
        => _fates.Add(count, new KeyValuePair<string, object?>("fate", Text(fate)));

    internal void Rejected(RejectReason reason, long count)
        => _fates.Add(count, new KeyValuePair<string, object?>("fate", "rejected"), Reasons[(int)reason]);

    private static string Text(DanmakuFate fate) => fate switch
    {
        DanmakuFate.Shown => "shown",
        DanmakuFate.Merged => "merged",
        _ => "sampled",
    };

    private static string SnakeCase(RejectReason reason)
        => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}

/// <summary>What became of a danmaku that was not refused.</summary>
internal enum DanmakuFate
{
    Shown,
    Merged,
    Sampled,
}
