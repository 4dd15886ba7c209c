using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using RedNote.Groups;
using RedNote.Users;

namespace RedNote.Grains.Tests.Groups;

/// <summary>What a group tells the inboxes of its members.</summary>
public sealed class GroupInboxTests : IAsyncLifetime
{
    private readonly GroupCluster _groups = new(new GrainCluster
    {
        Configure = services => services.Configure<GroupOptions>(options => options.KnockMs = 10),
    });

    private static long _lastUser = 40_000;

    public ValueTask InitializeAsync() => _groups.InitializeAsync();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public async Task Membership_Changes_AreInTheListWhenTheyAreAnswered()
    {
        var (one, other) = (Next(), Next());
        var group = await _groups.New(one);
        var id = new GroupId(group.GetPrimaryKeyLong());
        await group.Join(new UserId(other), GroupCluster.Member(other));
        Assert.Contains(id, await _groups.Grains.Inbox(GroupCluster.Owner).Groups());
        Assert.Equal([id], await _groups.Grains.Inbox(new UserId(other)).Groups());
        await Notices(one, NoticeKind.GroupJoined);
        await group.Remove(GroupCluster.Owner, new UserId(one));
        await group.Remove(new UserId(other), new UserId(other));
        Assert.Empty(await _groups.Grains.Inbox(new UserId(one)).Groups());
        Assert.Empty(await _groups.Grains.Inbox(new UserId(other)).Groups());
        var told = await Notices(one, NoticeKind.GroupJoined, NoticeKind.GroupRemoved);
        Assert.All(told, notice => Assert.Equal(
            (id, "Hikers", GroupCluster.Owner, "Owner"),
            (notice.GroupId!.Value, notice.GroupName, notice.From!.Value, notice.FromName)));
        Assert.Empty(await Notices(other));
    }

    [Fact]
    public async Task Messages_MentionsRepliesAndKnocks_AreTold()
    {
        var (one, other) = (Next(), Next());
        var group = await _groups.New(one, other);
        var first = await _groups.Send(group, one, "first");
        var mention = GroupCluster.Message(1, new string('长', 79) + "😀 and more", "m", first) with
        {
            Mentions = GroupCluster.Users(other),
        };
        Assert.Equal(SendStatus.Accepted, (await group.Send(mention)).Status);
        var replied = await Notices(one, NoticeKind.GroupJoined, NoticeKind.Reply, NoticeKind.Group);
        var reply = replied.Single(notice => notice.Kind == NoticeKind.Reply);
        Assert.Equal((first + 1, null), (reply.Seq, reply.Text));
        var mentioned = await Notices(other, NoticeKind.GroupJoined, NoticeKind.Mention, NoticeKind.Group);
        Assert.Equal(first + 1, mentioned.Single(notice => notice.Kind == NoticeKind.Mention).Seq);
    }

    [Fact]
    public async Task RolesAndRequests_AreToldToWhomTheyConcern()
    {
        var (one, asking) = (Next(), Next());
        var group = await _groups.New(JoinPolicy.Approval, one);
        await group.SetRole(GroupCluster.Owner, new UserId(one), GroupRole.Admin);
        Assert.Equal(
            JoinStatus.Requested, (await group.Join(new UserId(asking), GroupCluster.Member(asking))).Joined);
        var told = await Notices(one, NoticeKind.GroupJoined, NoticeKind.GroupRole, NoticeKind.JoinRequest);
        Assert.Equal("admin", told.Single(notice => notice.Kind == NoticeKind.GroupRole).Text);
        Assert.Equal(
            new UserId(asking), told.Single(notice => notice.Kind == NoticeKind.JoinRequest).From!.Value);
        Assert.Empty(await _groups.Grains.Inbox(new UserId(asking)).Groups());
    }

    [Fact]
    public async Task Direct_Messages_AreToldUnlessTheOtherLooksOnOrHasRead()
    {
        var (one, other) = (Next(), Next());
        var group = await _groups.NewDirect(one, other);
        await _groups.Send(group, one, "hello");
        var notice = Assert.Single(await Notices(other, NoticeKind.Direct));
        Assert.Equal((1L, $"User {one}", null), (notice.Seq, notice.FromName, notice.GroupName));
        await group.Report(new GroupPresence("front", GroupCluster.Users(other)));
        await _groups.Send(group, one, "seen at once");
        await group.Report(new GroupPresence("front", []));
        await _groups.Send(group, one, "third");
        await Eventually.Holds("the third is told", async () => (await Notices(other))[0].Seq == 3);
        Assert.Equal(2, (await Notices(other))[0].Count);
        Assert.Equal(
            [new GroupId(group.GetPrimaryKeyLong())], await _groups.Grains.Inbox(new UserId(other)).Groups());
    }

    [Fact]
    public async Task MarkRead_OfWhatWasTold_IsHeardByTheInbox()
    {
        var (one, other, reader) = (Next(), Next(), new UserId(Next()));
        var told = new ConcurrentQueue<UserNotice>();
        await _groups.Cluster.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<UserNotices>(StreamNames.Notices("reader")).SubscribeAsync((notices, _) =>
            {
                notices.Items.ToList().ForEach(told.Enqueue);
                return Task.CompletedTask;
            });
        await _groups.Grains.Presence(reader).Report(new PresenceReport("reader", 1, IsWhole: true, [reader], []));
        var first = await _groups.NewDirect(one, reader.Value);
        var second = await _groups.NewDirect(other, reader.Value);
        var big = await _groups.New(reader.Value);
        await _groups.Send(first, one);
        await _groups.Send(big, 1);
        await Notices(reader.Value, NoticeKind.GroupJoined, NoticeKind.Direct, NoticeKind.Group);
        await first.MarkRead(reader, 1);
        await big.MarkRead(reader, 1);

        // All of these become one notification, besides that of the joining.
        await Eventually.Holds("the read ones do not count", async () =>
        {
            await _groups.Send(second, other);
            return told.LastOrDefault() is { Unread: 2 };
        });
        Assert.Equal(4, (await _groups.Grains.Inbox(reader).Page(null, 1)).Unread);
    }

    [Fact]
    public async Task Recalled_BeforeItIsTold_IsNotTold()
    {
        var (one, other) = (Next(), Next());
        var group = await _groups.NewDirect(one, other);
        _groups.Journal.FailNext(new("inbox", other.ToString()), afterTakingEffect: false);
        var seq = await _groups.Send(group, one, "the-secret");
        await group.Recall(new UserId(one), seq);
        await group.DeliverEffects();
        await _groups.Send(group, one, "harmless");
        await Eventually.Holds("the second is told", async () => (await Notices(other)).Count > 0);
        var notice = Assert.Single(await Notices(other));
        Assert.Equal((2L, 1), (notice.Seq, notice.Count));
    }

    [Fact]
    public void Beginning_OfALongText_CutsNoCharacterInTwo()
    {
        Assert.Equal(new string('长', 79), NewNotice.Beginning(new string('长', 79) + "😀 and more"));
        Assert.Equal(new string('长', 78) + "😀", NewNotice.Beginning(new string('长', 78) + "😀 and more"));
        Assert.Equal("short", NewNotice.Beginning("short"));
    }

    private static long Next() => Interlocked.Increment(ref _lastUser);

    /// <summary>The user's notifications, newest first; waits until those kinds are all there.</summary>
    private async Task<List<Notification>> Notices(long user, params NoticeKind[] kinds)
    {
        var inbox = _groups.Grains.Inbox(new UserId(user));
        await Eventually.Holds(
            $"{string.Join(", ", kinds)} in the inbox of {user}",
            async () => kinds.Order().SequenceEqual((await Read()).Select(notice => notice.Kind).Order())
                || kinds.Length == 0);
        return await Read();

        async Task<List<Notification>> Read()
        {
            try
            {
                return [.. (await inbox.Page(null, 100)).Items];
            }
            catch (TryAgainException)
            {
                return [];
            }
        }
    }
}
