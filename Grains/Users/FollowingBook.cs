namespace RedNote.Users;

/// <summary>Whom a user follows. A follow bears the number it was begun with, so that an answer that comes late is
/// not taken for one to a newer follow of the same user.</summary>
public sealed class FollowingBook
{
    private readonly Dictionary<long, long> _numbers = [];

    /// <summary>How many users are followed.</summary>
    public int Count => _numbers.Count;

    /// <summary>Number of the follow that was begun last; 0 before the first.</summary>
    public long LastNumber { get; private set; }

    public bool Holds(UserId user) => _numbers.ContainsKey(user.Value);

    /// <summary>The number of the follow that holds; 0: none does.</summary>
    public long NumberOf(UserId user) => _numbers.GetValueOrDefault(user.Value);

    public void Begin(UserId user, long number)
    {
        _numbers[user.Value] = number;
        LastNumber = Math.Max(LastNumber, number);
    }

    public void End(UserId user) => _numbers.Remove(user.Value);

    /// <summary>Ends that very follow; a newer one of the same user stays.</summary>
    public void TakeBack(UserId user, long number)
    {
        if (NumberOf(user) == number)
        {
            End(user);
        }
    }

    /// <summary>For a snapshot; in the order in which they were begun.</summary>
    public FollowingDocument ToDocument()
    {
        var ordered = _numbers.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key).ToList();
        return new FollowingDocument
        {
            Users = [.. ordered.Select(pair => pair.Key)],
            Numbers = [.. ordered.Select(pair => pair.Value)],
            LastNumber = LastNumber,
        };
    }

    public static FollowingBook From(FollowingDocument document)
    {
        var book = new FollowingBook { LastNumber = document.LastNumber };
        foreach (var (user, number) in document.Users.Zip(document.Numbers))
        {
            book._numbers.Add(user, number);
        }

        return book;
    }
}
