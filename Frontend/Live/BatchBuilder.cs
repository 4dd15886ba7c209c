using System.Collections.Immutable;
using System.Runtime.InteropServices;
using RedNote.Live;
using PendingCommand =
    RedNote.Frontend.Live.Pending<RedNote.Live.RoomCommand, RedNote.Live.RoomAnswer>;

namespace RedNote.Frontend.Live;

/// <summary>
/// Gathers commands into one batch. A user's likes without a key are summed into one command, and so are the cheers for
/// one side of a PK; when the answer comes, each call gets its own share.
/// </summary>
internal sealed class BatchBuilder
{
    /// <summary>As many likes as a batch of calls could hold; what is more makes another command.</summary>
    private const int MaxSummedLikes = RoomBatch.MaxItems * LiveOptions.MaxLikesPerCall;

    private readonly List<PendingCommand> _pending = [];
    private readonly List<RoomCommand> _commands = [];
    private readonly List<int> _likes = [];
    private readonly HashSet<IAnswerTaker<RoomCommand, RoomAnswer>> _takers = [];
    private readonly Dictionary<(UserId User, PkId Pk, PkSide Side), int> _likeSlots = [];

    /// <summary>Calls in this batch; there can be more of them than commands.</summary>
    public int Count => _pending.Count;

    /// <summary>Takes a command, unless the batch is full.</summary>
    public bool TryAdd(PendingCommand pending)
    {
        return pending.Item switch
        {
            LikeRoom { Key: null } like => TryAddLikes(pending, like.Count, (like.User, default, default)),
            Cheer { Key: null } cheer => TryAddLikes(pending, cheer.Count, (cheer.User, cheer.PkId, cheer.Side)),
            _ => TryAddSlot(pending, 0),
        };
    }

    /// <summary>The commands to send.</summary>
    public ImmutableArray<RoomCommand> Build()
    {
        var commands = new RoomCommand[_commands.Count];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = _commands[i] switch
            {
                LikeRoom like when _likes[i] > like.Count => like with { Count = _likes[i] },
                Cheer cheer when _likes[i] > cheer.Count => cheer with { Count = _likes[i] },
                var command => command,
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(commands);
    }

    /// <summary>Answers every call and becomes empty. A null batch answer means an unknown outcome.</summary>
    public void Complete(BatchAnswer? answer)
    {
        CollectionsMarshal.AsSpan(_likes).Clear();
        foreach (var pending in _pending)
        {
            if (pending.Taker is { } taker)
            {
                _takers.Add(taker);
            }

            pending.Complete(answer is null
                ? Verdict.Reject(RejectReason.TryAgain)
                : Share(answer.Answers[pending.Slot], pending));
        }

        // Once for each, so that the answers of one connection go out together.
        foreach (var taker in _takers)
        {
            taker.Flush();
        }

        _takers.Clear();
        _pending.Clear();
        _commands.Clear();
        _likes.Clear();
        _likeSlots.Clear();
    }

    private bool TryAddLikes(PendingCommand pending, int count, (UserId User, PkId Pk, PkSide Side) of)
    {
        if (_likeSlots.TryGetValue(of, out var slot) && _likes[slot] + count <= MaxSummedLikes)
        {
            _likes[slot] += count;
            pending.Slot = slot;
            _pending.Add(pending);
            return true;
        }

        if (!TryAddSlot(pending, count))
        {
            return false;
        }

        _likeSlots[of] = pending.Slot;
        return true;
    }

    private bool TryAddSlot(PendingCommand pending, int likes)
    {
        if (_commands.Count == RoomBatch.MaxItems)
        {
            return false;
        }

        pending.Slot = _commands.Count;
        _commands.Add(pending.Item);
        _likes.Add(likes);
        _pending.Add(pending);
        return true;
    }

    /// <summary>Deals the counted likes out in the order of the calls.</summary>
    private RoomAnswer Share(RoomAnswer answer, PendingCommand pending)
    {
        var count = pending.Item switch
        {
            LikeRoom { Key: null } like => like.Count,
            Cheer { Key: null } cheer => cheer.Count,
            _ => 0,
        };
        if (answer is not LikesAccepted counted || count == 0)
        {
            return answer;
        }

        // From here on _likes counts what has been dealt out of each slot.
        var share = Math.Clamp(counted.Accepted - _likes[pending.Slot], 0, count);
        _likes[pending.Slot] += share;
        return share == counted.Accepted ? counted : new LikesAccepted(share);
    }
}
