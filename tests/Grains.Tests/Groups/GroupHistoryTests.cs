using Microsoft.Extensions.DependencyInjection;
using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>A history that is longer than memory: pages, search, digest, keys, and a start that does not read all of
/// it.</summary>
public sealed class GroupHistoryTests : IAsyncLifetime
{
    private const int Messages = 650;

    private readonly GroupCluster _groups = new(new GrainCluster
    {
        Bounds = journal => (journal.SnapshotEvents, journal.SnapshotIntervalMs, journal.ReplayRows) = (50, 0, 20),
        Configure = services =>
        {
            services.Configure<GroupOptions>(options =>
            {
                (options.RecentMessages, options.OldMessages, options.Keys) = (200, 2, 100);
                options.DigestMessages = 300;
            });
            services.AddSingleton<IDigestWriter>(new Parrot());
        },
    });

    private IGroupGrain _group = null!;

    public async ValueTask InitializeAsync()
    {
        await _groups.InitializeAsync();
        _group = await _groups.New(2, 3);
        for (var i = 1; i <= Messages; i++)
        {
            Assert.Equal(i, (await _group.Send(Numbered(i))).Seq);
        }
    }

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public async Task Pages_BeyondMemory_AreThoseOfTheTable()
    {
        await _group.React(new UserId(3), new Reaction(5, "👍", On: true));
        await _group.Edit(new UserId(1), 7, "changed");
        await _group.Recall(new UserId(1), 9);
        await AssertAll();
        await _groups.Crash(_group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        await AssertAll();
        Assert.Equal(SendStatus.Accepted, (await _group.React(new UserId(2), new Reaction(5, "👍", On: true))).Status);
        await AssertReactions(2);
        await _group.React(new UserId(3), new Reaction(5, "👍", On: false));
        await AssertReactions(1);
    }

    [Fact]
    public async Task Keys_BeyondMemory_AreBoundByTheTable()
    {
        Assert.Equal(5, (await _group.Send(Numbered(5))).Seq);
        Assert.Equal(640, (await _group.Send(Numbered(640))).Seq);
        Assert.Equal(GroupReason.Conflict, (await _group.Send(Numbered(5) with { Text = "other" })).Reason);
        await _groups.Crash(_group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        Assert.Equal(6, (await _group.Send(Numbered(6))).Seq);
        Assert.Equal(641, (await _group.Send(Numbered(641))).Seq);
        var twice = await Task.WhenAll(
            _group.Send(GroupCluster.Message(2, "new", "new")), _group.Send(GroupCluster.Message(2, "new", "new")));
        Assert.Equal([Messages + 1, Messages + 1], twice.Select(answer => answer.Seq!.Value));
    }

    [Fact]
    public async Task Activation_OfALongHistory_ReadsTheTailAlone()
    {
        await _group.MarkRead(new UserId(3), 600);
        var points = (await _group.Members(new UserId(1), default, 10)).Page!.Items.Select(member => member.Points);
        var reads = 0;
        _groups.Journal.Reads = () =>
        {
            Interlocked.Increment(ref reads);
            return Task.CompletedTask;
        };
        await _groups.Crash(_group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        var opened = (await _group.Open(new UserId(2), null)).Opened!;
        _groups.Journal.Reads = () => Task.CompletedTask;

        // A snapshot every 50 events, and 20 rows to a read: all of it would take more than 30.
        Assert.InRange(reads, 1, 8);
        Assert.Equal((Messages, 50), (opened.Group.LastSeq, opened.Messages.Length));
        Assert.Equal(points, opened.Members.Select(member => member.Points));
    }

    [Fact]
    public async Task Search_Words_FindsTheNewestFirst()
    {
        await _group.Recall(new UserId(1), 610);
        var page = await Find(new SearchQuery("NUMBER 61", null, 4));
        Assert.Equal([619L, 618, 617, 616], page.Items.Select(item => item.Seq));
        Assert.True(page.HasMore);
        var older = await Find(new SearchQuery("number 61", 613, 10));
        Assert.Equal([612L, 611, 61], older.Items.Select(item => item.Seq));
        await _groups.Send(_group, 2, "周末去爬山吗？");
        Assert.Equal([Messages + 1L], (await Find(new SearchQuery("爬山", null, 10))).Items.Select(item => item.Seq));
        Assert.Equal([Messages + 1L], (await Find(new SearchQuery("山", null, 10))).Items.Select(item => item.Seq));
        await _group.Edit(new UserId(2), Messages + 1, "周末休息");
        Assert.Empty((await Find(new SearchQuery("爬山", null, 10))).Items);
        Assert.Equal(
            CommandStatus.Invalid, (await _group.Search(new UserId(2), new SearchQuery(" ", null, 10))).Status);
        var tooLong = new SearchQuery(new string('x', SearchQuery.MaxText + 1), null, 10);
        Assert.Equal(CommandStatus.Invalid, (await _group.Search(new UserId(2), tooLong)).Status);
        Assert.Equal(
            CommandStatus.Forbidden, (await _group.Search(new UserId(9), new SearchQuery("x", null, 1))).Status);

        async Task<MessagePage> Find(SearchQuery query) => (await _group.Search(new UserId(2), query)).Page!;
    }

    [Fact]
    public async Task Digest_SinceAMark_PicksAndCounts()
    {
        await _group.MarkRead(new UserId(3), Messages);
        await _groups.Send(_group, 1, "谁带帐篷？ see https://example.com/a?b=1, and http://x.org.");
        var mention = GroupCluster.Message(2, "@User 3 come", "m") with { Mentions = GroupCluster.Users(3) };
        await _group.Send(mention);
        await _group.React(new UserId(1), new Reaction(Messages + 2, "🎉", On: true));
        var gone = await _groups.Send(_group, 2, "why?");
        await _group.Recall(new UserId(2), gone);
        var digest = (await _group.Digest(new UserId(3), null)).Digest!;
        Assert.Equal((Messages, Messages + 3, 2), (digest.Since, digest.UpTo, digest.Messages));
        Assert.True(digest.IsWhole);
        Assert.Equal([1L, 2], digest.Senders.Select(sender => sender.UserId.Value));
        Assert.Equal([Messages + 2L], digest.Mentions.Select(item => item.Seq));
        Assert.Equal([Messages + 2L], digest.MostReacted.Select(item => item.Seq));
        Assert.Equal([Messages + 1L], digest.Questions.Select(item => item.Seq));
        Assert.Equal(["https://example.com/a?b=1", "http://x.org"], digest.Links.Select(link => link.Url));
        Assert.Equal("Hikers for User 3: 2 lines", digest.Summary);
        var all = (await _group.Digest(new UserId(3), 0)).Digest!;
        Assert.Equal((Messages + 2, false), (all.Messages, all.IsWhole));
        Assert.Equal(300 - 1, all.Senders.Sum(sender => sender.Messages));
        var byTime = (await _group.Digest(new UserId(3), DigestSince.FirstTime)).Digest!;
        Assert.Equal((0, Messages + 2), (byTime.Since, byTime.Messages));
        Assert.Equal(CommandStatus.Forbidden, (await _group.Digest(new UserId(9), null)).Status);
    }

    private static SendMessage Numbered(int number)
        => GroupCluster.Message(1 + (number % 2 == 0 ? 1 : 0), $"number {number}", $"key-{number}");

    private async Task AssertAll()
    {
        var seqs = new List<Message>();
        for (long? before = null; before != 1;)
        {
            var page = (await _group.Messages(new UserId(3), new MessageQuery(before, null, 120))).Page!;
            Assert.Equal(page.Items[0].Seq > 1, page.HasMore);
            seqs.InsertRange(0, page.Items);
            before = page.Items[0].Seq;
        }

        Assert.Equal(Enumerable.Range(1, Messages).Select(seq => (long)seq), seqs.Select(item => item.Seq));
        Assert.Equal(
            Enumerable.Range(1, Messages).Select(seq => seq == 7 ? "changed" : seq == 9 ? "" : $"number {seq}"),
            seqs.Select(item => item.Text));
        Assert.Equal(["👍"], seqs[4].MyReactions!.Value);
        var opened = (await _group.Open(new UserId(3), 3)).Opened!;
        Assert.Equal((4, 200, true), (opened.Messages[0].Seq, opened.Messages.Length, opened.HasMore));
    }

    private async Task AssertReactions(int count)
    {
        var page = (await _group.Messages(new UserId(2), new MessageQuery(6, null, 1))).Page!;
        Assert.Equal(count, page.Items.Single().Reactions!["👍"]);
    }

    /// <summary>A language model of few words.</summary>
    private sealed class Parrot : IDigestWriter
    {
        public Task<string?> Write(DigestMaterial material, CancellationToken cancellationToken)
            => Task.FromResult<string?>($"{material.Group} for {material.Reader}: {material.Lines.Length} lines");
    }
}
