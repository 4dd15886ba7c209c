using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Deals;

/// <summary>What a room knows of its deals, and what it shows of them.</summary>
public sealed class RoomDealTests
{
    private const long SevenDays = 7 * 86_400_000L;
    private DealRoom _room = new();

    [Fact]
    public void Open_AtOnce_IsShownWhenItsGrainSaysSo()
    {
        var (status, id) = _room.Open();
        Assert.Equal(CommandStatus.Done, status);
        Assert.Equal(
            (DealState.Scheduled, (long?)_room.Now, (long?)_room.Now + 600_000, 10),
            (_room.Card(id).State, _room.Card(id).StartsAt, _room.Card(id).EndsAt, _room.Card(id).Left));
        Assert.DoesNotContain(_room.Events(), happened => happened is DealScheduled or DealOpened);

        _room.Tell(id, 1);

        var frame = Assert.Single(_room.Frames());
        Assert.Equal(DealState.Open, Assert.IsType<DealOpened>(Assert.Single(frame.Events!.Value)).Deal.State);
        Assert.Equal(new DealTicker(id, 10, 0, 0, DealState.Open, 0, false), Assert.Single(frame.Deals!.Value));
        Assert.Equal(_room.Card(id), Assert.Single(_room.Room.Rules.ShownDeals));
    }

    [Fact]
    public void Open_WithATime_IsScheduledForEverybody()
    {
        var (_, id) = _room.Open(DealRoom.Terms() with { StartsAt = _room.Now + 5_000 });
        var scheduled = Assert.Single(_room.Events().OfType<DealScheduled>()).Deal;
        Assert.Equal((_room.Now + 5_000, DealState.Scheduled), (scheduled.StartsAt, scheduled.State));
        Assert.Equal(id, Assert.Single(_room.Room.Rules.ShownDeals).DealId);
        _room.Tell(id, 1, DealState.Scheduled);
        Assert.Empty(_room.Events());
        _room.Now += 5_000;
        _room.Tell(id, 2);
        Assert.IsType<DealOpened>(Assert.Single(_room.Events()));
    }

    [Fact]
    public void Open_Prepared_IsForItsHostAloneUntilItBegins()
    {
        var (_, id) = _room.Open(DealRoom.Terms() with { StartsAt = null });
        _room.Tell(id, 1, DealState.Scheduled);
        Assert.DoesNotContain(
            _room.Frames(), frame => frame.Deals is not null || frame.Events?.Any(e => e is DealScheduled) == true);
        Assert.Empty(_room.Room.Rules.ShownDeals);
        Assert.Empty(_room.Room.Rules.DealsFor(new UserId(5)));
        Assert.Equal(id, Assert.Single(_room.Room.Rules.DealsFor(DealRoom.Host)).DealId);

        _room.Tell(id, 2, change: deal => deal with { StartsAt = _room.Now, EndsAt = _room.Now + 600_000 });

        Assert.Equal(_room.Now, Assert.IsType<DealOpened>(Assert.Single(_room.Events())).Deal.StartsAt);
        Assert.Equal(id, Assert.Single(_room.Room.Rules.ShownDeals).DealId);
    }

    [Fact]
    public void Report_PreparedEndsUnopened_NobodyHearsOfIt()
    {
        var (_, id) = _room.Open(DealRoom.Terms() with { StartsAt = null });
        _room.Frames();
        _room.Tell(id, 1, DealState.Ended, change: deal => deal with { EndsAt = _room.Now });
        Assert.Empty(_room.Frames());
        Assert.Empty(_room.Room.Rules.ShownDeals);
        Assert.Null(ShownThings.ToTape(_room.Room.Log.OfType<DealSaleClosed>().Single()));
        Assert.Empty(_room.Room.Log.OfType<DealSaleOpened>());
    }

    [Fact]
    public void Report_EndedByItsHostBeforeItsTime_WasNeverOpen()
    {
        var (_, id) = _room.Open(DealRoom.Terms() with { StartsAt = _room.Now + 5_000 });
        _room.Frames();
        _room.Tell(id, 1, DealState.Ended, change: deal => deal with { EndsAt = _room.Now });
        Assert.IsType<DealClosed>(Assert.Single(_room.Events()));
        Assert.Empty(_room.Room.Log.OfType<DealSaleOpened>());
    }

    [Fact]
    public void Report_SoldOutBeforeAnybodyLooked_OpensAndEndsOnce()
    {
        var (_, id) = _room.Open();
        _room.Frames();
        _room.Now += 100;
        _room.Tell(id, 4, DealState.SoldOut, sold: 10, orders: 5);
        Assert.Collection(
            _room.Events(),
            happened => Assert.Equal(DealState.Open, Assert.IsType<DealOpened>(happened).Deal.State),
            happened => Assert.Equal(DealState.SoldOut, Assert.IsType<DealClosed>(happened).Deal.State));
        _room.Tell(id, 5, DealState.Ended, sold: 10, orders: 5);
        var frame = Assert.Single(_room.Frames());
        Assert.Null(frame.Events);
        Assert.Equal(DealState.Ended, Assert.Single(frame.Deals!.Value).State);
        var items = _room.Room.Log.Select(ShownThings.ToTape).OfType<TapeItem>().ToList();
        Assert.Equal([typeof(TapeDealOpened), typeof(TapeDealEnded)], items.Select(item => item.GetType()));
        Assert.All(items, item => Assert.Equal(100, item.At));
    }

    [Fact]
    public void Report_OldOrRepeatedVersion_ChangesNothing()
    {
        var id = _room.Opened();
        _room.Tell(id, 7, reserved: 3, orders: 2);
        _room.Frames();
        var before = _room.State;
        Assert.True(_room.Tell(id, 7, reserved: 9, orders: 9));
        Assert.True(_room.Tell(id, 6, DealState.Ended));
        Assert.False(_room.Tell(new DealId(999), 1));
        Assert.Equal(before, _room.State);
        Assert.Empty(_room.Frames());
    }

    [Fact]
    public void Counters_ReportsOfManyDeals_AreTheSumAlsoAfterARestart()
    {
        var (one, two) = (_room.Opened(), _room.Opened());
        _room.Tell(one, 2, reserved: 4, orders: 3);
        _room.Tell(two, 2, sold: 2, reserved: 1, orders: 2);
        Assert.Equal((5L, new Money(2 * 1_990, "CNY")), (_room.Counters.Orders, _room.Counters.Sales));
        Assert.Equal(5, Assert.Single(_room.Frames()).Counters!.Orders);
        _room.Tell(one, 3, sold: 4, orders: 2);
        _room.Tell(two, 3, sold: 2, orders: 1);
        Assert.Equal((3L, new Money(6 * 1_990, "CNY")), (_room.Counters.Orders, _room.Counters.Sales));
        var told = _room.Room.Log.OfType<DealReported>().Count(report => report.IsCounted);
        _room.Tell(two, 4, sold: 2, orders: 1, change: deal => deal with { Waiting = 7 });
        Assert.Equal(told, _room.Room.Log.OfType<DealReported>().Count(report => report.IsCounted));

        // An order that is paid was an order before.
        _room.Tell(one, 4, sold: 5, orders: 2);
        Assert.Equal((3L, new Money(7 * 1_990, "CNY")), (_room.Counters.Orders, _room.Counters.Sales));
        Assert.Equal(told + 1, _room.Room.Log.OfType<DealReported>().Count(report => report.IsCounted));
        _room.Restart();
        Assert.Equal((3L, new Money(7 * 1_990, "CNY")), (_room.Counters.Orders, _room.Counters.Sales));
    }

    [Fact]
    public void Announcements_OfOneFrame_AreOneForEachDeal()
    {
        var (one, two) = (_room.Opened(), _room.Opened());
        _room.Frames();
        _room.Tell(one, 2, news: new OrderNews("An", 2, 3, 5));
        _room.Tell(two, 2, news: new OrderNews("Bo", 1, 1, 1));
        _room.Now += 7;
        _room.Tell(one, 3, news: new OrderNews("Cy", 1, 4, 6));
        _room.Tell(one, 4);
        var frame = Assert.Single(_room.Frames());
        Assert.Equal(
            [
                new OrderAnnounced(one, "Cy", 1, 7, 11) { At = _room.Now },
                new OrderAnnounced(two, "Bo", 1, 1, 1) { At = _room.Now - 7 },
            ],
            frame.Events!.Value);
        Assert.Equal([one, two], frame.Deals!.Value.Select(ticker => ticker.DealId));
    }

    [Fact]
    public void Key_Again_IsTheSameDealAndOtherContentAConflict()
    {
        var terms = DealRoom.Terms() with { ListPrice = new Money(5_900, "CNY") };
        var (_, id) = _room.Open(terms, "k");
        _room.Now += 3_000;
        Assert.Equal((CommandStatus.Done, id), _room.Open(terms, "k"));
        DealTerms[] others =
        [
            terms with { Title = "Another" }, terms with { Price = new Money(1_991, "CNY") },
            terms with { Price = new Money(1_990, "EUR"), ListPrice = null }, terms with { ListPrice = null },
            terms with { Stock = 11 }, terms with { PerBuyer = 3 }, terms with { StartsAt = null },
            terms with { StartsAt = _room.Now + 1 }, terms with { StartsAt = 1 }, terms with { Seconds = 601 },
            terms with { PayWithinSeconds = 301 }, terms with { Condition = DealRoom.Phrase("x") },
        ];
        Assert.All(others, other => Assert.Equal(CommandStatus.Conflict, _room.Open(other, "k").Status));
        _room.Restart();
        _room.Now = DealRoom.Start + SevenDays - 1;
        Assert.Equal((CommandStatus.Done, id), _room.Open(terms, "k"));
        _room.Now++;
        Assert.NotEqual(id, _room.Open(terms, "k").Id);
        Assert.Equal(2, _room.Room.Log.OfType<DealAdded>().Count());
    }

    [Fact]
    public void Key_OfAScheduledDeal_IsTheSameAlsoWhenItsTimeHasCome()
    {
        var terms = DealRoom.Terms() with { StartsAt = _room.Now + 1_000 };
        var (_, id) = _room.Open(terms, "k");
        _room.Now += 5_000;
        Assert.Equal((CommandStatus.Done, id), _room.Open(terms, "k"));
        var (_, late) = _room.Open(terms, "late");
        _room.Now -= 10_000;
        Assert.Equal((CommandStatus.Done, late), _room.Open(terms, "late"));
        Assert.Equal(CommandStatus.Conflict, _room.Open(terms with { StartsAt = 0 }, "k").Status);
    }

    [Fact]
    public void Open_WhatADealsGrainWouldRefuse_IsInvalidAndChangesNothing()
    {
        var good = DealRoom.Terms();
        DealTerms[] bad =
        [
            good with { RoomId = new RoomId(10) }, good with { Title = " " }, good with { Title = new string('x', 61) },
            good with { Price = new Money(-1, "CNY") }, good with { Price = new Money(1, "cny") },
            good with { Price = new Money(DealTerms.MaxPrice + 1, "CNY") },
            good with { ListPrice = new Money(1, "USD") }, good with { Stock = 0 },
            good with { Stock = new DealOptions().Stock + 1 }, good with { PerBuyer = 0 },
            good with { PerBuyer = 1_001 }, good with { StartsAt = -1 }, good with { Seconds = 0 },
            good with { Seconds = DealTerms.MaxSeconds + 1 }, good with { PayWithinSeconds = 0 },
            good with { PayWithinSeconds = 86_401 }, good with { Condition = DealRoom.Phrase("  ") },
            good with { Condition = DealRoom.Condition(DrawConditionKind.Watched, 0) },
            good with { Condition = DealRoom.Condition((DrawConditionKind)99) },
        ];
        var before = _room.State;
        Assert.All(bad, terms => Assert.Equal(CommandStatus.Invalid, _room.Open(terms).Status));
        Assert.Equal(CommandStatus.Invalid, _room.Open(key: "no key").Status);
        Assert.Equal(CommandStatus.Invalid, _room.Open(number: 0).Status);
        Assert.Equal(CommandStatus.Invalid, _room.Open(number: DealId.MaxValue + 1).Status);
        Assert.Equal(CommandStatus.Forbidden, _room.Open(good with { HostId = new UserId(5) }).Status);
        Assert.Equal(before, _room.State);
        Assert.Equal("A lipstick", _room.Card(_room.Open(good with { Title = "  A lipstick " }).Id).Title);
    }

    [Fact]
    public void Open_AnotherCurrency_IsInvalid()
    {
        var (_, id) = _room.Open();
        var euros = DealRoom.Terms() with { Price = new Money(5, "EUR") };
        Assert.Equal(CommandStatus.Invalid, _room.Open(euros).Status);
        _room.Restart();
        Assert.Equal(CommandStatus.Invalid, _room.Open(euros).Status);
        Assert.Equal(new Money(0, "CNY"), _room.Counters.Sales);
        var other = new DealRoom();
        Assert.Equal(CommandStatus.Done, other.Open(euros).Status);
        Assert.Equal(new Money(0, "EUR"), other.Counters.Sales);
        Assert.Equal(CommandStatus.TryAgain, _room.Open(number: id.Value).Status);
    }

    [Fact]
    public void Open_TooMany_IsRateLimitedUntilOneIsOverForSevenDays()
    {
        _room = new DealRoom(new LiveRoomOptions { Deals = 2, KeptDeals = 20, SnapshotDeals = 3 });
        var first = _room.Opened();
        _room.Tell(first, 2, sold: 1, orders: 1);
        _room.Opened();
        Assert.Equal(CommandStatus.RateLimited, _room.Open().Status);
        for (var i = 2; i < 20; i++)
        {
            _room.Tell(_room.Room.Rules.DealsFor(DealRoom.Host)[^2].DealId, 9, DealState.Ended, sold: 1, orders: 1);
            _room.Opened();
        }

        var last = _room.Room.State.Deals.All[^2].Id;
        _room.Tell(last, 9, DealState.Ended, sold: 1, orders: 1);
        Assert.Equal(3 + 1, _room.Room.Rules.ShownDeals.Length);
        Assert.Equal(CommandStatus.RateLimited, _room.Open().Status);
        _room.Now += SevenDays;
        var sum = _room.Counters.Orders;
        Assert.Equal(CommandStatus.Done, _room.Open().Status);
        Assert.Null(_room.Room.Rules.FindDeal(first));
        Assert.Equal((20, sum), (_room.Room.State.Deals.All.Count, _room.Counters.Orders));
        Assert.False(_room.Tell(first, 99, DealState.Ended));
        _room.Restart();
        Assert.Equal((20, sum), (_room.Room.State.Deals.All.Count, _room.Counters.Orders));
    }

    [Fact]
    public void Drop_TheNumberIsAnotherDeals_TheKeyWorksWithANewOne()
    {
        var (_, id) = _room.Open(DealRoom.Terms() with { StartsAt = _room.Now + 9_000 }, "k");
        _room.Frames();
        _room.Room.Decide(_room.Now, events => _room.Room.Rules.DropDeal(id, _room.Now, events));
        Assert.Equal(DealState.Ended, Assert.IsType<DealClosed>(Assert.Single(_room.Events())).Deal.State);
        Assert.Empty(_room.Room.Rules.DealsFor(DealRoom.Host));
        Assert.Equal((CommandStatus.Done, new DealId(77)), _room.Open(DealRoom.Terms(), "k", number: 77));
    }

    [Fact]
    public void End_OfTheShow_EndsWhatIsNotOverAndNoneCanBeMade()
    {
        var (open, ended) = (_room.Opened(), _room.Opened());
        var (_, prepared) = _room.Open(DealRoom.Terms() with { StartsAt = null }, "p");
        _room.Tell(ended, 2, DealState.Ended);
        _room.Room.End(DealRoom.Host, _room.Now);
        Assert.Equal([open, prepared], _room.Room.Log.OfType<DealEndOwed>().Select(owed => owed.DealId));
        Assert.Equal(CommandStatus.WrongState, _room.Open().Status);
        Assert.Equal((CommandStatus.Done, prepared), _room.Open(DealRoom.Terms() with { StartsAt = null }, "p"));
        _room.Frames();

        // What was ordered can still be paid.
        _room.Tell(open, 3, DealState.Ended, sold: 1, orders: 1);
        Assert.Equal(1, _room.Counters.Orders);
        Assert.Contains(_room.Events(), happened => happened is DealClosed);
    }

    [Fact]
    public void Open_RoomIsNotLiveYet_Works()
    {
        _room = new DealRoom(isLive: false);
        var id = _room.Opened();
        Assert.IsType<DealOpened>(Assert.Single(_room.Events()));
        Assert.True(_room.IsEligible(id, 5));
        _room.Room.Start(DealRoom.Host, _room.Now + 10);
        Assert.Equal(0, ((IMediaEvent)_room.Room.Log.OfType<DealSaleOpened>().Single()).MediaAt);
    }

    [Fact]
    public void Pin_ADealThatIsShown_IsPinned()
    {
        var id = _room.Opened();
        var (_, prepared) = _room.Open(DealRoom.Terms() with { StartsAt = null });
        Assert.Equal(CommandStatus.Done, Pin(new PinItem(null, null, null, id)));
        Assert.Equal(CommandStatus.NotFound, Pin(new PinItem(null, null, null, prepared)));
        Assert.Equal(CommandStatus.NotFound, Pin(new PinItem(null, null, null, new DealId(999))));
        Assert.Equal(CommandStatus.Invalid, Pin(new PinItem("text", null, null, id)));
        Assert.Equal(id, _room.Room.Rules.Pinned!.DealId);
        Assert.Equal(id, Assert.Single(_room.Events().OfType<ItemPinned>()).Pin.DealId);
        Assert.Equal(CommandStatus.Done, Pin(new PinItem(null, null, null, id)));
        Assert.Single(_room.Room.Log.OfType<PinSet>());
        Assert.Equal(
            id, Assert.IsType<TapePinned>(ShownThings.ToTape(_room.Room.Log.OfType<PinSet>().Single())).DealId);
        _room.Restart();
        Assert.Equal(id, _room.Room.Rules.Pinned!.DealId);

        CommandStatus Pin(PinItem item)
            => _room.Room.Decide(_room.Now, events => _room.Room.Rules.Pin(DealRoom.Host, item, _room.Now, events));
    }

    [Fact]
    public void Frames_ManyDealsWithLongTitles_StayWithinTheBound()
    {
        var title = string.Concat(Enumerable.Repeat("\U0001F484", 60));
        var deals = Enumerable.Range(0, 20)
            .Select(_ => _room.Open(DealRoom.Terms(DealRoom.Phrase(new string('美', 200))) with
            {
                Title = title,
                StartsAt = _room.Now + 9,
            }).Id).ToImmutableArray();
        Assert.Equal(20, deals.Distinct().Count());
        foreach (var frame in _room.Frames())
        {
            Assert.InRange(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(frame.Events).Length, 0, 51_200);
        }
    }
}
