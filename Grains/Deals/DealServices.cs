using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>The log of deals.</summary>
internal static class DealServices
{
    /// <summary>Name of the log; it is in databases.</summary>
    public const string Log = "deal";

    public static IServiceCollection AddDeals(this IServiceCollection services)
    {
        services.TryAddSingleton<IPaymentProvider, SandboxPayments>();
        return services.AddEventLog(provider => Define(provider.GetRequiredService<IOptions<DealOptions>>().Value));
    }

    internal static EventLogDefinition<DealBook, DealEvent> Define(DealOptions options) => new()
    {
        Name = Log,
        Create = () => new DealBook(options),
        Event = DealJson.Journal.DealEvent,
        Snapshot = new SnapshotForm<DealBook, StoredDeal>(
            DealJson.Journal.StoredDeal, book => book.ToStored(), stored => new DealBook(options, stored)),
    };
}
