using RedNote.Deals;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>What one connection is told, and what it costs when it takes nothing.</summary>
public sealed class OrderMailboxTests
{
    private readonly FakeWriter _writer = new();
    private readonly DealPortOptions _options = new();

    [Fact]
    public void Push_ConnectionKeepsUp_IsToldEverythingInOrder()
    {
        var mailbox = new OrderMailbox(_writer, _options);
        for (var i = 1; i <= 100; i++)
        {
            mailbox.Push(Notice(1, i));
        }

        Assert.Equal(Enumerable.Range(1, 100), _writer.Orders.Select(notice => notice.Position!.Value));
    }

    [Fact]
    public void Push_ConnectionStalls_KeepsTheLatestOfEachAndNotMoreThanAFew()
    {
        _options.NoticesPerConnection = 5;
        var mailbox = new OrderMailbox(_writer, _options);
        _writer.Stall();
        for (var i = 1; i <= 100; i++)
        {
            for (var order = 1; order <= 7; order++)
            {
                mailbox.Push(Notice(order, i));
            }
        }

        Assert.Equal(5, mailbox.Count);
        Assert.Single(_writer.Orders);
        _writer.Release();
        Assert.Equal(6, _writer.Orders.Count);
        Assert.All(_writer.Orders.Skip(1), notice => Assert.Equal(100, notice.Position));
        Assert.Equal(0, mailbox.Count);
    }

    [Fact]
    public void Close_WhileAWriteHangs_WritesNothingMore()
    {
        var mailbox = new OrderMailbox(_writer, _options);
        _writer.Stall();
        mailbox.Push(Notice(1, 1));
        mailbox.Push(Notice(2, 1));
        mailbox.Close();
        mailbox.Push(Notice(3, 1));
        _writer.Release();
        Assert.Single(_writer.Orders);
    }

    private static OrderNotice Notice(int order, int position)
        => new(FakeDeal.Order(order), FakeDeal.Id, OrderStatus.Waiting, position, null);
}
