using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>Edges of one direction (whom I follow, or who follows me) and their exact count.</summary>
public sealed class FollowBook
{
    private readonly SortedDictionary<long, FollowEdge> _edges = [];

    /// <summary>How many edges hold now.</summary>
    public int Count { get; private set; }

    public static FollowBook From(FollowDocument document)
    {
        var book = new FollowBook();
        foreach (var edge in document.Edges)
        {
            book.Set(edge);
        }

        return book;
    }

    public FollowDocument ToDocument() => new() { Edges = [.. _edges.Values] };

    public bool Holds(UserId user) => _edges.TryGetValue(user.Value, out var edge) && edge.On;

    public FollowEdge? Find(UserId user) => _edges.GetValueOrDefault(user.Value);

    /// <summary>Turns the edge to <paramref name="user"/> on or off under the next version, untold.</summary>
    public FollowEdge Turn(UserId user, bool on)
    {
        var edge = new FollowEdge(user, on, (Find(user)?.Version ?? 0) + 1, Told: false);
        Set(edge);
        return edge;
    }

    /// <summary>Takes over a change told by the other side; false if it is older than what is known.</summary>
    public bool Absorb(FollowerChange change)
    {
        if (Find(change.Follower) is { } known && known.Version >= change.Version)
        {
            return false;
        }

        Set(new FollowEdge(change.Follower, change.Follows, change.Version, Told: true));
        return true;
    }

    /// <summary>Notes that the other side knows <paramref name="edge"/>, unless it has changed since.</summary>
    public bool MarkTold(FollowEdge edge)
    {
        if (Find(edge.User) is not { Told: false } known || known.Version != edge.Version)
        {
            return false;
        }

        _edges[edge.User.Value] = known with { Told = true };
        return true;
    }

    public ImmutableArray<FollowEdge> Untold() => [.. _edges.Values.Where(edge => !edge.Told)];

    private void Set(FollowEdge edge)
    {
        Count += (edge.On ? 1 : 0) - (Holds(edge.User) ? 1 : 0);
        _edges[edge.User.Value] = edge;
    }
}
