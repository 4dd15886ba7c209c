using System.Collections.Immutable;
using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>
/// One group, and all that is known of it: its log, what was acknowledged, and how far its members said that they had
/// read. Judges answers: each has to be true of a version of the log that the group may have known.
/// </summary>
internal sealed partial class GroupBook(SimulatedWorld world, GroupId id, GroupOptions options)
{
    private readonly Dictionary<UserId, long> _asked = [];
    private readonly StoredGroupLog _log = new(world, id, options);

    public GroupId Id => id;

    public StoredGroupLog Log
    {
        get
        {
            _log.Refresh();
            return _log;
        }
    }

    public GroupView Now => Log.Now;

    public long Head => Log.Head;

    /// <summary>The version that whoever answers from now on has to know: something of it was acknowledged.</summary>
    public long Floor { get; private set; }

    /// <summary>The oldest version that may be shown to who asks now. A second activation may be behind.</summary>
    public long Oldest => world.Cluster.WasShared ? 0 : Floor;

    /// <summary>What was acknowledged was so, at some time since it was asked for, and stays known.</summary>
    public void Acknowledge(long asked, string what, Func<GroupView, bool> isSo)
    {
        var views = Log.Views;
        for (var version = asked; version < views.Count; version++)
        {
            if (!isSo(views[(int)version])) continue;
            Floor = Math.Max(Floor, version);
            return;
        }

        world.Violate($"Group {id}: {what}; its log has it nowhere from {asked} to {views.Count - 1}.");
    }

    /// <summary>What was shown was so at some time.</summary>
    /// <param name="oldest">As <see cref="Oldest"/> was when it was asked for.</param>
    /// <param name="what">What was shown.</param>
    /// <param name="isSo">Whether it was.</param>
    public void Judge(long oldest, string what, Func<GroupView, bool> isSo)
    {
        if (!Was(oldest, isSo))
            world.Violate($"Group {id}: {what}; that was never so from {oldest} to {Head}: {Now}.");
    }

    /// <summary>As <see cref="Judge(long, string, Func{GroupView, bool})"/>, for who has much to ask: what was shown is
    /// put into words only when it was not so.</summary>
    public bool Was(long oldest, Func<GroupView, bool> isSo)
    {
        var views = Log.Views;
        for (var version = views.Count - 1; version >= oldest; version--)
            if (isSo(views[version])) return true;
        return false;
    }

    /// <summary>A message was shown to a reader.</summary>
    public void Judge(long oldest, UserId reader, Message shown)
    {
        if (!Was(oldest, view => view.Message(shown.Seq) is { } message && message.Matches(shown)))
            Judge(oldest, $"{reader} is shown {shown}", static _ => false);
        if (shown.MyReactions is not { } mine) return;
        Judge(
            oldest, $"{reader} is shown {string.Join(' ', mine)} as their own under {shown.Seq}",
            view => view.Message(shown.Seq) is { } message && message.Reactions
                .Where(own => own.Value.Contains(reader.Value)).Select(own => own.Key)
                .SequenceEqual(mine.Order(StringComparer.Ordinal)));
    }

    /// <summary>A member says to have read up to there.</summary>
    public void Ask(UserId user, long seq) => _asked[user] = Math.Max(seq, _asked.GetValueOrDefault(user));

    /// <summary>Whether a member's mark may be there: not behind the log, and not further than the member went.
    /// </summary>
    public bool MayBe(GroupView view, UserId user, long mark)
    {
        if (view.Member(user) is not { } member || mark < member.Mark || mark > view.LastSeq) return false;
        for (var seq = mark; seq > Math.Max(member.Mark, _asked.GetValueOrDefault(user)); seq--)
            if (view.Message(seq)!.From != user.Value) return false;
        return true;
    }

    /// <summary>Whether a member may have read up to there.</summary>
    public bool MayHaveRead(GroupView view, MemberView member, long seq)
    {
        var furthest = Math.Max(member.Mark, Math.Min(view.LastSeq, _asked.GetValueOrDefault(new UserId(member.User))));
        while (furthest < seq && view.Message(furthest + 1)!.From == member.User) furthest++;
        return furthest >= seq;
    }

    /// <summary>Whether a member may be shown like that.</summary>
    public bool Matches(GroupView view, GroupMember shown)
        => view.Member(shown.UserId) is { } member && member.Role == shown.Role && member.Name == shown.Name
            && member.JoinedAt == shown.JoinedAt && member.Points == shown.Points
            && (shown.MutedUntil is null || shown.MutedUntil == member.MutedUntil)
            && MayBe(view, shown.UserId, shown.ReadSeq);

    /// <summary>Whether the group may be shown to a reader like that.</summary>
    public static bool Matches(GroupView view, UserId reader, Group shown)
    {
        var me = view.Member(reader);
        return shown.Kind == view.Kind && shown.Members == view.Members.Count && shown.MyRole == me?.Role
            && shown.JoinPolicy == view.JoinPolicy
            && shown.LastSeq == (me is null ? 0 : view.LastSeq)
            && shown.Announcement?.Text == (me is null ? null : view.Announcement)
            && (shown.MutedUntil is null || shown.MutedUntil == me?.MutedUntil)
            && (view.IsDirect
                ? shown.Name == view.Members.Values.FirstOrDefault(other => other.User != reader.Value)?.Name
                : shown.Name == view.Name
                    && shown.OwnerId?.Value
                        == view.Members.Values.FirstOrDefault(one => one.Role == GroupRole.Owner)?.User);
    }
}
