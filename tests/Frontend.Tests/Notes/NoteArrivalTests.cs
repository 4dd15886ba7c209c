using RedNote.Frontend.Notes;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Notes;

namespace RedNote.Frontend.Tests.Notes;

/// <summary>What the simulation of notes found in a port: somebody's first counts may take long.</summary>
public sealed class NoteArrivalTests
{
    [Fact]
    public async Task Port_SomebodyIsAboutToWatch_IsNotRetired()
    {
        var subscribed = new TaskCompletionSource();
        var parts = new NoteParts { Streams = { Answer = subscribed.Task } };
        var writer = new CountsWriter();
        var watching = parts.Channel.Watch(new NoteMailbox(writer, 10));
        parts.Time.Advance(parts.Options.Linger);
        Assert.False(parts.Port.TryRetire());
        parts.Port.NoteMissing();
        Assert.False(parts.Port.TryRetire());

        subscribed.SetResult();
        Assert.True(await watching);
        parts.Streams.Publish(new NoteCounts(2, 1, 0));
        Assert.Equal([0, 1], writer.Likes);
    }

    [Fact]
    public async Task Port_NobodyCouldWatch_RetiresAfterAWhile()
    {
        var parts = new NoteParts { Streams = { Answer = Task.FromException(new TimeoutException()) } };
        await Assert.ThrowsAsync<TimeoutException>(
            () => parts.Channel.Watch(new NoteMailbox(new CountsWriter(), 10)));
        parts.Time.Advance(parts.Options.Linger);
        Assert.True(parts.Port.TryRetire());
    }
}
