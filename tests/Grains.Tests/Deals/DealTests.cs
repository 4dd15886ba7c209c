using RedNote.Deals;

namespace RedNote.Grains.Tests.Deals;

/// <summary>The rules of a deal, one by one.</summary>
public sealed class DealTests
{
    private const long Start = TestDeal.Start;

    [Fact]
    public void Buy_MoreThanThereIs_ReservesTheStockAndLetsTheRestWait()
    {
        var deal = TestDeal.Open(stock: 2);
        var answers = Enumerable.Range(1, 4).Select(buyer => deal.Buy(buyer, 1, "k", Start + buyer)).ToArray();
        Assert.Equal(
            [BuyStatus.Accepted, BuyStatus.Accepted, BuyStatus.Waiting, BuyStatus.Waiting],
            answers.Select(answer => answer.Status));
        Assert.Equal([null, null, 1, 2], answers.Select(answer => answer.Position));
        Assert.Equal(Start + 1 + 60_000, answers[0].PayBefore);
        Assert.Equal(4, answers.Select(answer => answer.OrderId).Distinct().Count());
        var card = deal.Rules.Card(Start + 10);
        Assert.Equal((0, 2, 0, 2, DealState.Open), (card.Left, card.Reserved, card.Sold, card.Waiting, card.State));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_001)]
    [InlineData(1_000_000_000)]
    public void Buy_NoSuchQuantity_IsInvalidAndChangesNothing(int quantity)
    {
        var deal = TestDeal.Open(stock: 5, perBuyer: 5);
        var before = deal.Stored();
        Assert.Equal(BuyStatus.Invalid, deal.Buy(5, quantity, "k", Start + 1).Status);
        Assert.Equal(BuyStatus.Invalid, deal.Buy(5, 1, "no key", Start + 1).Status);
        Assert.Equal(before, deal.Stored());
        Assert.Equal(BuyStatus.Accepted, deal.Buy(5, 5, "k", Start + 1).Status);
    }

    [Fact]
    public void Buy_SameKey_AnswersTheOrderAsItIsByNow()
    {
        var deal = TestDeal.Open(stock: 1, perBuyer: 2);
        var first = deal.Buy(5, 1, "k", Start + 1);
        Assert.Equal(first, deal.Buy(5, 1, "k", Start + 2));
        Assert.Equal(BuyStatus.Conflict, deal.Buy(5, 2, "k", Start + 2).Status);
        Assert.Equal(BuyStatus.Waiting, deal.Buy(6, 1, "k", Start + 3).Status);
        Assert.Equal(CommandStatus.Done, deal.Cancel(5, 1, Start + 4));
        Assert.Equal(CommandStatus.Done, deal.Cancel(5, 1, Start + 5));
        var again = deal.Buy(5, 1, "k", Start + 6);
        Assert.Equal((first.OrderId, OrderStatus.Cancelled), (again.OrderId, again.Order));
        var served = deal.Buy(6, 1, "k", Start + 7);
        Assert.Equal((BuyStatus.Accepted, OrderStatus.Reserved), (served.Status, served.Order));
        Assert.Equal(Start + 4 + 60_000, served.PayBefore);

        // After the end a key still says what it stands for; a new one does not.
        deal.End(TestDeal.Host, Start + 8);
        Assert.Equal(served, deal.Buy(6, 1, "k", Start + 9));
        Assert.Equal(BuyStatus.Ended, deal.Buy(7, 1, "k", Start + 9).Status);
    }

    [Fact]
    public void Buy_SameKeyTwiceInABatch_IsOneOrder()
    {
        var deal = TestDeal.Open(stock: 9, perBuyer: 3);
        var order = new BuyOrder(new UserId(5), 2, "k", true);
        var answers = deal.Buy(
            Start + 1, order, order, order with { Quantity = 1 }, order with { Key = "l" },
            order with { Key = "m", Quantity = 1 });
        Assert.Equal(
            [BuyStatus.Accepted, BuyStatus.Accepted, BuyStatus.Conflict, BuyStatus.LimitReached, BuyStatus.Accepted],
            answers.Select(answer => answer.Status));
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(3, deal.Book.Orders.Reserved);
    }

    [Fact]
    public void Buy_OverTheLimit_IsRefusedWhetherHeldWaitingOrPaid()
    {
        var deal = TestDeal.Open(stock: 2, perBuyer: 1);
        deal.Buy(5, 1, "a", Start + 1);
        Assert.Equal(BuyStatus.LimitReached, deal.Buy(5, 1, "b", Start + 1).Status);
        deal.Pay(5, 1, "p", Start + 2);
        deal.Settle(1, 1, PaymentOutcome.Succeeded, Start + 3);
        Assert.Equal(BuyStatus.LimitReached, deal.Buy(5, 1, "b", Start + 3).Status);
        deal.Buy(6, 1, "a", Start + 4);
        Assert.Equal(BuyStatus.Waiting, deal.Buy(7, 1, "a", Start + 4).Status);
        Assert.Equal(BuyStatus.LimitReached, deal.Buy(7, 1, "b", Start + 4).Status);
        deal.Cancel(7, 3, Start + 5);
        Assert.Equal(BuyStatus.Waiting, deal.Buy(7, 1, "b", Start + 6).Status);
    }

    [Fact]
    public void Buy_BeforeAfterOrNotEligible_IsRefusedAndBindsNoKey()
    {
        var deal = new TestDeal();
        Assert.Equal(BuyStatus.NotFound, deal.Buy(5, 1, "k", Start).Status);
        deal.Prepare(TestDeal.Terms(stock: 3, startsAt: Start + 1_000, seconds: 10));
        var early = deal.Buy(5, 1, "k", Start);
        Assert.Equal((BuyStatus.NotStarted, 1_000), (early.Status, early.RetryAfterMs));
        Assert.Equal(BuyStatus.NotEligible, deal.Buy(5, 1, "k", Start + 1_000, eligible: false).Status);
        Assert.Equal(BuyStatus.Accepted, deal.Buy(5, 1, "k", Start + 10_999).Status);
        Assert.Equal(BuyStatus.Ended, deal.Buy(6, 1, "k", Start + 11_000).Status);

        // A clock that is set back opens nothing again.
        Assert.Equal(BuyStatus.Ended, deal.Buy(6, 1, "k", Start + 5_000).Status);
    }

    [Fact]
    public void Line_HeadThatWantsTwo_IsNotOvertaken()
    {
        var deal = TestDeal.Open(stock: 2, perBuyer: 2);
        deal.Buy(5, 1, "k", Start + 1);
        deal.Buy(6, 1, "k", Start + 1);
        deal.Buy(7, 2, "k", Start + 2);
        deal.Buy(8, 1, "k", Start + 3);
        deal.Cancel(5, 1, Start + 4);
        Assert.Equal(1, deal.Book.Orders.Left);
        Assert.Equal(BuyStatus.Waiting, deal.Buy(9, 1, "k", Start + 5).Status);
        deal.Cancel(6, 2, Start + 6);
        Assert.Equal(OrderStatus.Reserved, deal.Book.Orders[3].Status);
        Assert.Equal(OrderStatus.Waiting, deal.Book.Orders[4].Status);
        Assert.Equal([3], deal.Log.OfType<OrdersServed>().SelectMany(served => served.Numbers));
    }

    [Fact]
    public void Line_WantsMoreThanCanComeBack_LeavesInsteadOfBlocking()
    {
        var deal = TestDeal.Open(stock: 2, perBuyer: 2);
        deal.Buy(5, 1, "k", Start + 1);
        deal.Buy(6, 1, "k", Start + 1);
        deal.Buy(7, 2, "k", Start + 2);
        deal.Buy(8, 1, "k", Start + 3);
        deal.Pay(5, 1, "p", Start + 4);
        deal.Settle(1, 1, PaymentOutcome.Succeeded, Start + 5);
        Assert.Equal(OrderStatus.Expired, deal.Book.Orders[3].Status);
        deal.Cancel(6, 2, Start + 6);
        Assert.Equal(OrderStatus.Reserved, deal.Book.Orders[4].Status);
        Assert.Equal(BuyStatus.SoldOut, deal.Buy(7, 2, "again", Start + 7).Status);
    }

    [Fact]
    public void Expiry_ReturnsThePiecesToTheHeadOfTheLine()
    {
        var deal = TestDeal.Open(stock: 1, payWithin: 10);
        deal.Buy(5, 1, "k", Start + 1);
        deal.Buy(6, 1, "k", Start + 2);
        deal.Advance(Start + 10_000);
        Assert.Equal(OrderStatus.Reserved, deal.Book.Orders[1].Status);
        Assert.Equal(Start + 10_001, deal.Rules.NextAt());
        deal.Advance(Start + 10_001);
        Assert.Equal(OrderStatus.Expired, deal.Book.Orders[1].Status);
        Assert.Equal(OrderStatus.Reserved, deal.Book.Orders[2].Status);
        Assert.Equal(Start + 20_001, deal.Rules.Show(2).PayBefore);
        Assert.Equal(PayStatus.OrderExpired, deal.Pay(5, 1, "p", Start + 10_002));
        Assert.Equal(CommandStatus.WrongState, deal.Cancel(5, 1, Start + 10_002));
    }

    [Fact]
    public void End_EmptiesTheLineAndLetsTheReservedPay()
    {
        var deal = TestDeal.Open(stock: 1, options: new DealOptions { OrdersPerEvent = 16 });
        deal.Buy(5, 1, "k", Start + 1);
        for (var buyer = 6; buyer < 16; buyer++)
        {
            deal.Buy(buyer, 1, "k", Start + 2);
        }

        Assert.Equal(CommandStatus.Forbidden, deal.End(new UserId(2), Start + 3));
        Assert.Equal(CommandStatus.Done, deal.End(TestDeal.Host, Start + 3));
        Assert.Equal(CommandStatus.Done, deal.End(TestDeal.Host, Start + 4));
        Assert.Equal(0, deal.Book.Orders.Waiting);
        Assert.All(
            Enumerable.Range(2, 10), number => Assert.Equal(OrderStatus.Expired, deal.Book.Orders[number].Status));
        Assert.Equal(PayStatus.Done, deal.Pay(5, 1, "p", Start + 5));
        deal.Settle(1, 1, PaymentOutcome.Succeeded, Start + 6);
        Assert.Equal((0, 1), (deal.Book.Orders.Reserved, deal.Book.Orders.Paid));
        Assert.Null(deal.Rules.NextAt());
    }

    [Fact]
    public void Pay_UnderWay_HoldsThePiecesUntilTheOutcome()
    {
        var deal = TestDeal.Open(stock: 1, payWithin: 10);
        deal.Buy(5, 1, "k", Start + 1);
        Assert.Equal(PayStatus.NotFound, deal.Pay(6, 1, "p", Start + 2));
        Assert.Equal(PayStatus.NotFound, deal.Pay(5, 2, "p", Start + 2));
        Assert.Equal(PayStatus.Invalid, deal.Pay(5, 1, "p p", Start + 2));
        Assert.Equal(PayStatus.Done, deal.Pay(5, 1, "p", Start + 2));
        Assert.Equal(PayStatus.Done, deal.Pay(5, 1, "p", Start + 3));
        Assert.Equal(PayStatus.WrongState, deal.Pay(5, 1, "q", Start + 3));
        Assert.Equal(CommandStatus.WrongState, deal.Cancel(5, 1, Start + 3));
        deal.Advance(Start + 100_000);
        Assert.Equal(OrderStatus.Paying, deal.Book.Orders[1].Status);

        // Declined when its time is up already: the pieces are free at once.
        deal.Settle(1, 1, PaymentOutcome.Declined, Start + 100_001);
        Assert.Equal(OrderStatus.Expired, deal.Book.Orders[1].Status);
        Assert.Equal(1, deal.Book.Orders.Left);
        Assert.Equal(PayStatus.Declined, deal.Pay(5, 1, "p", Start + 100_002));
    }

    [Fact]
    public void Pay_Declined_MayBeTriedAgainWithAnotherKey()
    {
        var deal = TestDeal.Open(stock: 1, payWithin: 10);
        deal.Buy(5, 1, "k", Start + 1);
        deal.Pay(5, 1, "p", Start + 2);
        deal.Advance(Start + 3);
        deal.Settle(1, 1, PaymentOutcome.Declined, Start + 4);
        Assert.Equal(OrderStatus.Reserved, deal.Book.Orders[1].Status);
        Assert.Equal(Start + 10_001, deal.Rules.NextAt());
        Assert.Equal(PayStatus.Done, deal.Pay(5, 1, "q", Start + 5));
        deal.Settle(1, 2, PaymentOutcome.Succeeded, Start + 6);
        deal.Settle(1, 2, PaymentOutcome.Succeeded, Start + 7);
        deal.Settle(1, 2, PaymentOutcome.Declined, Start + 7);
        Assert.Equal((OrderStatus.Paid, 1), (deal.Book.Orders[1].Status, deal.Book.Orders.Paid));
        Assert.Equal(PayStatus.WrongState, deal.Pay(5, 1, "r", Start + 8));
        Assert.Equal(PayStatus.Done, deal.Pay(5, 1, "q", Start + 8));
        Assert.Single(deal.Log.OfType<PaymentSucceeded>());
        Assert.Equal(DealState.SoldOut, deal.Rules.StateAt(Start + 9));
        Assert.Equal(BuyStatus.SoldOut, deal.Buy(6, 1, "k", Start + 9).Status);
    }

    [Fact]
    public void Settle_LateSuccess_IsPaidBackOnce()
    {
        var deal = TestDeal.Open(stock: 1, payWithin: 10);
        deal.Buy(5, 1, "k", Start + 1);
        deal.Pay(5, 1, "p", Start + 2);
        deal.Settle(1, 1, PaymentOutcome.Declined, Start + 20_000);
        deal.Buy(6, 1, "k", Start + 20_001);
        deal.Settle(1, 1, PaymentOutcome.Succeeded, Start + 20_002);
        deal.Settle(1, 1, PaymentOutcome.Succeeded, Start + 20_003);
        Assert.Equal(OrderStatus.Refunded, deal.Book.Orders[1].Status);
        Assert.Equal((1, 1), Assert.Single(deal.Book.Unsettled.Select(one => (one.Number, one.Attempt))));
        Assert.Equal(OrderStatus.Reserved, deal.Book.Orders[2].Status);
        Assert.Single(deal.Log.OfType<RefundOwed>());
    }

    [Fact]
    public void Settle_LateSuccessOfADeclinedOne_BuysWhatIsStillReserved()
    {
        var deal = TestDeal.Open(stock: 1);
        deal.Buy(5, 1, "k", Start + 1);
        deal.Pay(5, 1, "p", Start + 2);
        deal.Settle(1, 1, PaymentOutcome.Declined, Start + 3);
        deal.Settle(1, 1, PaymentOutcome.Succeeded, Start + 4);
        Assert.Equal(OrderStatus.Paid, deal.Book.Orders[1].Status);
        Assert.Empty(deal.Book.Unsettled);
    }

    [Fact]
    public void Prepare_UnsoundTerms_AreRefused()
    {
        var terms = TestDeal.Terms(stock: 1);
        DealTerms[] unsound =
        [
            terms with { Stock = 0 }, terms with { Stock = 1_000_001 }, terms with { PerBuyer = 0 },
            terms with { PerBuyer = 1_001 }, terms with { Price = new Money(-1, "CNY") },
            terms with { Price = new Money(1, "cny") }, terms with { Price = new Money(1_000_000_001, "CNY") },
            terms with { ListPrice = new Money(1, "EUR") }, terms with { Seconds = 0 },
            terms with { Seconds = DealTerms.MaxSeconds + 1 }, terms with { PayWithinSeconds = 0 },
            terms with { Title = "" }, terms with { Title = " x" },
        ];
        Assert.All(unsound, one => Assert.Equal(CommandStatus.Invalid, new TestDeal().Prepare(one)));
        Assert.Equal(CommandStatus.Invalid, new TestDeal().Prepare(terms, DealId.MaxValue + 1));
        var deal = new TestDeal();
        Assert.Equal(CommandStatus.Done, deal.Prepare(terms));
        Assert.Equal(CommandStatus.Done, deal.Prepare(terms with { Title = "A lipstick" }));
        Assert.Equal(CommandStatus.Conflict, deal.Prepare(terms, deal: 8));
        Assert.Equal(CommandStatus.Conflict, deal.Prepare(terms with { Stock = 2 }));
        Assert.Single(deal.Log);
    }

    [Fact]
    public void Begin_PreparedDeal_OpensThenAndNotBefore()
    {
        var deal = new TestDeal();
        deal.Prepare(TestDeal.Terms(stock: 1, startsAt: null, seconds: 10));
        Assert.Equal(BuyStatus.NotStarted, deal.Buy(5, 1, "k", Start + 86_400_000).Status);
        Assert.Null(deal.Rules.NextAt());
        Assert.Equal(CommandStatus.Done, deal.Begin(TestDeal.Host, Start + 86_400_001));
        Assert.Equal((Start + 86_400_001, Start + 86_410_001), (deal.Book.StartsAt, deal.Book.EndsAt));
        Assert.Equal(BuyStatus.Accepted, deal.Buy(5, 1, "k", Start + 86_400_002).Status);
    }

    [Theory]
    [InlineData(30, 3, true)]
    [InlineData(30, 4, false)]
    [InlineData(3, 1, true)]
    [InlineData(3, 0, false)]
    [InlineData(1, 1, false)]
    public void Card_OfWhatIsLeft_HintsThatItIsLittle(int stock, int left, bool isLow)
    {
        var deal = TestDeal.Open(stock, perBuyer: stock);
        if (left < stock)
        {
            deal.Buy(5, stock - left, "k", Start + 1);
        }

        var card = deal.Rules.Card(Start + 2);
        Assert.Equal((left, isLow, isLow), (card.Left, card.LowStock, card.Ticker.LowStock));
        deal.End(TestDeal.Host, Start + 3);
        Assert.False(deal.Rules.Card(Start + 4).LowStock);
    }

    [Fact]
    public void Board_OfWhatHappened_SaysIt()
    {
        var deal = TestDeal.Open(stock: 3, perBuyer: 2);
        deal.Buy(5, 2, "a", Start + 100);
        deal.Buy(6, 1, "a", Start + 200);
        deal.Buy(7, 1, "a", Start + 300);
        deal.Pay(5, 1, "p", Start + 1_100);
        deal.Settle(1, 1, PaymentOutcome.Succeeded, Start + 1_200);
        deal.Cancel(6, 2, Start + 2_000);
        var board = deal.Rules.Board(Start + 2_001);
        Assert.Equal((2, 1, 1, 0, 2, 3), (
            board.Sold, board.Reserved, board.Paid, board.Waiting, board.Orders, board.Placed));
        Assert.Equal(new Money(3_980, "CNY"), board.Gmv);
        Assert.Equal(1.0 / 3, board.Conversion);
        Assert.Equal(
            [(Start, 3, 0, 0, 0L), (Start + 1_000, 0, 2, 0, 3_980L), (Start + 2_000, 1, 0, 1, 0L)],
            board.Series.Select(it => (it.At, it.Ordered, it.Paid, it.Returned, it.Gmv.Amount)));
        Assert.Equal(board, deal.Restored().Rules.Board(Start + 2_001) with { Series = board.Series });
    }

    [Fact]
    public void OrderId_OfAnyDeal_SaysWhichItIs()
    {
        var last = OrderId.Of(new DealId(DealId.MaxValue), OrderId.MaxNumber);
        Assert.Equal((DealId.MaxValue, OrderId.MaxNumber), (last.Deal.Value, last.Number));
        Assert.Equal((1L, 1), (OrderId.Of(new DealId(1), 1).Deal.Value, OrderId.Of(new DealId(1), 1).Number));
    }
}
