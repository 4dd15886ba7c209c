using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Limits;

namespace RedNote.Frontend.Users;

/// <summary>
/// The users who are connected to this front end. One who has left is kept for a while, as reconnecting must not
/// refill an allowance.
/// </summary>
internal sealed class UserPresences(IGrainFactory grains, TimeProvider time, IOptions<LimitOptions> limits)
{
    /// <summary>Longer than any hub allowance takes to fill up again.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<UserId, UserPresence> _users = new();

    public int Count => _users.Count;

    /// <summary>Called, outside of all locks, when a user's first connection has come or the last has gone; which of
    /// the two it was <see cref="Find"/> says.</summary>
    public Action<UserId> Changed { get; set; } = static _ => { };

    public UserPresence Enter(UserId user)
    {
        while (true)
        {
            var presence = _users.GetOrAdd(user, id => new UserPresence(id, grains, time, limits.Value, Changed));
            if (presence.TryEnter())
            {
                return presence;
            }
        }
    }

    /// <summary>The user, if connected here.</summary>
    public UserPresence? Find(UserId user)
        => _users.TryGetValue(user, out var presence) && presence.IsHere ? presence : null;

    /// <summary>A user changed the name on this front end; what is sent from now on bears the new one.</summary>
    public void Renamed(UserId user, string name)
    {
        if (_users.TryGetValue(user, out var presence))
        {
            presence.Renamed(name);
        }
    }

    /// <summary>Forgets who has been away for long enough. Called now and then.</summary>
    public void Sweep()
    {
        foreach (var (user, presence) in _users)
        {
            if (presence.TryRetire(Linger))
            {
                _users.TryRemove(new KeyValuePair<UserId, UserPresence>(user, presence));
            }
        }
    }
}
