using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Who said the pass-phrases of deals in the batch that is being decided.</summary>
internal sealed class DealDraft(DealShelf shelf, LiveRoomOptions options, long now)
{
    private Dictionary<DealId, HashSet<UserId>>? _said;

    /// <summary>Takes note of a danmaku that was accepted, merged or held, in case it is a pass-phrase.</summary>
    public void Said(UserId user, string text)
    {
        foreach (var deal in shelf.Listening)
        {
            if (deal.Listens(now) && !HasSaid(deal, user) && DrawPhrase.Matches(deal.Terms.Condition.Phrase!, text)
                && deal.Said + (Of(deal)?.Count ?? 0) < options.DealPhrases)
            {
                _said ??= [];
                if (!_said.TryGetValue(deal.Id, out var users))
                {
                    _said[deal.Id] = users = [];
                }

                users.Add(user);
            }
        }
    }

    public bool HasSaid(RoomDeal deal, UserId user)
        => deal.HasSaid(user) || (Of(deal) is { } users && users.Contains(user));

    public void AddTo(List<LiveRoomEvent> events)
    {
        if (_said is null)
        {
            return;
        }

        foreach (var deal in shelf.Listening)
        {
            if (Of(deal) is { } users)
            {
                events.Add(new DealPhraseSaid(now, deal.Id, [.. users.OrderBy(user => user.Value)]));
            }
        }
    }

    private HashSet<UserId>? Of(RoomDeal deal) => _said?.GetValueOrDefault(deal.Id);
}
