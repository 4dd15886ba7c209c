using FsCheck;
using FsCheck.Fluent;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>What a host's rooms have sold: each told in full, with versions, late and twice.</summary>
public sealed class HostSalesTests(UserCluster cluster) : IClassFixture<UserCluster>
{
    [Fact]
    public void Book_WordsInAnyOrder_IsTheSumOfTheNewestOfEachRoom()
    {
        // What a room sold follows from the version, as it does in its log.
        var words =
            from room in Gen.Choose(1, 5)
            from version in Gen.Choose(1, 40)
            select Word(room, version, orders: version % 7, amount: version * 10 % 9, room % 2 == 0 ? "CNY" : "EUR");
        Prop.ForAll(words.ArrayOf().ToArbitrary(), told =>
        {
            var book = new SalesBook();
            Array.ForEach(told, book.Take);
            var newest = told.GroupBy(word => word.RoomId).Select(room => room.MaxBy(word => word.Version)!).ToList();
            var sums = newest.GroupBy(word => word.Sales.Currency).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new Money(group.Sum(word => word.Sales.Amount), group.Key));
            return Same(book.Total, newest.Sum(word => word.Orders), sums, newest.Count)
                && Same(SalesBook.From(book.ToDocument()).Total, book.Total.Orders, book.Total.Sales, newest.Count)
                && newest.All(word => !book.IsNew(word));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task TakeSales_LateAndRepeatedWords_CountOnceAndSurvive()
    {
        var user = await cluster.NewUser();
        var grain = cluster.Grain(user);
        Assert.Equal(CommandStatus.Done, await grain.TakeSales(Word(8, 5, 3, 40)));
        Assert.Equal(CommandStatus.Done, await grain.TakeSales(Word(8, 5, 9, 90)));
        Assert.Equal(CommandStatus.Done, await grain.TakeSales(Word(8, 4, 9, 90)));
        Assert.Equal(CommandStatus.Done, await grain.TakeSales(Word(9, 1, 1, 7, "EUR")));
        await Check(4);

        cluster.Journal.FailNext(UserCluster.Log(user), afterTakingEffect: false);
        Assert.Equal(CommandStatus.TryAgain, await grain.TakeSales(Word(8, 6, 2, 40)));
        Assert.Equal(CommandStatus.Done, await UserCluster.Retry(() => grain.TakeSales(Word(8, 6, 2, 40))));
        await Check(3);

        async Task Check(int orders)
        {
            var total = (await grain.Sales())!;
            Assert.True(Same(total, orders, [new Money(40, "CNY"), new Money(7, "EUR")], 2), total.ToString());
        }
    }

    [Fact]
    public async Task Sales_NobodyThere_IsNullAndTellingIsNotFound()
    {
        var nobody = cluster.Grain(cluster.NextId());
        Assert.Equal(CommandStatus.NotFound, await nobody.TakeSales(Word(8, 5, 3, 40)));
        Assert.Null(await nobody.Sales());
        var total = (await cluster.Grain(await cluster.NewUser()).Sales())!;
        Assert.True(Same(total, 0, [], 0), total.ToString());
    }

    private static RoomSales Word(long room, long version, long orders, long amount, string currency = "CNY")
        => new(new RoomId(room), version, orders, new Money(amount, currency));

    private static bool Same(HostSales total, long orders, IEnumerable<Money> sales, int rooms)
        => (total.Orders, total.Rooms) == (orders, rooms) && total.Sales.SequenceEqual(sales);
}
