using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Deals;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Users;

namespace RedNote.Grains.Tests.Live.Deals;

/// <summary>Deals of a room as a grain: their own grains get what they are owed, whatever fails in between.</summary>
public sealed class RoomDealGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    /// <summary>Above the versions of what the deals' own grains tell in these tests.</summary>
    private const long Later = 1_000;

    private static readonly UserId Host = ClusterRooms.Host;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static long _nextDeal = 700_000;
    private static long _nextUser = 940_000;
    private long _number;

    [Fact]
    public async Task OpenDeal_AtOnce_AnswersWhatTheDealsOwnGrainSays()
    {
        var (id, room) = await cluster.StartRoom();
        var deal = await Open(id, room);
        Assert.Equal((DealState.Open, id), (deal.State, deal.RoomId));
        Assert.Equal(deal, await cluster.Grains.Deal(deal.DealId).Get());
        Assert.Equal(deal.DealId, Assert.Single((await room.Join(null))!.Deals).DealId);
        Assert.Equal(deal.DealId, Assert.Single((await room.Deals(new UserId(5)))!.Value).DealId);
        Assert.Null(await cluster.Grains.LiveRoom(ClusterRooms.NextId()).Deals(Host));
        var again = await room.OpenDeal(Command(id));
        Assert.Equal((CommandStatus.Done, deal.DealId), (again.Status, again.Deal!.DealId));
        await cluster.Grains.Deal(deal.DealId).Buy(new BuyOrder(new UserId(5), 1, "k", true));
        Assert.Equal(1, (await room.OpenDeal(Command(id))).Deal!.Reserved);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task OpenDeal_TheDealsStoreFails_ItIsToldAgain(bool afterTakingEffect, bool roomFailsToo)
    {
        var (id, room) = await cluster.StartRoom();
        var command = Command(id);
        cluster.Journal.FailNext(LogOf(command.DealId), afterTakingEffect);
        var opening = room.OpenDeal(command);
        if (roomFailsToo)
        {
            await Eventually.Holds("it is in the room's log", () => cluster.RoomEvents(id).OfType<DealAdded>().Any());
            await cluster.Rebuild(id, room);
        }

        await Eventually.Holds("the deal's grain has it", async () => await Get(command.DealId) is not null);
        Assert.Contains((await opening.WaitAsync(Limit)).Status, new[] { CommandStatus.Done, CommandStatus.TryAgain });
        Assert.Equal(command.DealId, Assert.Single((await room.Join(null))!.Deals).DealId);
        Assert.Single(cluster.RoomEvents(id).OfType<DealAdded>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenDeal_AnswerLost_TheKeyGivesTheSameDeal(bool afterTakingEffect)
    {
        var (id, room) = await cluster.StartRoom();
        var first = Command(id);
        cluster.Journal.FailNext(ClusterRooms.LogOf(id), afterTakingEffect);
        Assert.Equal(CommandStatus.TryAgain, (await room.OpenDeal(first)).Status);
        var outcome = await Retry(() => room.OpenDeal(Command(id)));
        Assert.Equal(CommandStatus.Done, outcome.Status);
        Assert.Equal(afterTakingEffect, outcome.Deal!.DealId == first.DealId);
        Assert.Single(cluster.RoomEvents(id).OfType<DealAdded>());
    }

    [Fact]
    public async Task OpenDeal_TheDealDoesNotAnswerSoon_IsTryAgainAndTheKeyWorks()
    {
        await using var hasty = new GrainCluster
        {
            Configure = services => services.Configure<LiveRoomOptions>(room => room.DealWaitMs = 0),
        };
        await hasty.InitializeAsync();
        var (id, room) = await hasty.StartRoom();
        var command = Command(id);
        Assert.Equal(CommandStatus.TryAgain, (await room.OpenDeal(command)).Status);
        await Eventually.Holds(
            "its grain has it", async () => (await hasty.Grains.Deal(command.DealId).Get())?.State == DealState.Open);
        var deal = new DealOutcome(CommandStatus.TryAgain, null);
        await Eventually.Holds(
            "the room knows", async () => (deal = await room.OpenDeal(command)).Status == CommandStatus.Done);
        Assert.Equal((command.DealId, 10), (deal.Deal!.DealId, deal.Deal.Left));
    }

    [Fact]
    public async Task OpenDeal_TheNumberIsTaken_IsTryAgainAndTheKeyWorksWithAnother()
    {
        var (id, room) = await cluster.StartRoom();
        var command = Command(id);
        var other = command.Terms with { RoomId = new RoomId(8), StartsAt = null };
        Assert.Equal(CommandStatus.Done, (await cluster.Grains.Deal(command.DealId).Prepare(other)).Status);
        Assert.Equal(CommandStatus.TryAgain, (await room.OpenDeal(command)).Status);
        Assert.Empty((await room.Deals(Host))!.Value);
        var next = await room.OpenDeal(Command(id));
        Assert.Equal((CommandStatus.Done, DealState.Open), (next.Status, next.Deal!.State));
        Assert.Equal("A lipstick", (await cluster.Grains.Deal(command.DealId).Get())!.Title);
    }

    [Fact]
    public async Task OpenDeal_Refused_IsToldWhyAndNothingIsLogged()
    {
        var (id, room) = await cluster.StartRoom();
        var command = Command(id);
        Assert.Equal(
            CommandStatus.Invalid,
            (await room.OpenDeal(command with { Terms = command.Terms with { Stock = 0 } })).Status);
        Assert.Equal(
            CommandStatus.Forbidden,
            (await room.OpenDeal(command with { Terms = command.Terms with { HostId = new UserId(5) } })).Status);
        Assert.Equal(
            CommandStatus.NotFound,
            (await cluster.Grains.LiveRoom(ClusterRooms.NextId()).OpenDeal(command)).Status);
        await room.End(Host);
        Assert.Equal(CommandStatus.WrongState, (await room.OpenDeal(command)).Status);
        Assert.Empty(cluster.RoomEvents(id).OfType<DealAdded>());
    }

    [Fact]
    public async Task ReportDeal_StoreHoldsBack_IsNotAnsweredAndNobodySeesIt()
    {
        var (id, room) = await cluster.StartRoom();
        var deal = await Open(id, room);
        var frames = await FrameLog.Of(cluster, id);
        Task reporting;
        using (cluster.Journal.Hold())
        {
            reporting = room.ReportDeal(Report(deal, Later, orders: 3, sold: 2));
            await room.Submit(new RoomBatch("z", 0, 0, [])).WaitAsync(Limit);
            Assert.False(reporting.IsCompleted);
            Assert.DoesNotContain(await frames.Until(_ => true), frame => frame.Counters?.Orders > 0);
        }

        await reporting.WaitAsync(Limit);
        var seen = await frames.Until(all => all.Any(frame => frame.Counters?.Orders == 3));
        var told = seen.Last(frame => frame.Counters?.Orders == 3);
        Assert.Equal(new Money(2 * 1_990, "CNY"), told.Counters!.Sales);
        Assert.Equal(2, Assert.Single(told.Deals!.Value).Sold);
        Assert.Equal(3, (await room.Get())!.Counters.Orders);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReportDeal_AppendFails_IsRepeatedAndCountedOnce(bool afterTakingEffect)
    {
        var (id, room) = await cluster.StartRoom();
        var deal = await Open(id, room);
        await room.ReportDeal(Report(deal, Later, orders: 1, sold: 1));
        cluster.Journal.FailNext(ClusterRooms.LogOf(id), afterTakingEffect);
        var report = Report(deal, Later + 1, orders: 4, sold: 3);
        await Assert.ThrowsAsync<TryAgainException>(() => room.ReportDeal(report));
        await Tell(room, report);
        await Tell(room, Report(deal, Later, orders: 9, sold: 9));
        Assert.Equal((4L, 3 * 1_990L), Sums((await room.Get())!.Counters));
        var reports = cluster.RoomEvents(id).OfType<DealReported>().Where(report => report.Version >= Later);
        Assert.Equal([Later, Later + 1], reports.Select(report => report.Version));
        await cluster.Rebuild(id, room);
        Assert.Equal((4L, 3 * 1_990L), Sums((await room.Get())!.Counters));
    }

    [Fact]
    public async Task ReportDeal_OfADealTheRoomDoesNotHave_IsTakenAndChangesNothing()
    {
        var (id, room) = await cluster.StartRoom();
        var deal = await Open(id, room);
        await room.ReportDeal(Report(deal with { DealId = new DealId(3) }, Later, orders: 1, sold: 1));
        Assert.Equal((0, 0), Sums((await room.Get())!.Counters));
    }

    [Fact]
    public async Task Tape_WhatADealWentThrough_IsOnItOnceWithItsTime()
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        var deal = await Open(id, room);
        await room.ReportDeal(Report(deal, Later, orders: 1, sold: 1));
        await room.ReportDeal(Report(deal with { State = DealState.SoldOut }, Later + 1, orders: 1, sold: 10));
        await room.ReportDeal(Report(deal with { State = DealState.Ended }, Later + 2, orders: 1, sold: 10));
        var seen = await frames.Until(all => all.SelectMany(Events).Any(happened => happened is DealClosed));
        Assert.Single(seen.SelectMany(Events).OfType<DealOpened>());
        Assert.Equal(DealState.SoldOut, Assert.Single(seen.SelectMany(Events).OfType<DealClosed>()).Deal.State);
        var tape = (await room.Tape(new TapeQuery(default, null, 100)))!.Items;
        Assert.Equal(deal.DealId, Assert.Single(tape.OfType<TapeDealOpened>()).Deal.DealId);
        Assert.Equal(DealState.SoldOut, Assert.Single(tape.OfType<TapeDealEnded>()).Deal.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_OfTheShow_EndsTheDealsWhateverFails(bool storeFails)
    {
        var (id, room) = await cluster.StartRoom();
        var deal = await Open(id, room);
        var prepared = await Open(id, room, "p", startsAt: null);
        Assert.Equal((DealState.Scheduled, null), (prepared.State, prepared.StartsAt));
        if (storeFails)
        {
            cluster.Journal.FailNext(LogOf(deal.DealId), afterTakingEffect: false);
        }

        await room.End(Host);
        await Eventually.Holds("the deals have ended", async () =>
            (await Get(deal.DealId))?.State == DealState.Ended
                && (await Get(prepared.DealId))?.State == DealState.Ended);
    }

    [Fact]
    public async Task Sales_OfAllRooms_AreTheHostsTotalsWhateverFails()
    {
        var host = await NewUser();
        var user = cluster.Grains.User(host);
        var ((one, first), (two, second)) = (await cluster.StartRoom(host), await cluster.StartRoom(host));
        var (a, b) = (await Open(one, first, host: host), await Open(two, second, host: host));
        Assert.Equal((0, 0), ((await user.Sales())!.Orders, (await user.Sales())!.Rooms));
        cluster.Journal.FailNext(new LogId(UserServices.UserLog, host.ToString()), afterTakingEffect: false);
        await first.ReportDeal(Report(a, Later, orders: 3, sold: 2));
        await second.ReportDeal(Report(b, Later, orders: 5, sold: 4));
        await WhenSold(user, 8, 6, 2);

        for (var i = 1; i <= 20; i++)
        {
            await first.ReportDeal(Report(a, Later + i, orders: 3 + i, sold: 2 + i));
        }

        await WhenSold(user, 28, 26, 2);
        await first.ReportDeal(Report(a, Later + 21, orders: 1, sold: 1));
        await WhenSold(user, 6, 5, 2);
        Assert.Null(await cluster.Grains.User(new UserId(Interlocked.Increment(ref _nextUser))).Sales());
    }

    [Fact]
    public async Task Lobby_RoomSellsWithoutViewers_ListsItsCounters()
    {
        var (id, room) = await cluster.StartRoom();
        var deal = await Open(id, room);
        await room.ReportDeal(Report(deal, Later, orders: 3, sold: 2));
        await Eventually.Holds("the lobby knows", async () =>
            (await cluster.Grains.RoomDirectory().List(RoomState.Live, 100))
                .Any(listed => listed.RoomId == id && Sums(listed.Counters) == (3L, 2 * 1_990L)));
    }

    [Fact]
    public async Task Admit_FollowedCondition_AsksWhoFollowsTheHost()
    {
        var (host, fan) = (await NewUser(), await NewUser());
        var (id, room) = await cluster.StartRoom(host);
        var deal = await Open(
            id, room, host: host, condition: new DrawCondition(DrawConditionKind.Followed, null, null));
        Assert.False(await IsEligible(room, deal, fan));
        await cluster.Grains.User(fan).Follow(host);
        Assert.True(await IsEligible(room, deal, fan));
    }

    [Fact]
    public async Task Admit_PhraseSaidBeforeTheRoomWasRebuilt_IsKnown()
    {
        var (id, room) = await cluster.StartRoom();
        var deal = await Open(
            id, room, condition: new DrawCondition(DrawConditionKind.Password, "abc", null));
        await Submit(room, new SendDanmaku("Mei", "ABC", DanmakuMode.Scroll, "#ffffff") { User = new UserId(5) });
        await cluster.Rebuild(id, room);
        Assert.True(await IsEligible(room, deal, new UserId(5)));
        Assert.False(await IsEligible(room, deal, new UserId(6)));
        Assert.Equal(new DrawCondition(DrawConditionKind.Password, "abc", null), deal.Condition);
    }

    private static IEnumerable<RoomEvent> Events(RoomFrame frame) => frame.Events ?? [];

    private static (long Orders, long Sales) Sums(RoomCounters counters) => (counters.Orders, counters.Sales.Amount);

    private static LogId LogOf(DealId deal) => new("deal", deal.ToString());

    private static DealReport Report(Deal deal, long version, int orders, int sold) => new(
        version, deal with { Sold = sold, Left = deal.Stock - sold }, orders,
        deal.Price with { Amount = sold * deal.Price.Amount }, null);

    private static Task WhenSold(IUserGrain user, long orders, int pieces, int rooms)
        => Eventually.Holds($"{orders} orders are told", async () =>
        {
            try
            {
                var sales = await user.Sales();
                return (sales!.Orders, sales.Rooms) == (orders, rooms)
                    && sales.Sales.SequenceEqual([new Money(pieces * 1_990, "CNY")]);
            }
            catch (TryAgainException)
            {
                return false;
            }
        });

    /// <summary>As the deal's grain does: until it is taken.</summary>
    private static Task Tell(ILiveRoomGrain room, DealReport report) => Eventually.Holds("it is taken", async () =>
    {
        try
        {
            await room.ReportDeal(report);
            return true;
        }
        catch (TryAgainException)
        {
            return false;
        }
    });

    private static async Task<DealOutcome> Retry(Func<Task<DealOutcome>> ask)
    {
        var outcome = new DealOutcome(CommandStatus.TryAgain, null);
        await Eventually.Holds(
            "the room is back", async () => (outcome = await ask()).Status != CommandStatus.TryAgain);
        return outcome;
    }

    private async Task<Deal?> Get(DealId deal)
    {
        try
        {
            return await cluster.Grains.Deal(deal).Get();
        }
        catch (TryAgainException)
        {
            return null;
        }
    }

    private async Task<UserId> NewUser()
    {
        var id = new UserId(Interlocked.Increment(ref _nextUser));
        Assert.Equal(CommandStatus.Done, await cluster.Grains.User(id).Create(new NewUser("Mei", "t")));
        return id;
    }

    private async Task<bool> IsEligible(ILiveRoomGrain room, Deal deal, UserId user)
        => ((BuyerAdmitted)(await Submit(room, new AdmitBuyer(deal.DealId) { User = user }))[0]).IsEligible;

    private async Task<ImmutableArray<RoomAnswer>> Submit(ILiveRoomGrain room, params RoomCommand[] commands)
        => (await room.Submit(new RoomBatch("g", ++_number, 1, [.. commands]))).Answers;

    private static OpenDeal Command(
        RoomId room, string key = "k", long? startsAt = 0, UserId? host = null, DrawCondition? condition = null)
        => new(
            new DealId(Interlocked.Increment(ref _nextDeal)),
            new DealTerms(
                room, host ?? Host, "A lipstick", new Money(1_990, "CNY"), null, 10, 2, startsAt, 600, 60,
                condition ?? DrawCondition.None),
            key);

    private static async Task<Deal> Open(
        RoomId id, ILiveRoomGrain room, string key = "k", long? startsAt = 0, UserId? host = null,
        DrawCondition? condition = null)
    {
        var outcome = await room.OpenDeal(Command(id, key, startsAt, host, condition));
        Assert.Equal(CommandStatus.Done, outcome.Status);
        return outcome.Deal!;
    }
}
