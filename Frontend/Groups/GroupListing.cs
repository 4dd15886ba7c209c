using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>Gathers a user's groups: which they are says the inbox, and each says how it is with the user.</summary>
internal sealed class GroupListing(IGrainFactory grains, IOptions<GroupPortOptions> options)
{
    public async Task<ImmutableArray<ListedGroup>> Of(UserId user)
    {
        var ids = await grains.Inbox(user).Groups();
        ids = ids.Length <= options.Value.ListedGroups ? ids : ids[..options.Value.ListedGroups];
        var summaries = await Parallelly.Map(
            ids, options.Value.ParallelCalls, group => grains.Group(group).Summary(user));

        // The inbox is told of a change after the group: who has just left is in the one and not in the other.
        return [.. summaries.OfType<GroupSummary>()
            .OrderByDescending(summary => summary.LastMessage?.At ?? summary.Group.CreatedAt)
            .ThenBy(summary => summary.Group.GroupId.Value)
            .Select(summary => new ListedGroup(summary))];
    }
}

/// <summary>Asks many things, a few at a time.</summary>
internal static class Parallelly
{
    /// <summary>Answers in the order of the items.</summary>
    public static async Task<TAnswer[]> Map<TItem, TAnswer>(
        IReadOnlyList<TItem> items, int width, Func<TItem, Task<TAnswer>> ask)
    {
        var answers = new TAnswer[items.Count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(width, items.Count)).Select(_ => Work()));
        return answers;

        async Task Work()
        {
            for (var at = Interlocked.Increment(ref next); at < items.Count; at = Interlocked.Increment(ref next))
            {
                answers[at] = await ask(items[at]);
            }
        }
    }
}
