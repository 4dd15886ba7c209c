using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>Deals are not what these rooms are for.</summary>
internal sealed partial class FakeRoom
{
    public Task<DealOutcome> OpenDeal(OpenDeal command) => throw new NotSupportedException();

    public Task<ImmutableArray<Deal>?> Deals(UserId viewer) => throw new NotSupportedException();

    public Task ReportDeal(DealReport report) => throw new NotSupportedException();
}
