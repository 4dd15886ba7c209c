using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Embedded.Simulation;
using RedNote.Groups;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Simulation.Groups;

/// <summary>Compares logs, tables, answers and pages in the end with each other, when nothing goes wrong any more, and
/// again after all memory was lost.</summary>
internal sealed class GroupsCheck(
    SimulatedWorld world, SimulatedClient client, GroupCast cast, List<GroupPerson> people,
    List<GroupFrontEnd> frontEnds)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>More than it takes until marks are in the log.</summary>
    private static readonly TimeSpan Marking = TimeSpan.FromSeconds(4);

    private readonly List<(GroupBook Group, UserId User, long Mark)> _marks = [];
    private readonly List<StoredInbox> _inboxes = [.. people.Select(person => new StoredInbox(world, cast, person.Id))];

    public async Task Run()
    {
        await Until(() => Task.FromResult(PagesDiffer()));
        await Mark();
        await Until(() => Task.FromResult(
            _inboxes.Select(inbox => inbox.Missing()).FirstOrDefault(missing => missing is not null)));
        await Until(() => Task.FromResult(PagesDiffer()));
        await CheckAll();

        // Another silo, whose grains have only snapshots, logs and tables to go by, answers the same.
        world.Cluster.Kill(world.Cluster.Silo!);
        await world.Cluster.Calm();
        await CheckAll();
        CheckRecalled();
    }

    /// <summary>Members read something, and that is not lost, but by an activation that finds itself overtaken; then
    /// they read again.</summary>
    private async Task Mark()
    {
        for (var epochs = new List<long>(); !epochs.SequenceEqual(Epochs());)
        {
            epochs = [.. Epochs()];
            _marks.Clear();
            foreach (var group in cast.Books) await Mark(group);
            await Task.Delay(Marking, client.Node.Time);

            // An activation that took the place of one that was lost meanwhile has another epoch, once it is asked.
            foreach (var group in cast.Books) await Until(() => Overtaken(group));
        }

        IEnumerable<long> Epochs() => cast.Books.Select(group => group.Now.Epoch);
    }

    private async Task Mark(GroupBook group)
    {
        // The others leave something unread.
        foreach (var member in group.Now.Members.Values.Where(member => member.User % 2 == 0))
        {
            var (user, seq) = (new UserId(member.User), group.Now.LastSeq - (member.User % 4));
            group.Ask(user, seq);
            var mark = await Ask($"{user} has read {seq}", grains => grains.Group(group.Id).MarkRead(user, seq));
            if (mark is { } at) _marks.Add((group, user, at));
        }
    }

    /// <summary>An activation that was overtaken answers with its own epoch until it looks into its log, which it does
    /// now and then while it is asked.</summary>
    private async Task<string?> Overtaken(GroupBook group)
    {
        var answer = await Ask("news", grains => grains.Group(group.Id).NewsAfter(new GroupHead(0, 0)));
        return answer is null || answer.Head.Epoch == group.Now.Epoch
            ? null
            : $"{group.Id} answers as {answer.Head}, and its log is in epoch {group.Now.Epoch}";
    }

    /// <summary>Waits until there is nothing left to say.</summary>
    private async Task Until(Func<Task<string?>> whatIsMissing)
    {
        var end = world.Cluster.Loop.Now + Patience.Ticks;
        while (await whatIsMissing() is { } missing)
        {
            world.Require(world.Cluster.Loop.Now < end, $"Within {Patience} {missing}.");
            await Task.Delay(TimeSpan.FromSeconds(1), client.Node.Time);
        }
    }

    private string? PagesDiffer()
    {
        foreach (var place in frontEnds.SelectMany(frontEnd => frontEnd.Places))
        {
            var now = place.Group.Now;
            if (now.Has(place.User) != place.Page is not null)
                return $"the page of {place.User} in {place.Group.Id} is open: {place.Page is not null}";
            if (place.Page?.Compare(now) is { } difference)
                return $"the page of {place.User} in {place.Group.Id} {difference}";
        }

        return null;
    }

    private async Task CheckAll()
    {
        foreach (var group in cast.Books)
        {
            CheckTables(group);
            await CheckAnswers(group);
        }

        foreach (var inbox in _inboxes) await Until(() => Compare(inbox));
    }

    private async Task CheckAnswers(GroupBook group)
    {
        var now = group.Now;
        foreach (var person in people)
        {
            var oldest = group.Head;
            var opened = await Ask($"{person.Id}", grains => grains.Group(group.Id).Open(person.Id, 0));
            if (!cast.CheckOpened(group, Oldest(group, oldest), person.Id, 0, opened)) continue;
            var summary = (await Ask($"{person.Id}", grains => grains.Group(group.Id).Summary(person.Id)))!;
            var member = group.Now.Member(person.Id)!;
            world.Require(
                opened.Opened!.Group.LastSeq == now.LastSeq && summary.ReadSeq == member.Mark
                    && summary.Unread == now.Unread(person.Id, member.Mark)
                    && summary.UnreadMentions == now.UnreadCalls(person.Id, member.Mark),
                $"{person.Id} is shown {summary}, and it is {now.Unread(person.Id, member.Mark)} after {member}.");
            world.Require(
                opened.Opened.Members.Select(one => (one.UserId.Value, one.Role, one.ReadSeq, one.Points))
                    .SequenceEqual(group.Now.Members.Values.Select(one => (one.User, one.Role, one.Mark, one.Points))),
                $"{group.Id} shows members {string.Join(' ', opened.Opened.Members)}.");
        }

        foreach (var (_, user, mark) in _marks.Where(one => one.Group == group && one.Group.Now.Has(one.User)))
        {
            world.Require(
                group.Now.Member(user)!.Mark >= mark,
                $"{user} had read {mark}, and {group.Now.Member(user)} is stored.");
        }
    }

    /// <summary>What an inbox shows otherwise than it has taken; an activation that was overtaken learns of that in
    /// time.</summary>
    private async Task<string?> Compare(StoredInbox inbox)
    {
        inbox.Refresh();
        var before = inbox.Taken;
        var groups = await Ask($"{inbox.Owner}", grains => grains.Inbox(inbox.Owner).Groups());
        var page = await Ask(
            $"{inbox.Owner}", grains => grains.Inbox(inbox.Owner).Page(null, NotificationPage.MaxLimit));
        inbox.Refresh();
        var shown = page.Items.Sum(item => item.Count);
        return groups.Select(group => group.Value).Order().SequenceEqual(inbox.Groups)
            && before <= shown && shown <= inbox.Taken && !page.HasMore
            && page.Unread == page.Items.Count(item => !item.Read)
                ? null
                : $"{inbox.Owner} is shown {string.Join(' ', groups)} and {string.Join(' ', page.Items)}";
    }

    /// <summary>With all faults gone everybody knows the whole log, but an activation that was overtaken while reading.
    /// </summary>
    private static long Oldest(GroupBook group, long head) => Math.Max(group.Floor, head > 0 ? group.Oldest : 0);

    /// <summary>Tables say what the log says.</summary>
    private void CheckTables(GroupBook group)
    {
        var now = group.Now;
        var messages = Rows("group_messages", group);
        world.Require(
            messages.Select(row => (row.Values[0].Number, row.Values[1].Number, row.Values[2].Text!)).Order()
                .SequenceEqual(now.Messages.Select(message => (message.Seq, message.From, message.Key))),
            $"The table of {group.Id} has messages {string.Join(',', messages.Select(row => row.Values[0].Number))}.");
        foreach (var row in messages)
        {
            var stored = now.Message(row.Values[0].Number)!;
            world.Require(
                stored.Text is null || row.Values[6].Text == stored.Text,
                $"The table of {group.Id} has '{row.Values[6].Text}' for {stored}.");
        }

        var reactions = now.Messages.SelectMany(message => message.Reactions.SelectMany(
            own => own.Value.Select(user => (User: user, message.Seq, own.Key)))).Order();
        world.Require(
            Rows("group_reactions", group)
                .Select(row => (row.Values[0].Number, row.Values[1].Number, row.Values[2].Text!)).Order()
                .SequenceEqual(reactions),
            $"The table of {group.Id} has other reactions than {string.Join(' ', reactions)}.");
        var counts = now.Messages.SelectMany(message => message.Reactions.Select(
            own => (message.Seq, own.Key, (long)own.Value.Count))).Order();
        world.Require(
            Rows("group_reaction_counts", group)
                .Select(row => (row.Values[0].Number, row.Values[1].Text!, row.Values[2].Number)).Order()
                .SequenceEqual(counts),
            $"The table of {group.Id} counts other reactions than {string.Join(' ', counts)}.");
    }

    /// <summary>What was taken back is nowhere: in no table, no log (inboxes included) and no
    /// snapshot.</summary>
    private void CheckRecalled()
    {
        var everything = Everything();
        foreach (var group in cast.Books)
        {
            foreach (var (seq, text) in group.Log.Said.Where(said => group.Now.Message(said.Seq)!.Recalled))
            {
                var token = text.Split(' ')[0];
                foreach (var (where, what) in everything)
                {
                    world.Require(
                        !what.Contains(token, StringComparison.Ordinal),
                        $"{seq} of group {group.Id} was taken back, and '{token}' is in {where}.");
                }
            }
        }
    }

    private List<(string Where, string What)> Everything()
    {
        var found = new List<(string, string)>();
        foreach (var id in world.Journal.ListAsync(null, int.MaxValue, CancellationToken.None).GetAwaiter().GetResult())
        {
            var rows = world.Journal.ReadAsync(id, new VersionRange(1), int.MaxValue, CancellationToken.None)
                .GetAwaiter().GetResult();
            found.AddRange(rows.Select(row => ($"log {id}", Encoding.UTF8.GetString(row.Payload.Span))));
        }

        foreach (var table in Tables())
        {
            var texts = Query(new ProjectionQuery(table) { Limit = int.MaxValue })
                .SelectMany(row => row.Values.Select(value => value.Text ?? ""));
            found.Add(($"table {table.Name}", string.Join('\n', texts)));
        }

        found.AddRange(world.Cluster.States.Texts.Select(row => ($"state {row.State} of {row.Grain}", row.Text)));
        return found;
    }

    private IReadOnlyList<ProjectionRow> Rows(string table, GroupBook group)
        => Query(new ProjectionQuery(Tables().Single(one => one.Name == table))
        {
            Grain = group.Id.Value.ToString(CultureInfo.InvariantCulture),
            Limit = int.MaxValue,
        });

    private IReadOnlyList<ProjectionRow> Query(ProjectionQuery query)
        => world.Journal.QueryAsync(query, CancellationToken.None).GetAwaiter().GetResult();

    private IEnumerable<ProjectionTable> Tables() => JournalServices.ProjectionTables(
        world.Cluster.Silo!.Services.GetServices<IEventLogKind>());

    private Task<T> Ask<T>(string what, Func<IGrainFactory, Task<T>> call)
        => Calls.UntilAnswered(world, client, what, call, static _ => true);
}
