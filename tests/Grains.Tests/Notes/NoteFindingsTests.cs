using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using RedNote.Journal;
using RedNote.Notes;

namespace RedNote.Grains.Tests.Notes;

/// <summary>What the simulation of notes, and a second reader, found in their grain and in the log below it.</summary>
public sealed class NoteFindingsTests : IAsyncLifetime
{
    private static readonly UserId Ann = new(7);
    private static readonly NoteContent Tea = new("Tea", "green", [], []);

    private readonly GrainCluster _cluster = new()
    {
        Bounds = bounds =>
        {
            bounds.SnapshotEvents = 1;
            bounds.SnapshotIntervalMs = 50;
            bounds.QueuedAppends = 1;
            bounds.LookAgainMs = 0;
        },
    };

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Deletion_WhoseActivationDiedBeforeItsSnapshot_LeavesTheSnapshotWithTheNext()
    {
        var note = await WrittenWithSnapshot(1);
        await _cluster.Journal.AppendElsewhere(new JournalAppend
        {
            Id = Log(1),
            FirstVersion = 2,
            Count = 1,
            At = 1,
            Payload = Encoding.UTF8.GetBytes("""[{"kind":"note.deleted","at":1}]"""),
        });
        Assert.Contains("green", Snapshot(note), StringComparison.Ordinal);

        await Eventually.Holds("a new activation", async () => await Get(note) is null);
        await Eventually.Holds(
            "a snapshot without the text", () => !Snapshot(note).Contains("green", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deletion_WhoseSnapshotFails_TakesAnotherWhenItIsAskedAgain()
    {
        var note = await WrittenWithSnapshot(2);
        _cluster.Storage.FailNextWrite(note.GetGrainId(), afterTakingEffect: false);
        Assert.Equal(CommandStatus.Done, await note.Delete(Ann));

        await Eventually.Holds("a snapshot without the text", async () =>
        {
            Assert.Null(await note.Get(null));
            return !Snapshot(note).Contains("green", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Write_WithoutRoomInTheJournal_WaitsForIt()
    {
        Task<NoteOutcome> first, second, third;
        using (_cluster.Journal.Hold())
        {
            first = Write(3);
            await _cluster.WhenAppending(Log(3));
            second = Write(4);
            var writer = _cluster.Services.GetRequiredService<JournalWriter>();
            await Eventually.Holds("a full queue", () => !writer.HasRoom);

            third = Write(5);
            Assert.False(third.IsCompleted);
        }

        Assert.All(
            await Task.WhenAll(first, second, third), outcome => Assert.Equal(CommandStatus.Done, outcome.Status));
    }

    [Fact]
    public async Task Change_WhileWatched_TellsTheVersionThatItMakes()
    {
        var note = await WrittenWithSnapshot(6);
        var told = 0L;
        await _cluster.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<NoteCounts>(StreamNames.Note(new NoteId(6))).SubscribeAsync((counts, _) =>
            {
                Volatile.Write(ref told, counts.Version);
                return Task.CompletedTask;
            });
        await note.Watch();
        await note.Change(Ann, new NoteChange("Coffee", null, null, null));

        await Eventually.Holds("the version is told", () => Volatile.Read(ref told) == 2);
    }

    private async Task<INoteGrain> WrittenWithSnapshot(long id)
    {
        Assert.Equal(CommandStatus.Done, (await Write(id)).Status);
        var note = Note(id);
        await Eventually.Holds("a snapshot", () => Snapshot(note).Contains("green", StringComparison.Ordinal));
        return note;
    }

    private Task<NoteOutcome> Write(long id) => Note(id).Write(new WriteNote(Ann, "Ann", Tea, "k"));

    private INoteGrain Note(long id) => _cluster.Grains.Note(new NoteId(id));

    /// <summary>Text that any activation may show, or null; one that finds itself overtaken shows nothing.</summary>
    private static async Task<Note?> Get(INoteGrain note)
    {
        while (true)
        {
            try
            {
                return await note.Get(null);
            }
            catch (TryAgainException)
            {
                // The next activation answers.
            }
        }
    }

    private string Snapshot(INoteGrain note) => _cluster.Storage.Stored("log-note", note.GetGrainId()) ?? "";

    private static LogId Log(long id) => new(NoteServices.Log, new NoteId(id).ToString());
}
