using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Grains.Tests.Deals;

/// <summary>A deal without a grain: what it decides is applied at once, as its log does, and kept.</summary>
internal sealed class TestDeal
{
    public const long Start = 1_700_000_000_000;

    private readonly List<DealEvent> _log = [];

    public TestDeal(DealOptions? options = null, DealBook? book = null)
    {
        Options = options ?? new DealOptions();
        Book = book ?? new DealBook(Options);
        Rules = new DealRules(Book, Options);
    }

    public static UserId Host => new(1);

    public DealOptions Options { get; }

    public DealBook Book { get; }

    public DealRules Rules { get; }

    /// <summary>Every event raised, in order.</summary>
    public IReadOnlyList<DealEvent> Log => _log;

    public static DealTerms Terms(
        int stock, int perBuyer = 1, long? startsAt = Start, int seconds = 600, int payWithin = 60)
        => new(
            new RoomId(8), Host, "A lipstick", new Money(1_990, "CNY"), null, stock, perBuyer,
            startsAt, seconds, payWithin, DrawCondition.None);

    /// <summary>A deal that is open at <see cref="Start"/>.</summary>
    public static TestDeal Open(
        int stock, int perBuyer = 1, int seconds = 600, int payWithin = 60, DealOptions? options = null)
    {
        var deal = new TestDeal(options);
        Assert.Equal(CommandStatus.Done, deal.Prepare(Terms(stock, perBuyer, Start, seconds, payWithin)));
        deal.Advance(Start);
        return deal;
    }

    public CommandStatus Prepare(DealTerms terms, long deal = 7)
        => Do(events => Rules.Prepare(new DealId(deal), terms, Start, events));

    public BuyAnswer Buy(long buyer, int quantity, string key, long now, bool eligible = true)
        => Buy(now, new BuyOrder(new UserId(buyer), quantity, key, eligible))[0];

    public ImmutableArray<BuyAnswer> Buy(long now, params ImmutableArray<BuyOrder> orders)
    {
        Advance(now);
        var answers = Do(events => Rules.Buy(orders, now, events));
        Advance(now);
        return answers;
    }

    public CommandStatus Cancel(long buyer, int number, long now)
        => Then(now, events => Rules.Cancel(new UserId(buyer), number, now, events));

    public PayStatus Pay(long buyer, int number, string key, long now)
        => Then(now, events => Rules.Pay(new UserId(buyer), number, key, now, events));

    public void Settle(int number, int attempt, PaymentOutcome outcome, long now)
        => Then(now, events =>
        {
            Rules.Settle(number, attempt, new PaymentResult(outcome, "no"), now, events);
            return true;
        });

    public CommandStatus Begin(UserId by, long now) => Then(now, events => Rules.Begin(by, now, events));

    public CommandStatus End(UserId by, long now) => Then(now, events => Rules.End(by, now, events));

    /// <summary>What is due happens, until nothing is.</summary>
    public void Advance(long now)
    {
        for (var raised = 1; raised > 0;)
        {
            raised = Do(events =>
            {
                Rules.Advance(now, events);
                return events.Count;
            });
        }
    }

    /// <summary>The deal as another activation has it, from a snapshot as it is stored.</summary>
    public TestDeal Restored()
    {
        var json = JsonSerializer.Serialize(Book.ToStored(), DealJson.Journal.StoredDeal);
        var stored = JsonSerializer.Deserialize(json, DealJson.Journal.StoredDeal)!;
        var restored = new TestDeal(Options, new DealBook(Options, stored));
        restored._log.AddRange(_log);
        return restored;
    }

    /// <summary>The deal as it follows from its log as it is stored.</summary>
    public TestDeal Replayed()
    {
        var replayed = new TestDeal(Options);
        foreach (var raised in _log)
        {
            var json = JsonSerializer.Serialize(raised, DealJson.Journal.DealEvent);
            replayed.Book.Apply(JsonSerializer.Deserialize(json, DealJson.Journal.DealEvent)!);
            replayed._log.Add(raised);
        }

        return replayed;
    }

    /// <summary>All that is stored of it, as text.</summary>
    public string Stored() => JsonSerializer.Serialize(Book.ToStored(), DealJson.Journal.StoredDeal);

    private T Then<T>(long now, Func<List<DealEvent>, T> decide)
    {
        Advance(now);
        var result = Do(decide);
        Advance(now);
        return result;
    }

    private T Do<T>(Func<List<DealEvent>, T> decide)
    {
        var events = new List<DealEvent>();
        var result = decide(events);
        foreach (var raised in events)
        {
            Book.Apply(raised);
            _log.Add(raised);
        }

        return result;
    }
}
