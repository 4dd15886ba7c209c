using Microsoft.Extensions.Options;
using RedNote.Frontend.Groups;
using RedNote.Groups;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>Puts together what a user's inbox knows of messages and what the groups know of the user's reading.
/// </summary>
internal sealed partial class NoticeListing(
    IGrainFactory grains, IOptions<NoticeOptions> options, ILogger<NoticeListing> logger)
{
    public async Task<NotificationList> Page(UserId user, long? after, int limit)
    {
        var page = await grains.Inbox(user).Page(after, limit);
        var groups = page.UnreadMessages.Reverse().Select(message => message.GroupId).Distinct()
            .Take(options.Value.AskedGroups).ToList();
        var asked = await Parallelly.Map(groups, options.Value.ParallelCalls, group => Ask(group, user));
        var summaries = asked.OfType<GroupSummary>().ToDictionary(summary => summary.Group.GroupId);
        var read = page.UnreadMessages
            .Where(message => summaries.GetValueOrDefault(message.GroupId)?.ReadSeq >= message.Seq)
            .Select(message => message.Id).ToHashSet();
        var items = await Parallelly.Map(
            page.Items, options.Value.ParallelCalls, item => WithText(Merge(item, read, summaries), user));
        return new NotificationList([.. items], page.Unread - read.Count, page.HasMore);
    }

    /// <summary>What a message says, its group is asked for: it may have been changed since, or taken back.</summary>
    private async Task<Notification> WithText(Notification item, UserId user)
    {
        if (item is not { GroupId: { } group, Seq: { } seq })
        {
            return item;
        }

        try
        {
            var found = await grains.Group(group).Messages(user, new MessageQuery(seq + 1, null, 1));
            var text = found.Page?.Items.FirstOrDefault(message => message.Seq == seq)?.Text;
            return item with { Text = string.IsNullOrEmpty(text) ? null : NewNotice.Beginning(text) };
        }
        catch (Exception error)
        {
            LogNotAsked(logger, group, error);
            return item;
        }
    }

    /// <summary>A group is told of once while its member is away, so what has come since it says itself.</summary>
    private static Notification Merge(
        Notification item, HashSet<long> read, Dictionary<GroupId, GroupSummary> summaries)
    {
        if (read.Contains(item.Id))
        {
            return item with { Read = true };
        }

        return item is { Kind: NoticeKind.Group, Read: false, GroupId: { } group }
            && summaries.TryGetValue(group, out var summary) && summary.Unread > 0
            ? item with { Count = (int)Math.Min(summary.Unread, int.MaxValue) }
            : item;
    }

    /// <summary>Null: not a member, or the group does not answer; its notifications are shown all the same.</summary>
    private async Task<GroupSummary?> Ask(GroupId group, UserId user)
    {
        try
        {
            return await grains.Group(group).Summary(user);
        }
        catch (Exception error)
        {
            LogNotAsked(logger, group, error);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Group {Group} could not be asked about a user's notifications.")]
    private static partial void LogNotAsked(ILogger logger, GroupId group, Exception error);
}
