using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>The logs of deals and of their list.</summary>
internal static class DealServices
{
    /// <summary>Name of the log; it is in databases.</summary>
    public const string Log = "deal";

    /// <summary>Name of the log of the list; it is in databases.</summary>
    public const string DirectoryLog = "deal_directory";

    /// <summary>The receiver that stands for the end of a deal and of all that follows from it; it is in databases.
    /// </summary>
    public const string OwedEnd = "end";

    public static IServiceCollection AddDeals(this IServiceCollection services)
    {
        services.TryAddSingleton<IPaymentProvider, SandboxPayments>();
        services.AddEventLog(_ => DefineDirectory());
        return services.AddEventLog(provider => Define(provider.GetRequiredService<IOptions<DealOptions>>().Value));
    }

    internal static EventLogDefinition<DealBook, DealEvent> Define(DealOptions options) => new()
    {
        Name = Log,
        Create = () => new DealBook(options),
        Event = DealJson.Journal.DealEvent,
        Snapshot = new SnapshotForm<DealBook, StoredDeal>(
            DealJson.Journal.StoredDeal, book => book.ToStored(), stored => new DealBook(options, stored)),
        Projections = [new DealOrders(), new DealOrderEnds(), new DealTermsRows()],
        Effects = Owed,
        Wake = (grains, key) => grains.Deal(new DealId(long.Parse(key, CultureInfo.InvariantCulture))).DeliverEffects(),
    };

    internal static EventLogDefinition<DealDirectoryState, DealDirectoryEvent> DefineDirectory() => new()
    {
        Name = DirectoryLog,
        Create = () => new DealDirectoryState(),
        Event = DealDirectoryJson.Journal.DealDirectoryEvent,
        Snapshot = new SnapshotForm<DealDirectoryState, StoredDealDirectory>(
            DealDirectoryJson.Journal.StoredDealDirectory,
            state => state.ToStored(),
            stored => new DealDirectoryState(stored)),
    };

    /// <summary>
    /// A deal owes its end: from when time works on it until everything is over, settled, and told to its room. So it
    /// is woken after a crash, and when its time has come, though nobody asks for it. One that waits for its host's
    /// word is not.
    /// </summary>
    private static IEnumerable<EffectDraft> Owed(DealEvent raised) => raised switch
    {
        DealPrepared { Terms.StartsAt: not null } or DealBegan or DealEnded or RefundOwed
            => [new EffectDraft(OwedEnd, "{}")],
        _ => [],
    };
}
