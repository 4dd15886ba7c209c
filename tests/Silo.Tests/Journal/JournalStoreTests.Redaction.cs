using System.Text;
using RedNote.Journal;

namespace RedNote.Silo.Tests.Journal;

public abstract partial class JournalStoreTests
{
    // Nested arrays, brackets and escapes in texts, spaces, and members no version of the program knows.
    private const string First = """{"kind":"said","text":"a ] , [ \" \\","tags":["x",["y"]]}""";
    private const string Second = """{ "kind" : "said",  "text":"secret", "later":{"unknown":[1,2.50,1e3,null]} }""";
    private const string Third = """{"text":"弹幕 \u5f39","kind":"said"}""";

    private static Redaction Blank(long version, string text = "") => new(version, Encoding.UTF8.GetBytes(Event(text)));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Redaction_OfOneEvent_KeepsTheOthersByteForByte(long version)
    {
        string[] events = [First, Second, Third];
        await AppendAllAsync(
            Events(Room, 1, "a", "b", "c"), Raw(Room, 4, 3, $"[ {First} ,{Second},\n{Third} ]"), Events(Room, 7, "z"));

        await AppendAllAsync(Events(Room, 8, "recalled") with { Redactions = [Blank(version)] });

        events[version - 4] = Event("");
        Assert.Equal(
            [
                $"[{Event("a")},{Event("b")},{Event("c")}]",
                $"[ {events[0]} ,{events[1]},\n{events[2]} ]",
                $"[{Event("z")}]",
                $"[{Event("recalled")}]",
            ],
            await PayloadsAsync(Room));
        Assert.Equal(8, await Store.ReadHeadAsync(Room, Cancelled));
    }

    [Fact]
    public async Task Redaction_OfSeveralEvents_ReplacesThemAll()
    {
        await AppendAllAsync(Events(Room, 1, "a", "b", "c"), Events(Room, 4, "d"));
        var longText = new string('x', 100_000);

        await AppendAllAsync(
            Events(Room, 5, "e") with { Redactions = [Blank(3, longText), Blank(1), Blank(4), Blank(1, "twice")] });

        Assert.Equal(
            [$"[{Event("twice")},{Event("b")},{Event(longText)}]", $"[{Event("")}]", $"[{Event("e")}]"],
            await PayloadsAsync(Room));
    }

    [Fact]
    public async Task Redaction_OfAnotherLog_IsUntouched()
    {
        var other = new LogId("room", "8");
        await AppendAllAsync(Events(Room, 1, "a"), Events(other, 1, "b"));

        await AppendAllAsync(Events(Room, 2, "c") with { Redactions = [Blank(1)] });

        Assert.Equal([$"[{Event("b")}]"], await PayloadsAsync(other));
    }

    [Fact]
    public async Task Redaction_OfTrimmedVersion_IsPassedOver()
    {
        await AppendAllAsync(Events(Room, 1, "a", "b"), Events(Room, 3, "c"));
        Assert.Equal(1, await Store.TrimAsync(Room, 2, long.MaxValue, Cancelled));

        await AppendAllAsync(Events(Room, 4, "d") with { Redactions = [Blank(1), Blank(2), Blank(3)] });

        Assert.Equal([$"[{Event("")}]", $"[{Event("d")}]"], await PayloadsAsync(Room));
    }

    [Fact]
    public async Task Redaction_OfRefusedAppend_IsNotDone()
    {
        await AppendAllAsync(Events(Room, 1, "a"), Events(Room, 2, "b"));

        var stale = Events(Room, 2, "stale") with { Redactions = [Blank(1)] };
        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(stale));

        Assert.Equal([$"[{Event("a")}]", $"[{Event("b")}]"], await PayloadsAsync(Room));
    }
}
