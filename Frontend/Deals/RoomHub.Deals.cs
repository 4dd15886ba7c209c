using RedNote.Deals;
using RedNote.Frontend.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>What clients call to buy.</summary>
internal sealed partial class RoomHub
{
    /// <summary>
    /// Buys pieces of a deal. Every refusal is an answer; the same key again answers the order's present state. Only an
    /// unknown outcome is an error, <c>try_again</c>: the same key finds out.
    /// </summary>
    public async Task<BuyAnswer> Buy(string roomId, string dealId, BuyRequest? order)
    {
        var user = Visitor.User;
        if (!user.TryTakeBuy(out var retryAfter))
        {
            return TooFastToBuy(retryAfter);
        }

        if (!EntityId.TryParse<RoomId>(roomId, out var room) || !EntityId.TryParse<DealId>(dealId, out var deal)
            || order is not { Quantity: >= 1 and <= BuyOrder.MaxQuantity } || !TextRules.IsKey(order.Key))
        {
            return new BuyAnswer(BuyStatus.Invalid);
        }

        if (deals.Use(deal) is not { } port)
        {
            return deals.IsClosed ? throw OutcomeUnknown() : TooFastToBuy(deals.FullRetry);
        }

        var terms = await port.Terms();
        if (terms is null)
        {
            deals.Forget(port);
        }

        if (terms is null || terms.RoomId != room)
        {
            return new BuyAnswer(BuyStatus.NotFound);
        }

        if (port.RefuseForGood(user.Id) is { } refusal)
        {
            return metrics.Answered(refusal);
        }

        if (await user.Name() is not { } name)
        {
            return new BuyAnswer(BuyStatus.NotFound);
        }

        var isEligible = true;
        if (terms.Condition.Kind != DrawConditionKind.None)
        {
            (isEligible, var refused) = await Admit(room, deal, user.Id);
            if (refused is not null)
            {
                return metrics.Answered(refused);
            }
        }

        return metrics.Answered(
            await port.Buy(new BuyOrder(user.Id, order.Quantity, order.Key!, isEligible, BuyerName.Mask(name)))
            ?? throw OutcomeUnknown());
    }

    /// <summary>Asks the room whether the buyer meets the deal's condition, behind what the buyer has sent before.
    /// </summary>
    private async Task<(bool IsEligible, BuyAnswer? Refusal)> Admit(RoomId room, DealId deal, UserId buyer)
    {
        var port = ports.Use(room) ?? throw OutcomeUnknown();
        return await port.Gateway.Submit(new AdmitBuyer(deal) { User = buyer }) switch
        {
            BuyerAdmitted admitted => (admitted.IsEligible, null),
            Verdict { Reason: RejectReason.NotFound } => (false, new BuyAnswer(BuyStatus.NotFound)),
            Verdict { Reason: RejectReason.Invalid } => (false, new BuyAnswer(BuyStatus.Invalid)),
            Verdict { Reason: RejectReason.RateLimited } full
                => (false, new BuyAnswer(BuyStatus.RateLimited, RetryAfterMs: full.RetryAfterMs)),
            _ => throw OutcomeUnknown(),
        };
    }

    private static BuyAnswer TooFastToBuy(TimeSpan retryAfter)
        => new(BuyStatus.RateLimited, RetryAfterMs: Math.Max(1, (long)Math.Ceiling(retryAfter.TotalMilliseconds)));

    private static Microsoft.AspNetCore.SignalR.HubException OutcomeUnknown()
        => HubError.Of(RejectReason.TryAgain, "Whether it was ordered is not known; the same key finds out.");
}
