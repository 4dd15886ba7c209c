using Microsoft.Extensions.DependencyInjection;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Groups;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Groups;

/// <summary>What it costs that many people read, and what a crash takes of it.</summary>
public sealed class ReadMarkTests : IAsyncLifetime
{
    private const int Members = 2_000;
    private const int Rounds = 20;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly ManualTime _time = new();
    private readonly GroupCluster _groups;

    public ReadMarkTests() => _groups = new GroupCluster(new GrainCluster
    {
        Configure = services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.Configure<GroupOptions>(options => (options.Members, options.KnockMs) = (Members, 60_000));
        },
    });

    public ValueTask InitializeAsync() => _groups.InitializeAsync();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public async Task MarkRead_ByTwoThousandAfterEachMessage_IsAtMostOneAppendASecond()
    {
        var group = await _groups.New([.. Enumerable.Range(2, Members - 1).Select(user => (long)user)]);
        for (var round = 1; round <= Rounds; round++)
        {
            await _groups.Send(group, 1);
            var marks = await Task.WhenAll(
                Enumerable.Range(1, Members).Select(user => group.MarkRead(new UserId(user), round)));
            Assert.All(marks, mark => Assert.Equal(round, mark));
            await Advance(group);
        }

        var seconds = Rounds * Step / TimeSpan.FromSeconds(1);
        var appends = Appends(group);
        Assert.InRange(appends.Count, 1, (int)seconds + 1);
        Assert.All(appends, append => Assert.Equal(1, append.Count));
        var summaries = await Task.WhenAll(
            Enumerable.Range(1, Members).Select(user => group.Summary(new UserId(user))));
        Assert.All(summaries, summary => Assert.Equal((0, Rounds), (summary!.Unread, summary.ReadSeq)));
    }

    [Fact]
    public async Task Crash_OfAMarkThatIsNotStored_PutsItBackNoFurther()
    {
        var group = await _groups.New(2);
        await _groups.Send(group, 1);
        await _groups.Send(group, 1);
        await group.MarkRead(new UserId(2), 1);
        for (var i = 0; i < 6; i++)
        {
            await Advance(group);
        }

        await Eventually.Holds("the first mark is stored", () => Appends(group).Count == 1);
        Assert.Equal(2, await group.MarkRead(new UserId(2), 2));
        Assert.Equal(0, (await group.Summary(new UserId(2)))!.Unread);
        await _groups.Crash(group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        var summary = (await group.Summary(new UserId(2)))!;
        Assert.Equal((1, 1), (summary.ReadSeq, summary.Unread));
        Assert.Equal(2, await group.MarkRead(new UserId(2), 2));
    }

    [Fact]
    public async Task Deactivation_OfAGroupWithMarks_StoresThem()
    {
        var group = await _groups.New(2);
        await _groups.Send(group, 1);
        await group.MarkRead(new UserId(2), 1);
        Assert.Empty(Appends(group));
        await _groups.Cluster.StopSilo();
        var moved = (await _groups.Events(group)).OfType<MarksMoved>().Single();
        Assert.Equal([new ReadMark(new UserId(2), 1)], moved.Marks.Where(mark => mark.UserId != GroupCluster.Owner));
    }

    private List<JournalAppend> Appends(IGroupGrain group) => [.. _groups.Journal.Appends.Where(append
        => append.Id == GroupCluster.Log(group)
            && System.Text.Encoding.UTF8.GetString(append.Payload.Span).Contains("group.marks_moved"))];

    /// <summary>Lets time go on, and what is due be done.</summary>
    private async Task Advance(IGroupGrain group)
    {
        _time.Advance(Step);
        // A call that waits for what was raised comes after the timers that have fired.
        await group.Get(GroupCluster.Owner);
        await group.Get(GroupCluster.Owner);
    }
}
