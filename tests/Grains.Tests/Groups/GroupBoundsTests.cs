using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Grains.Tests.Groups;

/// <summary>Bounds of a group that small values show.</summary>
public sealed class GroupBoundsTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly SilentWriter _writer = new();
    private readonly GroupCluster _groups;

    public GroupBoundsTests() => _groups = new GroupCluster(new GrainCluster
    {
        Configure = services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.AddSingleton<IDigestWriter>(_writer);
            services.Configure<GroupOptions>(options =>
            {
                (options.ReadNewsMembers, options.TypingMembers, options.DigestMs) = (2, 2, 200);
                (options.MarksMs, options.KnockMs, options.NewsMs) = (60_000, 60_000, 1);
            });
        },
    });

    public ValueTask InitializeAsync() => _groups.InitializeAsync();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Theory, InlineData(2, true), InlineData(3, false)]
    public async Task ReadingAndTyping_InALargerGroup_AreNotToldAtOnce(int members, bool isTold)
    {
        var group = await _groups.New([.. Enumerable.Range(2, members - 1).Select(user => (long)user)]);
        var news = await NewsLog.Of(_groups, group);
        await _groups.Send(group, 1);
        Assert.Equal(1, await group.MarkRead(new UserId(2), 1));
        Assert.True(await group.Type(new UserId(2), "User 2"));
        await _groups.Send(group, 1);
        await Eventually.Holds("the second message is told", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            return news.Events.OfType<MessageSent>().Any(sent => sent.Message.Seq == 2);
        });

        Assert.Equal(isTold, news.Events.OfType<MessagesRead>().Any());
        Assert.Equal(isTold, news.Events.OfType<MemberTyping>().Any());
    }

    [Fact]
    public async Task Digest_WhoseWriterIsSilent_ComesWithoutInTime()
    {
        var group = await _groups.New(2);
        await _groups.Send(group, 1);
        var digest = group.Digest(new UserId(2), null);
        var waited = TimeSpan.Zero;
        await Eventually.Holds("the digest", () =>
        {
            if (_writer.IsAsked && waited < TimeSpan.FromMilliseconds(400))
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
                waited += TimeSpan.FromMilliseconds(10);
            }

            return digest.IsCompleted;
        });

        var said = (await digest).Digest!;
        Assert.Equal((1, (string?)null), (said.Messages, said.Summary));
        await Eventually.Holds("the writer is told to stop", () => _writer.IsStopped);
    }

    [Fact]
    public void InviteUses_BeyondTheBound_AreInvalid()
    {
        var group = TestGroup.With(new GroupOptions { InviteUses = 3 }, JoinPolicy.Open);
        Assert.Equal(CommandStatus.Invalid, group.Invite(1, "secret-of-sixteen", uses: 4));
        Assert.Equal(CommandStatus.Done, group.Invite(1, "secret-of-sixteen", uses: 3));
    }

    [Fact]
    public void KeptPolls_WhenThereAreAsMany_WaitUntilOneIsAWeekOld()
    {
        var group = TestGroup.With(new GroupOptions { KeptPolls = 2, OpenPolls = 50 }, JoinPolicy.Open);
        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal(CommandStatus.Done, Open(i));
            Do(events => group.Rules.ClosePoll(TestGroup.Owner, new PollId(i), group.Now, events));
        }

        Assert.Equal(CommandStatus.RateLimited, Open(3));
        group.Now += 7 * 86_400_000L;
        Assert.Equal(CommandStatus.Done, Open(3));
        Assert.Equal([2L, 3], group.State.Polls.All.Select(poll => poll.Id.Value));
        Assert.Equal(TestGroup.Stored(group.State), TestGroup.Stored(group.Replayed()));

        CommandStatus Open(int id)
        {
            var command = new OpenPoll(
                new PollId(id), "Where to?", ["Hills", "Sea"], Multiple: false, Anonymous: false, 600, $"p{id}");
            return Do(events => group.Rules.OpenPoll(TestGroup.Owner, "Owner", command, group.Now, events, out _));
        }

        CommandStatus Do(Func<List<GroupLogEvent>, CommandStatus> decide)
        {
            var events = new List<GroupLogEvent>();
            var status = decide(events);
            events.ForEach(group.Raise);
            return status;
        }
    }

    [Fact]
    public void Snapshot_OfBeforePollsWereTakenBack_HasThemTakenBack()
    {
        var terms = new RedNote.Polls.PollTerms(
            TestGroup.Start, new PollId(5), TestGroup.Owner, "Where to?", ["Hills", "Sea"], false, false,
            TestGroup.Start + 600_000, "p", 1);
        var poll = new RedNote.Polls.StoredPoll
        {
            Began = terms,
            ClosesAt = terms.ClosesAt,
            Counts = [1, 0],
            Voters = 1,
        };
        var stored = TestGroup.With(2).State.ToStored() with
        {
            LastSeq = 1,
            Recalled = ImmutableArray.Create(1L),
            Polls = [new StoredGroupPoll(1, poll)],
        };
        var state = new GroupState(new GroupOptions(), stored);
        Assert.Null(state.Polls.FindShown(new PollId(5)));
        Assert.Null(state.Polls.NextClosing);
        Assert.DoesNotContain("Hills", TestGroup.Stored(state));
    }

    /// <summary>A language model that never says anything.</summary>
    private sealed class SilentWriter : IDigestWriter
    {
        private volatile bool _isAsked;
        private volatile bool _isStopped;

        public bool IsAsked => _isAsked;

        public bool IsStopped => _isStopped;

        public Task<string?> Write(DigestMaterial material, CancellationToken cancellationToken)
        {
            cancellationToken.Register(() => _isStopped = true);
            _isAsked = true;
            return new TaskCompletionSource<string?>().Task;
        }
    }
}
