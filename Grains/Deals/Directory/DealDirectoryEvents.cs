using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>What happens to the list of deals; log <c>deal_directory</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(DealNumberTaken), "deal_directory.number_taken")]
[JsonDerivedType(typeof(DealListed), "deal_directory.listed")]
[JsonDerivedType(typeof(DealsUnlisted), "deal_directory.unlisted")]
public abstract record DealDirectoryEvent;

/// <summary>A number was given away; it follows the one before.</summary>
public sealed record DealNumberTaken(DealId DealId) : DealDirectoryEvent;

/// <summary>A deal is listed as of a version of its own log; it takes the place of an older card.</summary>
public sealed record DealListed(Deal Deal, long Version) : DealDirectoryEvent;

/// <summary>Deals are listed no more.</summary>
public sealed record DealsUnlisted(ImmutableArray<DealId> Deals) : DealDirectoryEvent;

[JsonSerializable(typeof(DealDirectoryEvent))]
[JsonSerializable(typeof(StoredDealDirectory))]
internal sealed partial class DealDirectoryJson : JsonSerializerContext
{
    public static DealDirectoryJson Journal { get; } = new(JournalJson.CreateOptions());
}
