using RedNote.Frontend.Tests.Fakes;
using RedNote.Groups;

namespace RedNote.Frontend.Tests.Groups;

public sealed class GroupChannelTests : IDisposable
{
    private static readonly UserId Ann = new(1);
    private static readonly UserId Bea = new(2);

    private readonly GroupParts _parts = new();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Open_NewsBeforeTheAnswerIsWritten_WaitAndNothingComesTwice()
    {
        _parts.Say(3);
        var writer = new GroupWriter();
        var viewer = _parts.Viewer(Ann, writer);
        var answer = new TaskCompletionSource<OpenOutcome>();
        _parts.Grain.OnOpen = _ => answer.Task;
        var opening = _parts.Channel.Open(viewer, null);
        _parts.Say(2);
        var head = _parts.Grain.Head;
        _parts.Say(2);
        answer.SetResult(FakeGroup.Opened(head, 5));
        var (_, ticket) = await opening;
        _parts.Say(1);
        Assert.Empty(writer.Written);

        ticket.Written();
        _parts.Say(1);

        Assert.Equal([6, 7, 8, 9], writer.Seqs);
    }

    [Fact]
    public async Task Open_AnswerOlderThanWhatIsKept_IsAskedForAgain()
    {
        await _parts.Opened(2);
        var stale = FakeGroup.Opened(_parts.Grain.Head, 0);
        var asked = 0;
        _parts.Say(_parts.Options.RecentNews + 1);
        _parts.Grain.OnOpen = _ => Task.FromResult(
            ++asked == 1 ? stale : FakeGroup.Opened(_parts.Grain.Head, _parts.Grain.Messages.Count));
        var (_, writer) = await _parts.Opened(1);

        _parts.Say(1);

        Assert.Equal(2, asked);
        Assert.Equal([_parts.Options.RecentNews + 2], writer.Seqs);
    }

    [Fact]
    public async Task Open_NoAnswerThatIsNewEnough_SendsWhatIsMissing()
    {
        await _parts.Opened(2);
        var stale = FakeGroup.Opened(_parts.Grain.Head, 0);
        var count = _parts.Options.RecentNews + 5;
        _parts.Say(count);
        _parts.Grain.OnOpen = _ => Task.FromResult(stale);

        var (_, writer) = await _parts.Opened(1);

        await Eventually.Holds(() => writer.Seqs.Count() == count);
        Assert.Equal(Enumerable.Range(1, count).Select(n => (long)n), writer.Seqs);
    }

    [Fact]
    public async Task Open_Stranger_IsRefusedAndHearsNothing()
    {
        _parts.Grain.Strangers.Add(Ann);
        var writer = new GroupWriter();
        var viewer = _parts.Viewer(Ann, writer);

        var (outcome, ticket) = await _parts.Channel.Open(viewer, null);
        ticket.Written();
        _parts.Say(2);

        Assert.Equal(CommandStatus.Forbidden, outcome.Status);
        Assert.Empty(writer.Written);
        Assert.Equal((0, 0), (_parts.Channel.Viewers, _parts.Channel.Watch().Users));
    }

    [Fact]
    public async Task News_LostByTheStream_AreFetchedOnceForAll()
    {
        var (_, ann) = await _parts.Opened(1);
        var (_, bea) = await _parts.Opened(2);
        _parts.Say(1);
        _parts.Grain.Next(FakeGroup.Sent(2));
        _parts.Grain.Next(FakeGroup.Sent(3));

        _parts.Say(1);

        Assert.Equal([1, 2, 3, 4], ann.Seqs);
        Assert.Equal([1, 2, 3, 4], bea.Seqs);
        Assert.Single(_parts.Grain.Fills);
    }

    [Fact]
    public async Task News_RepeatedByTheStream_ComeOnce()
    {
        var (_, writer) = await _parts.Opened(1);
        _parts.Say(3);

        _parts.Streams.Publish(_parts.Grain.News[0]);
        _parts.Streams.Publish(_parts.Grain.News[2]);

        Assert.Equal([1, 2, 3], writer.Seqs);
    }

    [Fact]
    public async Task News_ForEverybody_AreTheSameBytes()
    {
        var (_, ann) = await _parts.Opened(1);
        var (_, bea) = await _parts.Opened(2);

        _parts.Say(1);

        Assert.Same(ann.Written[0], bea.Written[0]);
    }

    [Fact]
    public async Task Expect_MessageNotHeardOf_IsFetchedAndTheStreamSubscribedToAgain()
    {
        var (_, writer) = await _parts.Opened(1);
        _parts.Streams.GoDeaf();
        _parts.Say(1);
        _parts.Channel.Expect(1);

        await _parts.Channel.CheckHead();
        Assert.Empty(_parts.Grain.Fills);
        _parts.Time.Advance(_parts.Options.BehindPatience);
        await _parts.Channel.CheckHead();
        _parts.Say(1);

        Assert.Equal([1, 2], writer.Seqs);
        Assert.Equal(2, _parts.Streams.Subscriptions);
    }

    [Fact]
    public async Task Removed_OnEveryConnection_IsTheLastThatIsHeard()
    {
        var (_, ann) = await _parts.Opened(1);
        var (_, phone) = await _parts.Opened(2);
        var (_, desktop) = await _parts.Opened(2);
        _parts.Happens(
            FakeGroup.Sent(1), FakeGroup.Changed(MemberChange.Removed, Bea, 2), FakeGroup.Sent(2));
        _parts.Say(1);

        Assert.Equal([1, 2, 3], ann.Seqs);
        foreach (var writer in new[] { phone, desktop })
        {
            Assert.Equal([1], writer.Seqs);
            Assert.IsType<MemberChanged>(writer.Events[^1]);
        }

        Assert.Equal([Ann], _parts.Channel.Audience().Audience.Users);
        Assert.Equal(1, _parts.Channel.Viewers);
    }

    [Fact]
    public async Task Removed_WhileOpening_HearsNothingBehindIt()
    {
        var writer = new GroupWriter();
        var (_, ticket) = await _parts.Channel.Open(_parts.Viewer(Bea, writer), null);
        _parts.Happens(FakeGroup.Changed(MemberChange.Left, Bea, 2), FakeGroup.Sent(1));

        ticket.Written();
        _parts.Say(1);

        Assert.Equal(MemberChange.Left, Assert.IsType<MemberChanged>(Assert.Single(writer.Events)).Change);
    }

    [Fact]
    public async Task Removed_AndMemberAgain_HearsEverythingOnceOpenedAgain()
    {
        var (viewer, writer) = await _parts.Opened(2);
        _parts.Happens(FakeGroup.Changed(MemberChange.Removed, Bea, 2));
        _parts.Say(1);
        Assert.True(viewer.IsGone);

        var (_, ticket) = await _parts.Channel.Open(viewer, null);
        ticket.Written();
        _parts.Say(1);

        Assert.Equal([2], writer.Seqs);
        Assert.Equal([Bea], _parts.Channel.Audience().Audience.Users);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public async Task Reads_InLargeGroups_AreForTheMembersOwnConnections(int members, bool forAll)
    {
        _parts.Grain.Members = members;
        var (_, ann) = await _parts.Opened(1);
        var (_, bea) = await _parts.Opened(2);

        _parts.Happens(new MessagesRead(Bea, 1));

        Assert.Equal(forAll ? 1 : 0, ann.Events.Length);
        Assert.Equal(new MessagesRead(Bea, 1), Assert.Single(bea.Events));
    }

    [Fact]
    public async Task Reads_GroupBecomesSmaller_AreForAllFromThenOn()
    {
        _parts.Grain.Members = 201;
        var (_, ann) = await _parts.Opened(1);

        _parts.Happens(FakeGroup.Changed(MemberChange.Left, new UserId(7), 200));
        _parts.Happens(new MessagesRead(Bea, 1));

        Assert.Contains(new MessagesRead(Bea, 1), ann.Events);
    }

    [Fact]
    public async Task Requests_AreForThoseWhoDecide()
    {
        _parts.Grain.Admins.Add(Ann);
        var (_, ann) = await _parts.Opened(1);
        var (_, bea) = await _parts.Opened(2);

        _parts.Happens(FakeGroup.Changed(MemberChange.Requested, new UserId(8), 3));
        _parts.Happens(FakeGroup.Changed(MemberChange.Role, Bea, 3, GroupRole.Admin));
        _parts.Happens(FakeGroup.Changed(MemberChange.Requested, new UserId(9), 3));
        _parts.Happens(FakeGroup.Changed(MemberChange.Role, Ann, 3, GroupRole.Member));
        _parts.Happens(FakeGroup.Changed(MemberChange.Requested, new UserId(10), 3));

        Assert.Equal([8, 9], Asking(ann));
        Assert.Equal([9, 10], Asking(bea));
    }

    [Fact]
    public async Task Lost_NewsThatCannotBeHad_AreReplacedByTheMessagesAndTheClientIsTold()
    {
        var (_, writer) = await _parts.Opened(1);
        _parts.Say(2);
        _parts.Grain.Messages.AddRange([FakeGroup.Say(3), FakeGroup.Say(4)]);
        _parts.Grain.Head = new GroupHead(2, 5);

        _parts.Say(1);
        await Eventually.Holds(() => writer.Seqs.Count() == 5);
        _parts.Say(1);

        Assert.Equal([1, 2, 3, 4, 5, 6], writer.Seqs);
        Assert.Equal(new EventsMissed(1, 2), Assert.Single(writer.Events.OfType<EventsMissed>()));
    }

    [Fact]
    public async Task Lost_WhoIsAMemberNoMore_HearsNothingAndIsTold()
    {
        var (viewer, writer) = await _parts.Opened(2);
        _parts.Say(1);
        _parts.Grain.Strangers.Add(Bea);
        _parts.Grain.Head = new GroupHead(2, 5);

        _parts.Say(1);
        await Eventually.Holds(() => viewer.IsGone && _parts.Channel.Viewers == 0);
        _parts.Say(1);

        Assert.Equal([1], writer.Seqs);
        Assert.Empty(_parts.Channel.Audience().Audience.Users);
        Assert.NotEmpty(writer.Events.OfType<EventsMissed>());
    }

    [Fact]
    public async Task Lost_GroupDoesNotAnswer_IsAskedAgainAfterThePause()
    {
        var (_, writer) = await _parts.Opened(1);
        var fails = true;
        _parts.Grain.OnPage = () => fails ? throw new TryAgainException() : Task.CompletedTask;
        _parts.Grain.Head = new GroupHead(2, 5);
        _parts.Say(1);
        await Eventually.Holds(() => _parts.Grain.Pages.Count == 1 && _parts.Time.Armed == 1);

        fails = false;
        _parts.Time.Advance(_parts.Options.CatchUpPause);

        await Eventually.Holds(() => writer.Seqs.Any());
        Assert.Equal([1], writer.Seqs);
    }

    private static IEnumerable<long> Asking(GroupWriter writer)
        => writer.Events.OfType<MemberChanged>().Where(one => one.Change == MemberChange.Requested)
            .Select(one => one.UserId.Value);
}
