using System.Collections.Immutable;
using RedNote.Frontend.Live;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>
/// A group's news, sorted by who is to be told: bytes that are the same for everybody, made once, and what is for some
/// alone. Somebody who was taken out is told that, and nothing that happened after it.
/// </summary>
internal sealed class NewsItem
{
    private readonly GroupId _group;
    private readonly GroupNews _news;
    private readonly FrameEncoder _encoder;
    private readonly ImmutableArray<MemberChanged> _members;
    private readonly ImmutableArray<GroupEvent> _requests;
    private readonly Dictionary<UserId, GroupEvent>? _reads;

    /// <param name="group">Whose news they are.</param>
    /// <param name="news">As they came.</param>
    /// <param name="readsAreForAll">Whether everybody is told who has read what.</param>
    /// <param name="encoder">Makes the bytes.</param>
    public NewsItem(GroupId group, GroupNews news, bool readsAreForAll, FrameEncoder encoder)
    {
        (_group, _news, _encoder) = (group, news, encoder);
        var forAll = ImmutableArray.CreateBuilder<GroupEvent>(news.Events.Length);
        _members = [];
        _requests = [];
        foreach (var happened in news.Events)
        {
            if (happened is MessagesRead read && !readsAreForAll)
            {
                (_reads ??= [])[read.UserId] = read;
                continue;
            }

            if (happened is MemberChanged { Change: MemberChange.Requested })
            {
                _requests = _requests.Add(happened);
                continue;
            }

            if (happened is MemberChanged changed)
            {
                _members = _members.Add(changed);
            }

            forAll.Add(happened);
        }

        ForAll = forAll.Count == 0 ? null : new SharedEvents(group, forAll.DrainToImmutable(), encoder);
    }

    public StreamPlace Place => new(_news.Head.Epoch, _news.Head.Number);

    /// <summary>For everybody who has seen none of it; null: nothing.</summary>
    public SharedEvents? ForAll { get; }

    /// <summary>What somebody who has the messages up to <paramref name="seen"/> is told of what is for everybody.
    /// </summary>
    public SharedEvents? After(long seen)
    {
        if (ForAll is null || ForAll.FirstSeq == 0 || ForAll.FirstSeq > seen)
        {
            return ForAll;
        }

        var rest = ForAll.Events.RemoveAll(
            happened => happened is MessageSent { Message: var sent } && sent.Seq <= seen);
        return rest.IsEmpty ? null : new SharedEvents(_group, rest, _encoder);
    }

    /// <summary>What is for a member alone, or for those who decide who joins.</summary>
    public SharedEvents? ForOne(UserId user, bool decides)
    {
        GroupEvent? read = null;
        _reads?.TryGetValue(user, out read);
        var own = decides ? _requests : [];
        own = read is null ? own : own.Add(read);
        return own.IsEmpty ? null : new SharedEvents(_group, own, _encoder);
    }

    /// <summary>What the user's role is after it; null: as it was.</summary>
    public GroupRole? RoleOf(UserId user)
    {
        GroupRole? role = null;
        foreach (var changed in _members)
        {
            role = changed.UserId == user && changed.Role is { } now ? now : role;
        }

        return role;
    }

    /// <summary>If the user is a member no more: the last that the user is told. Null: still is.</summary>
    public SharedEvents? Farewell(UserId user, long seen)
    {
        foreach (var left in _members)
        {
            if (left.UserId == user && left.Change is MemberChange.Left or MemberChange.Removed)
            {
                var all = ForAll!.Events;
                return new SharedEvents(
                    _group,
                    [.. all[..(all.IndexOf(left) + 1)].Where(
                        happened => happened is not MessageSent { Message: var sent } || sent.Seq > seen)],
                    _encoder);
            }
        }

        return null;
    }
}
