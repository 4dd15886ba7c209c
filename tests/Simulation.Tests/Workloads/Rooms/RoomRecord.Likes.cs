using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>Likes: each counts once, whatever became of its answer.</summary>
internal abstract partial class RoomRecord
{
    private readonly Dictionary<(UserId User, string Key), LikeRequest> _keyedLikes = [];
    private long _likesWithoutKey;
    private long _likesOpen;

    /// <summary>Likes of which somebody was told that they count.</summary>
    public long LikesKnown { get; private set; }

    /// <summary>Judges the answer to likes; false when one should ask again.</summary>
    public bool Counted(LikeRequest likes, long known, RoomAnswer? answer)
    {
        World.Cluster.Note($"{Id}: {likes.Count} likes of {likes.User} with {likes.Key}: {Show(answer)}");
        Stored.Refresh();
        switch (answer)
        {
            case null or Verdict { Reason: RejectReason.TryAgain }:
                likes.IsOpen = true;
                return false;
            case Verdict { Status: VerdictStatus.Rejected, Reason: RejectReason.RateLimited }:
                return false;
            case LikesAccepted { Accepted: var accepted }:
                Require(accepted == likes.Count, $"{accepted} of {likes.Count} likes were counted");
                Require(likes.Shape is null, $"{likes.Count} likes with key {likes.Key} were counted");
                Count(likes);
                break;
            case Verdict { Status: VerdictStatus.Rejected, Reason: { } reason }:
                var isConflict = reason == RejectReason.Conflict && likes.Key is { } key
                    && Stored.Bound(likes.User, key) is { } bound && bound != likes.Content;
                Require(
                    reason == likes.Shape || isConflict
                        || (reason == RejectReason.NotLive && WasNotLive(known) && !IsBroken(likes.IsCounted))
                        || (reason == RejectReason.NotFound && WasAbsent(known)),
                    $"likes of {likes.User} were refused as {reason}");
                break;
            default:
                Violate($"{answer} is no answer to likes");
                break;
        }

        return true;
    }

    /// <summary>Likes are to be sent.</summary>
    public LikeRequest Like(UserId user, int count, string? key, RejectReason? shape)
    {
        var likes = new LikeRequest(user, count, key, shape);
        if (key is not null && shape is null) _keyedLikes.TryAdd((user, key), likes);
        return likes;
    }

    /// <summary>An outcome that nobody will ask for again.</summary>
    public void GiveUp(LikeRequest likes)
    {
        if (likes.Key is null && likes.IsOpen && !likes.IsCounted) _likesOpen += likes.Count;
    }

    /// <summary>What must hold of likes when nothing is under way any more.</summary>
    protected void CheckLikes()
    {
        var keyed = Stored.KeyedLikes;
        var without = Stored.Likes - keyed;
        Require(
            without >= _likesWithoutKey && without <= _likesWithoutKey + _likesOpen,
            $"{without} likes without a key are stored; {_likesWithoutKey} were counted, {_likesOpen} left open");
        foreach (var likes in _keyedLikes.Values)
        {
            var isStored = Stored.Bound(likes.User, likes.Key!) == likes.Content;
            Require(isStored || !likes.IsCounted, $"likes with key {likes.Key} of {likes.User} are lost");
            Require(!isStored || likes.IsCounted || likes.IsOpen, $"refused likes {likes.Key} are stored");
        }
    }

    protected static string Show(RoomAnswer? answer) => answer switch
    {
        null => "unknown",
        Verdict { Seq: { } seq } => $"accepted as {seq}",
        Verdict verdict => $"{verdict.Status} {verdict.Reason}",
        _ => answer.ToString()!,
    };

    private void Count(LikeRequest likes)
    {
        if (likes.Key is { } key)
        {
            Require(
                Stored.Bound(likes.User, key) == likes.Content, $"likes with key {key} are counted and not stored");
        }
        else
        {
            _likesWithoutKey += likes.Count;
        }

        if (!likes.IsCounted) LikesKnown += likes.Count;
        likes.IsCounted = true;
        Require(Stored.Likes >= LikesKnown, $"{LikesKnown} likes are counted, {Stored.Likes} stored");
    }
}

/// <summary>Likes that somebody sends.</summary>
internal sealed class LikeRequest(UserId user, int count, string? key, RejectReason? shape)
{
    public UserId User => user;

    public int Count => count;

    public string? Key => key;

    public RejectReason? Shape => shape;

    public string Content => $"likes {count}";

    public bool IsCounted { get; set; }

    public bool IsOpen { get; set; }

    public bool IsUnsettled => IsOpen && !IsCounted && key is not null;
}
