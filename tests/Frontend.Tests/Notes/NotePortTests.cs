using RedNote.Frontend.Live;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Notes;

namespace RedNote.Frontend.Tests.Notes;

public sealed class NotePortTests
{
    private static readonly UserId Ann = new(7);

    [Fact]
    public async Task Watch_ByTwo_SubscribesOnceAndSendsBothWhatIsSoNow()
    {
        var parts = new NoteParts { Grain = { Counts = new(4, 3, 0) } };
        var (one, other) = (new CountsWriter(), new CountsWriter());
        Assert.True(await parts.Channel.Watch(new NoteMailbox(one, 10)));
        Assert.True(await parts.Channel.Watch(new NoteMailbox(other, 10)));
        parts.Streams.Publish(new NoteCounts(5, 4, 0));

        Assert.Equal([3, 4], one.Likes);
        Assert.Equal([3, 4], other.Likes);
        Assert.Equal((1, 2), (parts.Streams.Subscriptions, parts.Channel.Watchers));
    }

    [Fact]
    public async Task Counts_OlderOrRepeated_AreNotPassedOn()
    {
        var parts = new NoteParts { Grain = { Counts = new(4, 3, 0) } };
        var writer = new CountsWriter();
        await parts.Channel.Watch(new NoteMailbox(writer, 10));
        parts.Streams.Publish(new NoteCounts(3, 9, 0));
        parts.Streams.Publish(new NoteCounts(6, 2, 0));
        parts.Streams.Publish(new NoteCounts(5, 9, 0));
        await parts.Check();

        Assert.Equal([3, 2], writer.Likes);
    }

    [Fact]
    public async Task Watcher_ThatTakesNothing_IsSentTheLatestOnceItDoes()
    {
        var parts = new NoteParts();
        var writer = new CountsWriter();
        writer.Stall();
        await parts.Channel.Watch(new NoteMailbox(writer, 10));
        for (var likes = 1; likes <= 50; likes++)
        {
            parts.Streams.Publish(new NoteCounts(1 + likes, likes, 0));
        }

        Assert.Equal([0], writer.Likes);
        writer.Release();
        await Eventually.Holds(() => writer.Likes.Count == 2);
        Assert.Equal([0, 50], writer.Likes);
    }

    [Fact]
    public async Task Check_WhatTheStreamLost_IsFoundAndADeafStreamSubscribedToAgain()
    {
        var parts = new NoteParts();
        var writer = new CountsWriter();
        await parts.Channel.Watch(new NoteMailbox(writer, 10));
        parts.Streams.GoDeaf();
        parts.Grain.Counts = new NoteCounts(2, 1, 0);
        await parts.Check();
        Assert.Equal([0, 1], writer.Likes);
        Assert.Equal(1, parts.Streams.Subscriptions);

        await parts.Check();
        Assert.Equal(2, parts.Streams.Subscriptions);
        parts.Streams.Publish(new NoteCounts(3, 2, 0));
        Assert.Equal([0, 1, 2], writer.Likes);
        await parts.Check();
        await parts.Check();
        Assert.Equal(2, parts.Streams.Subscriptions);
    }

    [Fact]
    public async Task Check_StreamIsOnlyLate_StaysSubscribed()
    {
        var parts = new NoteParts();
        await parts.Channel.Watch(new NoteMailbox(new CountsWriter(), 10));
        parts.Grain.Counts = new NoteCounts(2, 1, 0);
        await parts.Check();
        parts.Streams.Publish(new NoteCounts(2, 1, 0));
        await parts.Check();

        Assert.Equal(1, parts.Streams.Subscriptions);
    }

    [Fact]
    public async Task Watch_NoSuchNoteOrDeleted_IsRefusedAndNobodyWatches()
    {
        var parts = new NoteParts { Grain = { Counts = null } };
        Assert.False(await parts.Channel.Watch(new NoteMailbox(new CountsWriter(), 10)));
        parts.Grain.Counts = new NoteCounts(3, 0, 0, Deleted: true);
        Assert.False(await parts.Channel.Watch(new NoteMailbox(new CountsWriter(), 10)));
        Assert.Equal(0, parts.Channel.Watchers);
    }

    [Fact]
    public async Task Patrol_NobodyWatches_AsksNothing()
    {
        var parts = new NoteParts();
        var mailbox = new NoteMailbox(new CountsWriter(), 10);
        await parts.Channel.Watch(mailbox);
        parts.Channel.Leave(mailbox);
        await parts.Check();

        Assert.Equal(1, parts.Grain.Watched);
    }

    [Fact]
    public async Task Port_OfNoUse_RetiresAfterAWhileAndHearsNothingMore()
    {
        var parts = new NoteParts();
        var mailbox = new NoteMailbox(new CountsWriter(), 10);
        await parts.Channel.Watch(mailbox);
        parts.Time.Advance(parts.Options.Linger);
        Assert.False(parts.Port.TryRetire());
        parts.Channel.Leave(mailbox);
        Assert.True(parts.Port.TryRetire());
        Assert.False(parts.Port.TryUse());
        await parts.Port.Close();
        Assert.False(parts.Streams.IsHeard);
    }

    [Fact]
    public void Port_OfANoteThatThereIsNot_RetiresAtOnce()
    {
        var parts = new NoteParts();
        Assert.False(parts.Port.TryRetire());
        parts.Port.NoteMissing();
        Assert.True(parts.Port.TryRetire());
    }

    [Fact]
    public async Task Mark_WhileABatchIsUnderWay_GathersTheRestInOrder()
    {
        var parts = new NoteParts();
        var first = new TaskCompletionSource<MarkOutcome>();
        parts.Grain.OnMark = _ => first.Task;
        var one = parts.Port.Mark(new SetMark(Ann, NoteMark.Like, true)).AsTask();
        parts.Grain.OnMark = batch => Task.FromResult(
            new MarkOutcome(CommandStatus.Done, [.. batch.Marks.Select((_, i) => 10 + i)]));
        var rest = Enumerable.Range(1, 3).Select(
            i => parts.Port.Mark(new SetMark(new UserId(i), NoteMark.Collect, i != 2)).AsTask()).ToList();
        first.SetResult(new MarkOutcome(CommandStatus.Done, [1]));

        Assert.Equal(new MarkCount(CommandStatus.Done, 1), await one);
        Assert.Equal([10, 11, 12], (await Task.WhenAll(rest)).Select(answer => answer.Count));
        Assert.Equal([(5L, 1L, 1), (5L, 2L, 3)], parts.Grain.Batches.Select(
            batch => (batch.Gateway, batch.Number, batch.Marks.Length)));
        Assert.Equal([true, false, true], parts.Grain.Batches[1].Marks.Select(mark => mark.On));
    }

    [Fact]
    public async Task Mark_OutcomeUnknownToTheNote_IsSentAgainUnderItsNumber()
    {
        var parts = new NoteParts { Options = { Pause = TimeSpan.FromMilliseconds(1) } };
        parts.Grain.OnMark = batch => Task.FromResult(parts.Grain.Batches.Count == 1
            ? new MarkOutcome(CommandStatus.TryAgain, [])
            : new MarkOutcome(CommandStatus.Done, [4]));
        var marking = parts.Port.Mark(new SetMark(Ann, NoteMark.Like, true)).AsTask();
        await Eventually.Holds(() =>
        {
            parts.Time.Advance(parts.Options.Pause);
            return marking.IsCompleted;
        });

        Assert.Equal(new MarkCount(CommandStatus.Done, 4), await marking);
        Assert.Equal([1, 1], parts.Grain.Batches.Select(batch => batch.Number));
    }

    [Fact]
    public void Mailbox_OlderCountsBehindNewerOnes_AreNotTold()
    {
        var writer = new CountsWriter();
        var mailbox = new NoteMailbox(writer, 10);
        var encoder = new FrameEncoder(new RoomHubProtocol());
        foreach (var version in new[] { 6, 5, 6, 7 })
        {
            mailbox.Push(new SharedCounts(NoteParts.Id, new NoteCounts(version, version, 0), encoder));
        }

        Assert.Equal([6, 6, 7], writer.Likes);
    }

    [Fact]
    public void Mailbox_NoteThatIsForgottenWhileOthersWait_DoesNotHoldThemUp()
    {
        var writer = new CountsWriter();
        writer.Stall();
        var mailbox = new NoteMailbox(writer, 10);
        var encoder = new FrameEncoder(new RoomHubProtocol());
        mailbox.Push(new SharedCounts(NoteParts.Id, new NoteCounts(1, 1, 0), encoder));
        mailbox.Push(new SharedCounts(new NoteId(78), new NoteCounts(1, 2, 0), encoder));
        mailbox.Push(new SharedCounts(NoteParts.Id, new NoteCounts(2, 3, 0), encoder));
        mailbox.Forget(new NoteId(78));
        writer.Release();

        Assert.Equal([1, 3], writer.Likes);
    }

    [Fact]
    public async Task Watched_AsManyAsThereMayBe_HasNoPlaceForAnother()
    {
        var parts = new NoteParts();
        var watched = new WatchedNotes(new CountsWriter(), most: 1);
        Assert.True(await watched.Watch(parts.Port));
        Assert.True(watched.HasPlaceFor(NoteParts.Id));
        Assert.False(watched.HasPlaceFor(new NoteId(78)));
        watched.Leave(NoteParts.Id);
        Assert.True(watched.HasPlaceFor(new NoteId(78)));
        Assert.Equal(0, parts.Channel.Watchers);
    }

    [Fact]
    public async Task Watched_AskedForAgainInVain_GoesOn()
    {
        var parts = new NoteParts { Grain = { Counts = new(4, 3, 0) } };
        var writer = new CountsWriter();
        var watched = new WatchedNotes(writer, most: 1);
        await watched.Watch(parts.Port);
        parts.Grain.OnWatch = () => throw new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => watched.Watch(parts.Port));
        parts.Streams.Publish(new NoteCounts(5, 4, 0));

        Assert.Equal([3, 4], writer.Likes);
    }

    [Fact]
    public async Task Watched_LeftWhileItBegins_IsNotWatched()
    {
        var parts = new NoteParts();
        var answer = new TaskCompletionSource<NoteCounts?>();
        parts.Grain.OnWatch = () => answer.Task;
        var watched = new WatchedNotes(new CountsWriter(), most: 1);
        var watching = watched.Watch(parts.Port);
        Assert.Equal(1, parts.Channel.Watchers);
        watched.Leave(NoteParts.Id);
        answer.SetResult(new NoteCounts(4, 3, 0));
        await watching;

        Assert.Equal(0, parts.Channel.Watchers);
    }

    [Fact]
    public async Task Mark_NotAnswered_IsSentAgainUnderItsNumberAndThenUnknown()
    {
        var parts = new NoteParts { Options = { Attempts = 2, Pause = TimeSpan.FromMilliseconds(1) } };
        parts.Grain.OnMark = _ => Task.FromException<MarkOutcome>(new TimeoutException());
        var unknown = parts.Port.Mark(new SetMark(Ann, NoteMark.Like, true)).AsTask();
        await Eventually.Holds(() =>
        {
            parts.Time.Advance(parts.Options.Pause);
            return unknown.IsCompleted;
        });
        parts.Grain.OnMark = _ => Task.FromResult(new MarkOutcome(CommandStatus.NotFound, []));
        var missing = await parts.Port.Mark(new SetMark(Ann, NoteMark.Like, true));

        Assert.Equal(CommandStatus.TryAgain, (await unknown).Status);
        Assert.Equal(CommandStatus.NotFound, missing.Status);
        Assert.Equal([1, 1, 2], parts.Grain.Batches.Select(batch => batch.Number));
    }
}
