using System.Text.Json;

namespace RedNote.Simulation.Groups;

/// <summary>
/// A user's inbox log, read as JSON and held against what the logs of groups owe to it: nothing else is taken, nothing
/// twice, and in the end what had to be taken was.
/// </summary>
internal sealed class StoredInbox(SimulatedWorld world, GroupCast cast, UserId user)
    : StoredLog(world, "inbox", user.Value)
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["mention"] = "mention",
        ["reply"] = "reply",
        ["direct"] = "direct",
        ["group"] = "group",
        ["group_joined"] = "joined",
        ["group_removed"] = "removed",
        ["group_role"] = "role",
        ["join_request"] = "request",
    };

    private readonly HashSet<(string Source, long Version)> _taken = [];
    private readonly SortedDictionary<long, (bool IsMember, long Version)> _groups = [];

    public UserId Owner => user;

    /// <summary>Notices that were taken.</summary>
    public int Taken => _taken.Count;

    /// <summary>The groups that the user is in, as this log has it.</summary>
    public IEnumerable<long> Groups => _groups.Where(group => group.Value.IsMember).Select(group => group.Key);

    /// <summary>What is owed and is not here; null: nothing is.</summary>
    public string? Missing()
    {
        Refresh();
        var member = cast.Books.Where(book => book.Now.Has(user)).Select(book => book.Id.Value).ToList();
        if (!Groups.SequenceEqual(member))
            return $"{user} is in {string.Join(' ', member)}, and the inbox says in {string.Join(' ', Groups)}";
        foreach (var book in cast.Books)
        {
            foreach (var owed in book.Log.Owed.Where(owed => owed.User == user.Value && IsDue(book, owed)))
            {
                if (!_taken.Contains(($"group/{book.Id}", owed.Version)))
                    return $"{user} was not told of {owed} in {book.Id}";
            }
        }

        return null;
    }

    protected override void Take(long version, string kind, JsonElement stored)
    {
        switch (kind)
        {
            case "inbox.membership_changed":
                Change(Id(stored, "groupId"), Flag(stored, "isMember"), Number(stored, "version"));
                break;
            case "inbox.notice_taken":
                Take(stored.GetProperty("notice"));
                break;
        }
    }

    private void Change(long group, bool isMember, long version)
    {
        var book = cast.Books.Find(one => one.Id.Value == group)!;
        Require(
            version > _groups.GetValueOrDefault(group).Version
                && book.Log.Owed.Contains((user.Value, isMember ? "member" : "gone", 0, version)),
            $"takes it that being in {group} is {isMember} by {version}, after {_groups.GetValueOrDefault(group)}");
        _groups[group] = (isMember, version);
    }

    private void Take(JsonElement notice)
    {
        var (source, version, kind) = (Text(notice, "source")!, Number(notice, "version"), Text(notice, "kind")!);
        Require(_taken.Add((source, version)), $"takes {notice} twice");
        var book = cast.Books.Find(one => $"group/{one.Id}" == source)!;
        var seq = OptionalNumber(notice, "seq") ?? 0;
        Require(
            book.Log.Owed.Contains((user.Value, Kinds[kind], seq, version)), $"takes {notice}, which nobody owes");
    }

    /// <summary>Of a message that was read, or taken back, nobody has to be told any more.</summary>
    private static bool IsDue(GroupBook book, (long User, string Kind, long Seq, long Version) owed)
        => owed.Kind is not ("member" or "gone")
            && (owed.Seq == 0 || (book.Now.Message(owed.Seq) is { Recalled: false }
                && book.Now.Members.TryGetValue(owed.User, out var member)
                && !book.MayHaveRead(book.Now, member, owed.Seq)));

    private void Require(bool holds, string otherwise) => World.Require(holds, $"The inbox of {user} {otherwise}.");
}
