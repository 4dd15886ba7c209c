using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Users;

/// <summary>Names of users who need not be connected here, each asked for at most once in
/// <see cref="LiveOptions.NameMaxAge"/> however many people look.</summary>
internal sealed class UserNames(IGrainFactory grains, TimeProvider time, IOptions<LiveOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, Known> _known = [];

    /// <summary>In order of asking; also of those that were asked for again since.</summary>
    private readonly Queue<(UserId User, Known Known)> _order = new();

    /// <summary>Names that are known or on their way.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>The user's name, or null if there is no such user.</summary>
    public Task<string?> Of(UserId user)
    {
        lock (_gate)
        {
            Expire();
            if (!_known.TryGetValue(user, out var known) || known.Name.IsFaulted || known.Name.IsCanceled)
            {
                known = new Known(Ask(user), time.GetTimestamp());
                _known[user] = known;
                _order.Enqueue((user, known));
            }

            return known.Name;
        }
    }

    private async Task<string?> Ask(UserId user) => (await grains.User(user).Profile(null))?.Name;

    /// <summary>Forgets what is old, and the oldest if it is too many.</summary>
    private void Expire()
    {
        while (_order.TryPeek(out var oldest)
            && (_order.Count >= options.Value.Names
                || time.GetElapsedTime(oldest.Known.AskedAt) >= options.Value.NameMaxAge))
        {
            _order.Dequeue();
            if (_known.GetValueOrDefault(oldest.User) == oldest.Known)
            {
                _known.Remove(oldest.User);
            }
        }
    }

    private sealed record Known(Task<string?> Name, long AskedAt);
}
