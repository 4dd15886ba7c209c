using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// The users with most points, exactly: points only grow, so that nobody who was passed over can come in without a
/// change of the own points. Equals are in order of id.
/// </summary>
public sealed class TopFans(int most)
{
    private readonly List<(UserId User, long Points)> _ranked = [];

    /// <summary>The first first.</summary>
    public IReadOnlyList<(UserId User, long Points)> Ranked => _ranked;

    public void Changed(UserId user, long points)
    {
        if (points <= 0 || (_ranked.Count == most && IsBefore(_ranked[^1], (user, points))))
        {
            return;
        }

        var at = _ranked.FindIndex(fan => fan.User == user);
        if (at >= 0)
        {
            _ranked.RemoveAt(at);
        }

        var place = _ranked.Count;
        while (place > 0 && IsBefore((user, points), _ranked[place - 1]))
        {
            place--;
        }

        _ranked.Insert(place, (user, points));
        if (_ranked.Count > most)
        {
            _ranked.RemoveAt(most);
        }
    }

    /// <summary>The first of these and of others, who have that many points now.</summary>
    public ImmutableArray<(UserId User, long Points)> With(IEnumerable<(UserId User, long Points)> others)
    {
        var both = new TopFans(most);
        foreach (var (user, points) in _ranked.Concat(others))
        {
            both.Changed(user, points);
        }

        return [.. both._ranked];
    }

    private static bool IsBefore((UserId User, long Points) left, (UserId User, long Points) right)
        => left.Points != right.Points ? left.Points > right.Points : left.User.Value < right.User.Value;
}
