using RedNote.Users;

namespace RedNote.Simulation.Groups;

/// <summary>A person's own inbox.</summary>
internal sealed partial class GroupPerson
{
    private async Task LookAtInbox(int number)
    {
        var groups = await Ask("looks into the inbox", inbox => inbox.Groups());
        foreach (var listed in groups)
        {
            world.Require(
                cast.Books.Exists(book => book.Id == listed && book.Log.Views.Any(view => view.Has(id))),
                $"{listed} is listed for {id}, who was never in it.");
        }

        var page = await Ask("looks what is new", inbox => inbox.Page(null, 50));
        var ids = page.Items.Select(item => item.Id).ToList();
        world.Require(
            ids.SequenceEqual(ids.Distinct().OrderDescending())
                && page.Items.Count(item => !item.Read) <= page.Unread,
            $"{id} is shown {string.Join(' ', page.Items)}, {page.Unread} not read.");
        if (number % 3 > 0 || page.Items.IsEmpty) return;
        await Ask("has seen it", inbox => inbox.MarkRead(page.Items[0].Id));
    }

    private Task<T> Ask<T>(string what, Func<IInboxGrain, Task<T>> call)
        => Calls.UntilAnswered(world, client, $"{id} {what}", grains => call(grains.Inbox(id)), static _ => true);
}
