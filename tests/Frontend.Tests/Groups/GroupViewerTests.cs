using System.Collections.Immutable;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Groups;

namespace RedNote.Frontend.Tests.Groups;

/// <summary>Connections that do not keep up.</summary>
public sealed class GroupViewerTests
{
    [Fact]
    public async Task Slow_BelowTheBound_IsSentEveryEventLater()
    {
        using var parts = new GroupParts();
        var (_, slow) = await parts.Opened(1);
        slow.Stall();
        parts.Say(parts.Options.QueuedNews);
        Assert.Single(slow.Written);

        slow.Release();

        await Eventually.Holds(() => slow.Seqs.Count() == parts.Options.QueuedNews);
        Assert.Empty(parts.Grain.Pages);
    }

    [Fact]
    public async Task Slow_BeyondTheBound_IsSentWhatItMissedAndDelaysNobody()
    {
        using var parts = new GroupParts(options => options.QueuedNews = 5);
        var (_, slow) = await parts.Opened(1);
        var (_, fast) = await parts.Opened(2);
        slow.Stall();
        parts.Say(450);
        Assert.Equal(450, fast.Seqs.Count());
        Assert.Single(slow.Written);

        slow.Release();
        await Eventually.Holds(() => slow.Seqs.Count() >= 450);
        parts.Say(1);

        await Eventually.Holds(() => slow.Seqs.Count() >= 451);
        Assert.Equal(Enumerable.Range(1, 451).Select(n => (long)n), slow.Seqs);
        Assert.Empty(slow.Events.OfType<EventsMissed>());
        Assert.Equal([1, 201, 401], parts.Grain.Pages);
    }

    [Fact]
    public async Task Slow_MissedMoreThanIsSent_IsToldWhichToAskFor()
    {
        using var parts = new GroupParts(options => (options.QueuedNews, options.CatchUpMessages) = (5, 200));
        var (_, slow) = await parts.Opened(1);
        slow.Stall();
        parts.Say(500);

        slow.Release();
        await Eventually.Holds(() => slow.Events.OfType<EventsMissed>().Any());
        parts.Say(1);

        await Eventually.Holds(() => slow.Seqs.LastOrDefault() == 501);
        Assert.Equal(Enumerable.Range(1, 201).Select(n => (long)n).Append(501), slow.Seqs);
        Assert.Equal(new EventsMissed(202, 500), Assert.Single(slow.Events.OfType<EventsMissed>()));
    }

    [Fact]
    public async Task Slow_NewsWhileItCatchesUp_FollowOnceAndInOrder()
    {
        using var parts = new GroupParts(options => options.QueuedNews = 5);
        var (_, slow) = await parts.Opened(1);
        var asked = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        parts.Grain.OnPage = () =>
        {
            asked.TrySetResult();
            return answered.Task;
        };
        slow.Stall();
        parts.Say(10);
        slow.Release();
        await asked.Task.WaitAsync(HubClient.Patience);
        parts.Say(3);

        answered.SetResult();

        await Eventually.Holds(() => slow.Seqs.Count() >= 13);
        parts.Say(1);
        await Eventually.Holds(() => slow.Seqs.Count() >= 14);
        Assert.Equal(Enumerable.Range(1, 14).Select(n => (long)n), slow.Seqs);
    }

    [Fact]
    public async Task Slow_NewsOfWhatItWasSentAlready_ComeOnce()
    {
        using var parts = new GroupParts(options => options.QueuedNews = 5);
        var (_, slow) = await parts.Opened(1);
        GroupNews? late = null;
        parts.Grain.OnPage = () =>
        {
            // It is said, and its news are on their way.
            late ??= parts.Grain.Next(FakeGroup.Sent(11), new MemberTyping(new UserId(8), "Eve"));
            return Task.CompletedTask;
        };
        slow.Stall();
        parts.Say(10);
        slow.Release();
        await Eventually.Holds(() => slow.Seqs.LastOrDefault() == 11);

        parts.Streams.Publish(late!);
        parts.Say(1);

        await Eventually.Holds(() => slow.Seqs.LastOrDefault() == 12);
        Assert.Equal(Enumerable.Range(1, 12).Select(n => (long)n), slow.Seqs);
        Assert.Single(slow.Events.OfType<MemberTyping>());
    }

    [Fact]
    public async Task Slow_FallsBehindAgainWhileItCatchesUp_MissesNothing()
    {
        using var parts = new GroupParts(options => options.QueuedNews = 5);
        var (_, slow) = await parts.Opened(1);
        var times = 0;
        parts.Grain.OnPage = () =>
        {
            if (times++ < 3)
            {
                parts.Say(20);
            }

            return Task.CompletedTask;
        };
        slow.Stall();
        parts.Say(10);

        slow.Release();

        await Eventually.Holds(() => slow.Seqs.Count() >= 70);
        Assert.Equal(Enumerable.Range(1, 70).Select(n => (long)n), slow.Seqs);
    }

    [Fact]
    public async Task Slow_ChangesItMissed_AreToldOnceAsTheyAreNow()
    {
        using var parts = new GroupParts(options => options.QueuedNews = 2);
        var (_, slow) = await parts.Opened(1);
        parts.Say(3);
        slow.Stall();
        parts.Say(1);
        foreach (var count in Enumerable.Range(1, 5))
        {
            parts.Happens(new ReactionChanged(2, "👍", count, new UserId(5), true) { At = 10 + count });
        }

        parts.Happens(new MessageEdited(FakeGroup.Say(1, "edited")) { At = 20 });
        parts.Happens(new MessageTakenBack(1, new UserId(1)) { At = 21 });
        parts.Happens(FakeGroup.Changed(MemberChange.Joined, new UserId(8), 4) with { At = 22 });
        parts.Happens(new MemberTyping(new UserId(8), "Eve") { At = 23 });
        parts.Say(1);
        parts.Happens(new ReactionChanged(5, "👍", 1, new UserId(5), true) { At = 24 });

        slow.Release();

        // What became of the fifth comes with it.
        await Eventually.Holds(() => slow.Seqs.LastOrDefault() == 5);
        Assert.Equal([1, 2, 3, 4, 5], slow.Seqs);
        var changes = slow.Events.Where(happened => happened is not MessageSent).ToList();
        Assert.Equal(3, changes.Count);
        Assert.Equal(5, Assert.IsType<ReactionChanged>(changes[0]).Count);
        Assert.IsType<MessageTakenBack>(changes[1]);
        Assert.IsType<MemberChanged>(changes[2]);
    }

    [Fact]
    public async Task Slow_TooManyChanges_IsToldToAskAgain()
    {
        using var parts = new GroupParts(options => (options.QueuedNews, options.KeptChanges) = (2, 3));
        var (_, slow) = await parts.Opened(1);
        parts.Say(10);
        slow.Stall();
        parts.Say(1);
        for (var seq = 1; seq <= 8; seq++)
        {
            parts.Happens(new ReactionChanged(seq, "👍", 1, new UserId(5), true));
        }

        slow.Release();

        await Eventually.Holds(() => slow.Events.OfType<EventsMissed>().Any());
        Assert.Equal(new EventsMissed(1, 11), Assert.Single(slow.Events.OfType<EventsMissed>()));
        Assert.Empty(slow.Events.OfType<ReactionChanged>());
    }

    [Fact]
    public async Task Slow_RemovedMeanwhile_IsSentNothingOfWhatWaits()
    {
        using var parts = new GroupParts();
        var (viewer, slow) = await parts.Opened(2);
        slow.Stall();
        parts.Say(5);
        parts.Happens(FakeGroup.Changed(MemberChange.Removed, new UserId(2), 1));

        slow.Release();

        await Eventually.Holds(() => viewer.IsGone);
        Assert.Equal([1], slow.Seqs);
        Assert.IsType<MemberChanged>(slow.Events[^1]);
    }

    [Fact]
    public async Task Slow_RemovedWhileItCatchesUp_IsSentNothingMore()
    {
        using var parts = new GroupParts(options => options.QueuedNews = 2);
        var (viewer, slow) = await parts.Opened(2);
        parts.Grain.OnPage = () =>
        {
            parts.Happens(FakeGroup.Changed(MemberChange.Removed, new UserId(2), 1));
            return Task.CompletedTask;
        };
        slow.Stall();
        parts.Say(5);

        slow.Release();

        await Eventually.Holds(() => viewer.IsGone);
        Assert.Equal([1], slow.Seqs);
        Assert.IsType<MemberChanged>(slow.Events[^1]);
    }

    [Fact]
    public void Split_MessagesOfAnySize_StayWithinTheBound()
    {
        var large = new string('字', 5_000);
        ImmutableArray<Message> messages = [.. Enumerable.Range(1, 200).Select(
            seq => FakeGroup.Say(seq, seq % 2 == 0 ? large : "short"))];

        var parts = Frontend.Groups.MessageBatch.Split(messages, 64 * 1024).ToList();

        Assert.Equal(messages, parts.SelectMany(part => part.Cast<MessageSent>()).Select(sent => sent.Message));
        Assert.All(parts, part => Assert.InRange(
            part.Cast<MessageSent>().Sum(sent => sent.Message.Text.Length), 1, 21_845));
        Assert.InRange(parts.Count, 20, 40);
        Assert.Equal(1, Frontend.Groups.MessageBatch.Trim(messages, 1, keepsLast: false)[0].Seq);
        Assert.Equal(200, Assert.Single(Frontend.Groups.MessageBatch.Trim(messages, 1, keepsLast: true)).Seq);
    }
}
