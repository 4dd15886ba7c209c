using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace RedNote.Groups;

/// <summary>The members of a group, in order of their ids.</summary>
internal sealed class MemberBook
{
    private readonly Dictionary<UserId, MemberEntry> _members = [];
    private readonly List<long> _ids = [];

    public int Count => _ids.Count;

    public UserId? Owner { get; private set; }

    /// <summary>In order of ids.</summary>
    public IEnumerable<MemberEntry> All => _ids.Select(id => _members[new UserId(id)]);

    public MemberEntry? Find(UserId user) => _members.GetValueOrDefault(user);

    public bool TryFind(UserId user, [NotNullWhen(true)] out MemberEntry? member)
        => _members.TryGetValue(user, out member);

    public void Add(MemberEntry member)
    {
        var place = _ids.BinarySearch(member.UserId.Value);
        if (place < 0)
        {
            _ids.Insert(~place, member.UserId.Value);
        }

        _members[member.UserId] = member;
        Owner = member.Role == GroupRole.Owner ? member.UserId : Owner;
    }

    public void Remove(UserId user)
    {
        if (_members.Remove(user))
        {
            _ids.RemoveAt(_ids.BinarySearch(user.Value));
            Owner = Owner == user ? null : Owner;
        }
    }

    /// <summary>Gives a role; the owner before is an admin when there is another.</summary>
    public void Give(UserId user, GroupRole role)
    {
        if (!_members.TryGetValue(user, out var member))
        {
            return;
        }

        if (role == GroupRole.Owner)
        {
            if (Owner is { } before && before != user)
            {
                _members[before].Role = GroupRole.Admin;
            }

            Owner = user;
        }

        member.Role = role;
    }

    /// <summary>Members after that user, at most so many.</summary>
    public List<MemberEntry> After(UserId user, int limit)
    {
        var place = _ids.BinarySearch(user.Value);
        var first = place < 0 ? ~place : place + 1;
        return [.. _ids.Skip(first).Take(limit).Select(id => _members[new UserId(id)])];
    }

    public ImmutableArray<StoredMember> ToStored() => [.. All.Select(member => member.ToStored())];
}
