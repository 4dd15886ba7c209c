using Microsoft.Extensions.DependencyInjection;
using RedNote.Groups;
using RedNote.Live;
using RedNote.Silo.Tests.Journal;
using Silos = RedNote.Silo.Tests.TwoSilos.TwoSilos;

namespace RedNote.Silo.Tests.Groups;

/// <summary>A group on a silo over a real database, through a restart.</summary>
public abstract class GroupStorageTests
{
    private static readonly UserId Ann = new(1);
    private static readonly UserId Bea = new(2);
    private static readonly GroupId Id = new(77);

    private protected abstract Task<RedNoteOptions> Storage();

    [Fact]
    public async Task Group_AfterARestart_IsAsItWas()
    {
        var options = await Storage();
        MessagePage before;
        await using (var silos = new Silos(options))
        {
            var group = (await silos.Start()).GetRequiredService<IGrainFactory>().Group(Id);
            await Talk(group);
            before = await History(group);
            await CheckSearch(group);
        }

        await using var again = new Silos(options);
        var grains = (await again.Start()).GetRequiredService<IGrainFactory>();
        var reborn = grains.Group(Id);
        var after = await History(reborn);
        Assert.Equal(before.Items.Select(Text), after.Items.Select(Text));
        await CheckSearch(reborn);
        Assert.Equal(1, (await reborn.Send(Message(Ann, "周末去爬山吗？", "k1"))).Seq);
        Assert.Equal(GroupReason.Conflict, (await reborn.Send(Message(Ann, "another", "k1"))).Reason);
        Assert.Equal(6, (await reborn.Send(Message(Bea, "见", "k6"))).Seq);
        Assert.Equal(CommandStatus.NotFound, (await reborn.Poll(new PollId(5), Bea)).Status);
        Assert.Equal([Id], await grains.Inbox(Bea).Groups());
        Assert.Equal("", await again.Verify());
    }

    private static async Task Talk(IGroupGrain group)
    {
        var made = await group.Create(new CreateGroup(
            Ann, "Ann", GroupKind.Group, "徒步", JoinPolicy.Open, [new NewMember(Bea, "Bea")], "token"));
        Assert.Equal(CommandStatus.Done, made.Status);
        Assert.Equal(1, (await group.Send(Message(Ann, "周末去爬山吗？", "k1"))).Seq);
        Assert.Equal(2, (await group.Send(Message(Bea, "去 hiking tomorow", "k2") with { ReplyTo = 1 })).Seq);
        Assert.Equal(1, (await group.Send(Message(Ann, "周末去爬山吗？", "k1"))).Seq);
        Assert.Equal(SendStatus.Accepted, (await group.Edit(Bea, 2, "去 hiking tomorrow")).Status);
        Assert.Equal(3, (await group.Send(Message(Ann, "记得带伞", "k3"))).Seq);
        Assert.Equal(SendStatus.Accepted, (await group.Recall(Ann, 3)).Status);
        Assert.Equal(SendStatus.Accepted, (await group.React(Bea, new Reaction(1, "👍", On: true))).Status);
        var poll = new OpenPoll(
            new PollId(5), "去哪座山？", ["香山", "泰山"], Multiple: false, Anonymous: false, 600, "p1");
        Assert.Equal(4, (await group.OpenPoll(Bea, "Bea", poll)).Seq);
        Assert.Equal(VerdictStatus.Accepted, (await group.Vote(Ann, poll.PollId, 1)).Status);
        Assert.Equal(SendStatus.Accepted, (await group.Recall(Bea, 4)).Status);
        Assert.Equal(5, (await group.Send(Message(Ann, "好", "k5"))).Seq);
    }

    private static async Task CheckSearch(IGroupGrain group)
    {
        Assert.Equal([1L], await Found("山"));
        Assert.Equal([1L], await Found("爬山"));
        Assert.Equal([2L], await Found("TOMORROW"));
        Assert.Equal([2L, 1], await Found("去"));
        foreach (var gone in new[] { "伞", "tomorow", "泰" })
        {
            Assert.Empty(await Found(gone));
        }

        async Task<IEnumerable<long>> Found(string words)
            => (await group.Search(Bea, new SearchQuery(words, null, 50))).Page!.Items.Select(message => message.Seq);
    }

    private static async Task<MessagePage> History(IGroupGrain group)
    {
        var page = (await group.Messages(Bea, new MessageQuery(null, 0, 200))).Page!;
        Assert.Equal([1L, 2, 3, 4, 5], page.Items.Select(message => message.Seq));
        Assert.Equal((1, "去 hiking tomorrow"), (page.Items[0].Reactions!["👍"], page.Items[1].Text));
        Assert.Equal((true, "", true, ""), (
            page.Items[2].Recalled, page.Items[2].Text, page.Items[3].Recalled, page.Items[3].Text));
        return page;
    }

    private static SendMessage Message(UserId from, string text, string key)
        => new(from, from == Ann ? "Ann" : "Bea", text, null, [], null, key);

    private static string Text(Message message)
        => System.Text.Json.JsonSerializer.Serialize(message);
}

public sealed class SqliteGroupStorageTests : GroupStorageTests, IDisposable
{
    private readonly TempFolder _folder = new();

    private protected override Task<RedNoteOptions> Storage()
        => Task.FromResult(new RedNoteOptions { Storage = StorageKind.Sqlite, DataDirectory = _folder.Path });

    public void Dispose() => _folder.Dispose();
}

[Collection(PostgresTestGroup.Name)]
public sealed class PostgresGroupStorageTests(PostgresFixture server) : GroupStorageTests
{
    private protected override async Task<RedNoteOptions> Storage() => new()
    {
        Storage = StorageKind.Postgres,
        ConnectionString = await server.NewDatabaseAsync(),
    };
}
