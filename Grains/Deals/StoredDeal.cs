using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>The form in which snapshots hold a <see cref="DealBook"/>.</summary>
internal sealed record StoredDeal
{
    /// <summary>Null while the deal does not exist, as are its terms.</summary>
    public DealId? DealId { get; init; }

    public DealTerms? Terms { get; init; }

    public bool HasBegun { get; init; }

    public bool HasEnded { get; init; }

    public long? StartsAt { get; init; }

    public long? EndsAt { get; init; }

    /// <summary>See <see cref="OrderBook.Write"/>.</summary>
    public byte[] Orders { get; init; } = [];

    /// <summary>By order, and in the order of the attempts.</summary>
    public ImmutableArray<PaymentEntry> Payments { get; init; } = [];

    public ImmutableArray<DealSecond> Series { get; init; } = [];
}

/// <summary>The JSON of a deal's events and snapshots.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(DealEvent))]
[JsonSerializable(typeof(StoredDeal))]
[JsonSerializable(typeof(DealTerms))]
internal sealed partial class DealJson : JsonSerializerContext
{
    /// <summary>In the form of the journal.</summary>
    public static DealJson Journal { get; } = new(JournalJson.CreateOptions());
}
