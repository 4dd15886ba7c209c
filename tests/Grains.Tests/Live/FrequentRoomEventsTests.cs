using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>What is written by hand is what the serializer would have written.</summary>
public sealed class FrequentRoomEventsTests
{
    private static readonly EventLogDefinition<LiveRoomState, LiveRoomEvent> Definition =
        LiveRoomServices.Define(new LiveRoomOptions());

    [Fact]
    public void Write_AnyDanmaku_IsAsTheSerializerWritesIt()
    {
        var texts = ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")
            .Or(Gen.Elements("", "hello", "\"quoted\" \\ 好看 <b>&amp;</b>", "😀 \ud83d", "\u0001\u2028"));
        var numbers = ArbMap.Default.GeneratorFor<long>();
        var danmaku =
            from at in numbers
            from seq in numbers
            from user in numbers
            from name in texts
            from text in texts
            from mode in Gen.Elements(Enum.GetValues<DanmakuMode>())
            from key in Gen.OneOf(Gen.Constant<string?>(null), texts.Select(text => (string?)text))
            from check in Gen.OneOf(Gen.Constant<long?>(null), numbers.Select(number => (long?)number))
            from held in Gen.OneOf(Gen.Constant<long?>(null), numbers.Select(number => (long?)number))
            select new DanmakuSent(at, seq, new UserId(user), name, text, mode, "#00ff00", seq, key, check, held);
        Prop.ForAll(danmaku.ArrayOf().ToArbitrary(), events =>
        {
            var expected =
                $"[{string.Join(',', events.Select(sent => JsonSerializer.Serialize(sent, Definition.Event)))}]";
            var written = new EventCodec<LiveRoomEvent>(Definition.Event, Definition.Frequent)
                .Write(events, int.MaxValue);
            Assert.Equal(expected, Encoding.UTF8.GetString(written.Span));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void TryWrite_WhatIsRare_IsLeftToTheSerializer()
    {
        using var stream = new MemoryStream();
        using var writer = new Utf8JsonWriter(stream);
        Assert.False(Definition.Frequent!.TryWrite(new ShowStarted(1), writer));
        Assert.Equal(0, writer.BytesPending);
    }
}
