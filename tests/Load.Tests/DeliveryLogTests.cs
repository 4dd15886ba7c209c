using System.Diagnostics;
using System.Text;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;

namespace RedNote.Load.Tests;

public sealed class DeliveryLogTests
{
    private const int Viewers = 3;
    private const int Warmup = 10;
    private const int Measured = 100;

    [Fact]
    public void Log_EverybodyGetsEverything_IsComplete()
    {
        var log = NewLog();
        foreach (var (viewer, number) in Everything())
        {
            log.Record(viewer, number, log.DueAt(number), log.DueAt(number));
        }

        Assert.True(log.IsComplete);
        Assert.Equal(Viewers * Measured, log.Distinct);
        Assert.Equal(Viewers * (Warmup + Measured), log.Deliveries);
        Assert.Equal(0, log.Duplicates);
    }

    [Fact]
    public void Log_OneLostAndAnotherTwice_SaysBoth()
    {
        var log = NewLog();
        foreach (var (viewer, number) in Everything().Where(delivery => delivery != (1, Warmup + 64)))
        {
            log.Record(viewer, number, log.DueAt(number), log.DueAt(number));
        }

        log.Record(2, Warmup + 63, log.DueAt(Warmup + 63), log.DueAt(Warmup + 63));

        Assert.False(log.IsComplete);
        Assert.Equal(1, log.Expected - log.Distinct);
        Assert.Equal(1, log.Duplicates);
    }

    [Fact]
    public void Latency_SentLate_CountsFromWhenItWasDue()
    {
        var log = NewLog();
        log.Record(0, Warmup + 5, log.DueAt(Warmup + 5), log.DueAt(Warmup + 5) + Stopwatch.Frequency);

        Assert.Equal(1_000_000, log.Latency.MaxMicroseconds);
    }

    [Fact]
    public void Marker_TextsInOneRecord_AreAllFound()
    {
        var record = new StringBuilder("{\"type\":1,\"target\":\"frame\",\"arguments\":[\"1@@12\",\"@@x\"");
        foreach (var number in (int[])[0, 7, 99_999_999])
        {
            var text = new byte[120];
            DanmakuMarker.Write(text, number);
            record.Append(",\"").Append(Encoding.ASCII.GetString(text)).Append('"');
        }

        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(record.ToString());
        var found = new List<int>();
        while (DanmakuMarker.TryTake(ref bytes, out var number))
        {
            found.Add(number);
        }

        Assert.Equal([0, 7, 99_999_999], found);
    }

    [Fact]
    public void Call_HasItsNumberInTheTextAndInTheInvocation()
    {
        var call = new DanmakuCall("17", 20);
        call.Numbered(99_999_999);
        var bytes = call.Numbered(1_234);

        Assert.Equal(1_234, DanmakuCall.NumberOf(bytes));
        var rest = bytes;
        Assert.True(DanmakuMarker.TryTake(ref rest, out var number));
        Assert.Equal(1_234, number);
        Assert.StartsWith(
            "{\"type\":1,\"invocationId\":\"00001234\",\"target\":\"SendDanmaku\",\"arguments\":[\"17\",{\"text\":\"@@",
            Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(20, Encoding.ASCII.GetString(bytes).Split('"')[^2].Length);
    }

    private static DeliveryLog NewLog()
    {
        var schedule = new OpenLoop(new OpenLoop.Phase(TimeSpan.FromSeconds((Warmup + Measured) / 100.0), 100));
        schedule.Start(1_000_000);
        return new DeliveryLog(Viewers, Warmup, schedule);
    }

    private static IEnumerable<(int Viewer, int Number)> Everything()
        => from viewer in Enumerable.Range(0, Viewers)
           from number in Enumerable.Range(0, Warmup + Measured)
           select (viewer, number);
}
