using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>Inboxes and what becomes of notices on their way to front ends.</summary>
public sealed class InboxGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static long _next = 5_000;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<UserNotice>> _heard = new();

    private static UserId NewUser() => new(Interlocked.Increment(ref _next));

    private static LogId Log(UserId user) => new(InboxServices.Log, user.ToString());

    private static NewNotice Notice(long version, long group = 42) => InboxStateTests.Mention(version, group);

    private static Task<CommandStatus> Retry(Func<Task<CommandStatus>> command) => UserCluster.Retry(command);

    private async Task Subscribe(string frontEnd)
    {
        var heard = new ConcurrentQueue<UserNotice>();
        var stream = cluster.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<UserNotices>(StreamNames.Notices(frontEnd));
        await stream.SubscribeAsync((notices, _) =>
        {
            foreach (var notice in notices.Items)
            {
                heard.Enqueue(notice);
            }

            return Task.CompletedTask;
        });
        _heard[frontEnd] = heard;
    }

    private async Task Connect(string frontEnd, long number, params ImmutableArray<UserId> users)
    {
        await Subscribe(frontEnd);
        foreach (var user in users)
        {
            var report = new PresenceReport(frontEnd, number, IsWhole: true, [user], []);
            Assert.True(await cluster.Grains.Presence(user).Report(report));
        }
    }

    private Task Hears(string frontEnd, string notices) => Eventually.Holds(
        $"front end {frontEnd} is told {notices}, not {Told(frontEnd)}", () => Told(frontEnd) == notices);

    private string Told(string frontEnd) => string.Join(
        ' ', _heard[frontEnd].Select(told => $"{told.UserId}:{told.Notification.Id}/{told.Unread}"));

    [Fact]
    public async Task Take_OnceAndAgain_IsThereOnceAndToldWhereTheUserIs()
    {
        var user = NewUser();
        await Connect("here", 1, user);
        await Connect("there", 1, user);
        await Connect("elsewhere", 1, NewUser());
        var inbox = cluster.Grains.Inbox(user);

        Assert.Equal(CommandStatus.Done, await inbox.Take(Notice(3)));
        Assert.Equal(CommandStatus.Done, await inbox.Take(Notice(3)));
        Assert.Equal(CommandStatus.Done, await inbox.Take(Notice(4, group: 43)));

        var page = await inbox.Page(null, 10);
        Assert.Equal((2, 2, false), (page.Items.Length, page.Unread, page.HasMore));
        await Hears("here", $"{user}:1/1 {user}:2/2");
        await Hears("there", $"{user}:1/1 {user}:2/2");
        Assert.Equal("", Told("elsewhere"));
    }

    [Fact]
    public async Task Take_WhenOthersWereReadInTheirGroup_CountsThemNot()
    {
        var user = NewUser();
        var frontEnd = $"reader{user}";
        await Connect(frontEnd, 1, user);
        var inbox = cluster.Grains.Inbox(user);
        await inbox.Take(Notice(1) with { Seq = 7 });
        await inbox.Take(Notice(1, group: 43) with { Seq = 5 });
        await inbox.HasRead(new GroupId(42), 7);
        await inbox.HasRead(new GroupId(42), 3);
        await inbox.HasRead(new GroupId(43), 4);

        await inbox.Take(Notice(1, group: 44));
        await inbox.Take(Notice(2) with { Seq = 7 });

        await Hears(frontEnd, $"{user}:1/1 {user}:2/2 {user}:3/2 {user}:4/2");
        Assert.Equal([false, false, false, true], _heard[frontEnd].Select(told => told.Notification.Read));
        await inbox.Take(Notice(3) with { Seq = 8 });
        await Hears(frontEnd, $"{user}:1/1 {user}:2/2 {user}:3/2 {user}:4/2 {user}:5/3");
    }

    [Fact]
    public async Task Take_MoreAtOnceThanMayWait_TellsTheLastAndNotAll()
    {
        const int Notices = 300;
        await using var own = new GrainCluster
        {
            Configure = services => services.Configure<InboxOptions>(options => options.Untold = 2),
        };
        await own.InitializeAsync();
        var user = NewUser();
        var told = new ConcurrentQueue<long>();
        await own.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<UserNotices>(StreamNames.Notices("busy")).SubscribeAsync((notices, _) =>
            {
                notices.Items.ToList().ForEach(notice => told.Enqueue(notice.Notification.Id));
                return Task.CompletedTask;
            });
        await own.Grains.Presence(user).Report(new PresenceReport("busy", 1, IsWhole: true, [user], []));
        var writer = own.Services.GetRequiredService<JournalWriter>();
        List<Task<CommandStatus>> taken;
        using (own.Journal.Hold())
        {
            taken = [.. Enumerable.Range(1, Notices)
                .Select(version => own.Grains.Inbox(user).Take(Notice(version, group: version)))];
            // All of them become durable at once, however long the calls were on their way.
            await Eventually.Holds("all wait to be stored", () => writer.Status().Queued
                + own.Journal.Appends.Where(append => append.Id == Log(user)).Sum(append => append.Count) == Notices);
        }

        await Task.WhenAll(taken);

        await Eventually.Holds("the last is told", () => told.LastOrDefault() == Notices);
        Assert.True(told.Count < Notices, $"All {told.Count} were told.");
        Assert.Equal(Notices, (await own.Grains.Inbox(user).Page(null, 1)).Unread);
    }

    [Fact]
    public void HeardMarks_OfTooManyGroups_ForgetsTheFirst()
    {
        var marks = new HeardMarks(new InboxOptions { HeardMarks = 2 });
        foreach (var group in (long[])[1, 2, 1, 3])
        {
            marks.Take(new GroupId(group), 9);
        }

        Assert.Equal([false, true, true], ((long[])[1, 2, 3]).Select(
            group => marks.IsRead(new UnreadMessage(1, new GroupId(group), 9))));
        Assert.False(marks.IsRead(new UnreadMessage(1, new GroupId(2), 10)));
    }

    [Fact]
    public async Task Take_LongTextAndNoCount_IsBounded()
    {
        var inbox = cluster.Grains.Inbox(NewUser());
        await inbox.Take(Notice(1) with { Seq = null, Text = new string('茶', 500), Count = -3 });

        var item = Assert.Single((await inbox.Page(null, 1_000_000)).Items);
        Assert.Equal((NewNotice.MaxText, 1), (item.Text!.Length, item.Count));
    }

    [Fact]
    public async Task Take_OfAMessage_DoesNotKeepWhatItSays()
    {
        var user = NewUser();
        await cluster.Grains.Inbox(user).Take(Notice(1) with { Seq = 5, Text = "the-secret" });

        Assert.Null(Assert.Single((await cluster.Grains.Inbox(user).Page(null, 10)).Items).Text);
        var rows = await cluster.Journal.ReadAsync(Log(user), new VersionRange(1), 10, CancellationToken.None);
        Assert.NotEmpty(rows);
        Assert.All(
            rows, row => Assert.DoesNotContain("the-secret", Encoding.UTF8.GetString(row.Payload.Span)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Take_ItsWriteFails_IsTakenOnceWhenItComesAgainAndNobodyIsToldOfWhatIsNotStored(bool afterEffect)
    {
        var user = NewUser();
        await Connect($"front{user}", 1, user);
        await cluster.Grains.Inbox(user).Take(Notice(1));
        cluster.Journal.FailNext(Log(user), afterEffect);

        Assert.Equal(CommandStatus.TryAgain, await cluster.Grains.Inbox(user).Take(Notice(2, group: 43)));
        Assert.Equal(CommandStatus.Done, await Retry(() => cluster.Grains.Inbox(user).Take(Notice(2, group: 43))));
        Assert.Equal(CommandStatus.Done, await Retry(() => cluster.Grains.Inbox(user).Take(Notice(3, group: 44))));

        Assert.Equal(3, (await cluster.Grains.Inbox(user).Page(null, 10)).Items.Length);
        var second = afterEffect ? "" : $" {user}:2/2";
        await Hears($"front{user}", $"{user}:1/1{second} {user}:3/3");
    }

    [Fact]
    public async Task GroupChanged_OldNewsAndAgain_ChangeNothing()
    {
        var user = NewUser();
        var inbox = cluster.Grains.Inbox(user);
        GroupMembership In(long group, bool isMember, long version)
            => new(new GroupId(group), isMember, version, At: version);
        foreach (var change in (GroupMembership[])[In(1, true, 2), In(2, true, 3), In(1, true, 2), In(2, false, 1)])
        {
            Assert.Equal(CommandStatus.Done, await inbox.GroupChanged(change));
        }

        Assert.Equal([2L, 1], (await inbox.Groups()).Select(group => group.Value));
        await inbox.GroupChanged(In(2, false, 4));
        Assert.Equal([1L], (await inbox.Groups()).Select(group => group.Value));
        Assert.Equal(3, await cluster.Journal.ReadHeadAsync(Log(user), CancellationToken.None));
    }

    [Fact]
    public async Task MarkRead_UpToOneOrBeyondAll_LeavesTheRest()
    {
        var inbox = cluster.Grains.Inbox(NewUser());
        for (var i = 1; i <= 3; i++)
        {
            await inbox.Take(Notice(i, group: i));
        }

        Assert.Equal(1, await inbox.MarkRead(2));
        Assert.Equal(1, await inbox.MarkRead(1));
        Assert.Equal(1, await inbox.MarkRead(-1));
        Assert.Equal(0, await inbox.MarkRead(long.MaxValue));
        await inbox.Take(Notice(9, group: 4));
        Assert.Equal(1, (await inbox.Page(null, 1)).Unread);
    }
}
