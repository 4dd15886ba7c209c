using System.ComponentModel.DataAnnotations;
using System.Reflection;
using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>The parts of a group that have bounds of their own.</summary>
public sealed class GroupPartsTests
{
    [Fact]
    public void Options_EveryOne_HasARangeThatHoldsItsDefault()
    {
        var options = new GroupOptions();
        foreach (var property in typeof(GroupOptions).GetProperties())
        {
            var range = Assert.IsType<RangeAttribute>(property.GetCustomAttribute<RangeAttribute>());
            Assert.True(range.IsValid(property.GetValue(options)), property.Name);
        }

        options.Members = 10_001;
        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), [], true));
    }

    [Fact]
    public void NewsDesk_MoreThanFits_ComesInSeveralAndTheOldestGo()
    {
        var desk = new NewsDesk(new GroupOptions { NewsBytes = 64 * 1024, RingNews = 3 });
        for (var seq = 1; seq <= 20; seq++)
        {
            desk.Note(Sent(seq, new string('x', 5_000)));
        }

        desk.Seal(1, 20, _ => null);
        var news = new List<GroupNews>();
        while (desk.TryNext(out var next))
        {
            news.Add(next!);
        }

        Assert.Equal([4, 4, 4, 4, 4], news.Select(one => one.Events.Length));
        Assert.Equal(
            Enumerable.Range(1, 20).Select(seq => (long)seq),
            news.SelectMany(one => one.Events).Select(told => ((MessageSent)told).Message.Seq));
        Assert.True(desk.TryAfter(5, out var none) && none.IsEmpty);
        Assert.True(desk.TryAfter(2, out var rest));
        Assert.Equal([3L, 4, 5], rest.Select(one => one.Head.Number));
        Assert.False(desk.TryAfter(1, out _));
        Assert.False(desk.TryAfter(6, out _));
        Assert.False(desk.TryAfter(-1, out _));
    }

    [Fact]
    public void NewsDesk_RingBytes_AreBounded()
    {
        var desk = new NewsDesk(new GroupOptions { RingBytes = 64 * 1024 });
        for (var seq = 1; seq <= 50; seq++)
        {
            desk.Note(Sent(seq, new string('x', 5_000)));
            desk.Seal(1, seq, _ => null);
        }

        Assert.True(desk.TryAfter(46, out _));
        Assert.False(desk.TryAfter(45, out _));
    }

    [Fact]
    public void NewsDesk_ReadsAndPolls_AreToldAsTheyAreLast()
    {
        var desk = new NewsDesk(new GroupOptions());
        desk.Note(new MessagesRead(new UserId(2), 1), isLate: false);
        desk.Note(new MessagesRead(new UserId(2), 3), isLate: false);
        desk.Note(new MessagesRead(new UserId(1), 2), isLate: true);
        desk.Note(new PollId(7));
        desk.Note(new PollId(7));
        desk.Seal(1, 3, poll => new PollChanged(new RedNote.Live.PollTally(poll, [1], 1, false)));
        Assert.True(desk.TryNext(out var news));
        Assert.Equal(new MessagesRead(new UserId(2), 3), news!.Events[0]);
        Assert.Equal((2, 1), (news.Events.Length, news.Events.OfType<PollChanged>().Count()));
        Assert.False(desk.HasNews);
        desk.ReleaseReads();
        Assert.True(desk.HasNews);
    }

    [Fact]
    public void Presence_OfFrontEnds_RunsOutAndIsBounded()
    {
        var book = new PresenceBook(new GroupOptions { PresenceSeconds = 60, FrontEnds = 2 });
        Assert.True(book.Report(new GroupPresence("a", GroupCluster.Users(1, 2)), 0));
        Assert.True(book.Report(new GroupPresence("b", GroupCluster.Users(2)), 30_000));
        Assert.False(book.Report(new GroupPresence("c", GroupCluster.Users(3)), 30_000));
        Assert.False(book.Report(new GroupPresence("", GroupCluster.Users(3)), 30_000));
        Assert.True(book.LooksOn(new UserId(1), 59_999));
        Assert.False(book.LooksOn(new UserId(1), 60_000));
        Assert.True(book.LooksOn(new UserId(2), 60_000));
        Assert.False(book.LooksOn(new UserId(3), 60_000));
        Assert.True(book.Report(new GroupPresence("c", GroupCluster.Users(3)), 60_000));
        book.Report(new GroupPresence("b", []), 60_000);
        Assert.False(book.LooksOn(new UserId(2), 60_000));
    }

    [Fact]
    public void KeyBook_Bounds_AreKeptAndItKnowsWhatItForgot()
    {
        var week = GroupRules.KeyMs;
        var book = new KeyBook(new GroupOptions { Keys = 2 }, 0);
        Assert.True(book.KnowsAll(week));
        Assert.False(book.KnowsAll(week - 1));
        book.Bind(Posted(1, "a", week));
        book.Bind(Posted(2, "b", week + 1));
        Assert.True(book.KnowsAll(week + 1));
        book.Bind(Posted(3, "c", week + 2));
        Assert.Null(book.Find(new UserId(1), "a", week + 2));
        Assert.False(book.KnowsAll(week + 2));
        Assert.Equal(2, book.Find(new UserId(1), "b", week + 2)!.Value.Seq);
        Assert.Null(book.Find(new UserId(2), "b", week + 2));
        Assert.Equal(2, book.Find(new UserId(1), "b", week + week)!.Value.Seq);
        Assert.Null(book.Find(new UserId(1), "b", week + week + 1));
    }

    [Fact]
    public void MessageMemory_WindowAndOldOnes_AreBounded()
    {
        var memory = new MessageMemory(new GroupOptions { RecentMessages = 200, OldMessages = 2 }, 1_000);
        Assert.Equal(1_000, memory.Before);
        var old = memory.Keep(Card(5));
        Assert.Same(old, memory.Keep(Card(5)));
        memory.Precede([.. Enumerable.Range(901, 100).Select(seq => Card(seq))]);
        Assert.Equal(900, memory.Before);
        memory.Precede([.. Enumerable.Range(901, 100).Select(seq => Card(seq))]);
        Assert.Equal(900, memory.Before);
        for (var seq = 1_001; seq <= 1_150; seq++)
        {
            memory.Add(Card(seq));
        }

        Assert.Equal(950, memory.Before);
        Assert.Null(memory.Find(950));
        Assert.Equal(Enumerable.Range(951, 200).Select(seq => (long)seq), memory.Recent.Select(card => card.Seq));
        Assert.Equal(0, memory.Dropped);
        memory.Take(new MessageReacted(0, 5, default, default, "👍", true, 1), 1);
        memory.Keep(Card(6));
        memory.Keep(Card(7));
        Assert.Equal((null, 1), (memory.Find(5), memory.Dropped));
    }

    [Fact]
    public async Task TurnTaking_OnOneThing_IsInOrder()
    {
        var turns = new TurnTaking<int>();
        var first = await turns.Turn(1);
        var second = turns.Turn(1);
        var third = turns.Turn(1);
        using (await turns.Turn(2))
        {
            Assert.False(second.IsCompleted);
        }

        first.Dispose();
        Assert.True(second.IsCompleted);
        Assert.False(third.IsCompleted);
        (await second).Dispose();
        (await third).Dispose();
        Assert.Equal(0, turns.Count);
    }

    [Theory]
    [InlineData("走吗", true)]
    [InlineData("你呢。", true)]
    [InlineData("Why?!", true)]
    [InlineData("see http://x.org/a?b=1", false)]
    [InlineData("好的", false)]
    public void IsQuestion_Text_IsToldFromStatements(string text, bool expected)
        => Assert.Equal(expected, DigestPicker.IsQuestion(text));

    [Theory]
    [InlineData("看https://a.cn/x，很好", "https://a.cn/x")]
    [InlineData("(http://x.org/).", "http://x.org/")]
    [InlineData("https://", null)]
    [InlineData("http httphttp://", null)]
    public void Links_InText_AreFound(string text, string? expected)
        => Assert.Equal(expected is null ? [] : [expected], DigestPicker.Links(text));

    private static MessageSent Sent(long seq, string text) => new(Card(seq, text).ToMessage());

    private static MessageCard Card(long seq, string text = "x")
        => new(new StoredMessage(seq, new UserId(1), "User 1", 1), text, new MessagePlace(seq, $"k{seq}", 1));

    private static MessagePosted Posted(long seq, string key, long at)
        => new(at, new StoredMessage(seq, new UserId(1), "User 1", at), "x", key, 1, null);
}
