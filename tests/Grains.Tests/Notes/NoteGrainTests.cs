using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Orleans.Streams;
using RedNote.Journal;
using RedNote.Notes;

namespace RedNote.Grains.Tests.Notes;

public sealed class NoteGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Ann = new(7);
    private static readonly UserId Bea = new(8);
    private static readonly NoteContent Tea = new("Tea", "green\nblack", ["/tea.jpg"], ["tea"]);
    private static long _lastId = 400;
    private static long _lastBatch;

    [Fact]
    public async Task Write_ThenGet_IsAsEachReaderSeesIt()
    {
        var (id, note) = await Written();
        await Mark(note, Like(Bea), new SetMark(Ann, NoteMark.Collect, true));

        var forBea = (await note.Get(Bea))!;
        Assert.Equal((id, Ann, "Ann"), (forBea.NoteId, forBea.AuthorId, forBea.AuthorName));
        Assert.Equal(("Tea", "green\nblack"), (forBea.Content.Title, forBea.Content.Body));
        Assert.Equal(["/tea.jpg"], forBea.Content.Images);
        Assert.Equal((1, 1), (forBea.Counts.Likes, forBea.Counts.Collects));
        Assert.Equal((true, false), (forBea.Liked, forBea.Collected));
        var forAnn = (await note.Get(Ann))!;
        Assert.Equal((false, true, null), (forAnn.Liked, forAnn.Collected, forAnn.EditedAt));
        Assert.Null((await note.Get(null))!.Liked);
        Assert.Null(await Next().Note.Get(null));
    }

    [Fact]
    public async Task Write_SameKey_GivesTheNoteOnceAndOnlyForTheSame()
    {
        var (_, note) = await Written();

        var again = await note.Write(new WriteNote(Ann, "Ann", Tea, "k"));
        Assert.Equal((CommandStatus.Done, "Tea"), (again.Status, again.Note!.Content.Title));
        Assert.Equal(
            CommandStatus.Conflict, (await note.Write(new WriteNote(Ann, "Ann", Tea with { Body = "" }, "k"))).Status);
        Assert.Equal(CommandStatus.Forbidden, (await note.Write(new WriteNote(Ann, "Ann", Tea, "k2"))).Status);
        Assert.Equal(CommandStatus.Forbidden, (await note.Write(new WriteNote(Bea, "Bea", Tea, "k"))).Status);
        await note.Delete(Ann);
        Assert.Equal(CommandStatus.Conflict, (await note.Write(new WriteNote(Ann, "Ann", Tea, "k"))).Status);
    }

    public static TheoryData<string, string, string[], string[]> Unsound() => new()
    {
        { "", "", [], [] },
        { " Tea", "", [], [] },
        { "a\nb", "", [], [] },
        { new string('x', 61), "", [], [] },
        { "Tea", "a\r\nb", [], [] },
        { "Tea", new string('x', 10_001), [], [] },
        { "Tea", "", ["http://img.example/a.png"], [] },
        { "Tea", "", [.. Enumerable.Repeat("/a.png", 19)], [] },
        { "Tea", "", [], ["#tea"] },
        { "Tea", "", [], ["tea", "tea"] },
        { "Tea", "", [], [new string('x', 21)] },
    };

    [Theory, MemberData(nameof(Unsound))]
    public async Task WriteAndChange_WhatNoNoteMaySay_IsInvalid(
        string title, string body, string[] images, string[] tags)
    {
        var content = new NoteContent(title, body, [.. images], [.. tags]);
        var (_, fresh) = Next();
        Assert.Equal(CommandStatus.Invalid, (await fresh.Write(new WriteNote(Ann, "Ann", content, "k"))).Status);
        Assert.Null(await fresh.Get(null));

        var (_, note) = await Written();
        var change = new NoteChange(title, body, content.Images, content.Tags);
        Assert.Equal(CommandStatus.Invalid, (await note.Change(Ann, change)).Status);
        Assert.Equal("Tea", (await note.Get(null))!.Content.Title);
    }

    [Fact]
    public async Task ChangeAndDelete_ByOthers_AreForbidden()
    {
        var (_, note) = await Written();

        var change = new NoteChange("Mine", null, null, null);
        Assert.Equal(CommandStatus.Forbidden, (await note.Change(Bea, change)).Status);
        Assert.Equal(CommandStatus.Forbidden, await note.Delete(Bea));
        Assert.Equal("Tea", (await note.Get(null))!.Content.Title);
        Assert.Equal(CommandStatus.NotFound, await Next().Note.Delete(Ann));
    }

    [Fact]
    public async Task Change_WhatIsGiven_LeavesTheRestAndNoTraceOfWhatWas()
    {
        var (id, note) = await Written();
        await Mark(note, Like(Bea));

        var changed = await note.Change(Ann, new NoteChange(null, "oolong", null, ["新茶"]));
        Assert.Equal(("Tea", "oolong"), (changed.Note!.Content.Title, changed.Note.Content.Body));
        Assert.NotNull(changed.Note.EditedAt);
        Assert.DoesNotContain("black", await Stored(id), StringComparison.Ordinal);

        await note.Change(Ann, new NoteChange("Coffee", "", [], []));
        var stored = await Stored(id);
        Assert.DoesNotContain("oolong", stored, StringComparison.Ordinal);
        Assert.Contains("Coffee", stored, StringComparison.Ordinal);
        var read = (await note.Get(Bea))!;
        Assert.Equal(("Coffee", "", 1, true), (read.Content.Title, read.Content.Body, read.Counts.Likes, read.Liked));
    }

    [Fact]
    public async Task Change_ToTheSame_IsDoneAndRaisesNothing()
    {
        var (id, note) = await Written();
        var head = await Head(id);

        var same = await note.Change(Ann, new NoteChange("Tea", null, Tea.Images, null));

        Assert.Equal((CommandStatus.Done, null), (same.Status, same.Note!.EditedAt));
        Assert.Equal(head, await Head(id));
    }

    [Fact]
    public async Task Delete_Done_LeavesNothingToReadOrLike()
    {
        var (id, note) = await Written();
        await Mark(note, Like(Bea));

        Assert.Equal(CommandStatus.Done, await note.Delete(Ann));
        Assert.Equal(CommandStatus.Done, await note.Delete(Ann));

        Assert.Null(await note.Get(Ann));
        Assert.Equal(CommandStatus.NotFound, (await Mark(note, Like(Bea))).Status);
        Assert.Equal(CommandStatus.NotFound, (await note.Change(Ann, new NoteChange("x", null, null, null))).Status);
        Assert.Equal(CommandStatus.NotFound, await note.Delete(Bea));
        Assert.DoesNotContain("green", await Stored(id), StringComparison.Ordinal);
        var counts = (await note.Watch())!;
        Assert.Equal((0, 0, true), (counts.Likes, counts.Collects, counts.Deleted));
    }

    [Fact]
    public async Task Mark_OnceEach_CountsWhoDoesIt()
    {
        var (id, note) = await Written();

        Assert.Equal([1, 2, 2], (await Mark(note, Like(Ann), Like(Bea), Like(Bea))).Counts);
        Assert.Equal([1], (await Mark(note, new SetMark(Bea, NoteMark.Like, false))).Counts);
        var head = await Head(id);
        Assert.Equal([1], (await Mark(note, new SetMark(Bea, NoteMark.Like, false))).Counts);
        Assert.Equal(head, await Head(id));
        Assert.Equal(CommandStatus.NotFound, (await Mark(Next().Note, Like(Ann))).Status);
    }

    [Fact]
    public async Task Mark_BatchThatIsNone_IsInvalid()
    {
        var (_, note) = await Written();
        foreach (var marks in (ImmutableArray<SetMark>[])
            [
                [],
                default,
                [Like(default)],
                [new SetMark(Ann, (NoteMark)9, true)],
                [.. Enumerable.Repeat(Like(Ann), 513)],
            ])
        {
            Assert.Equal(CommandStatus.Invalid, (await note.Mark(new MarkBatch(1, 1, marks))).Status);
        }

        Assert.Equal(0, (await note.Get(null))!.Counts.Likes);
    }

    [Fact]
    public async Task Mark_BatchThatComesLate_ChangesNothing()
    {
        var (_, note) = await Written();
        await note.Mark(new MarkBatch(55, 1, [Like(Ann)]));
        await note.Mark(new MarkBatch(55, 2, [new SetMark(Ann, NoteMark.Like, false)]));

        Assert.Equal(CommandStatus.WrongState, (await note.Mark(new MarkBatch(55, 1, [Like(Ann)]))).Status);
        Assert.False((await note.Get(Ann))!.Liked);
        // The same number is the same batch, and another gateway's numbers are its own.
        Assert.Equal(
            CommandStatus.Done,
            (await note.Mark(new MarkBatch(55, 2, [new SetMark(Ann, NoteMark.Like, false)]))).Status);
        Assert.Equal(CommandStatus.Done, (await note.Mark(new MarkBatch(56, 1, [Like(Ann)]))).Status);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Mark_WriteFails_IsUnknownAndARetryCountsOnce(bool afterTakingEffect)
    {
        var (id, note) = await Written();
        cluster.Journal.FailNext(Log(id), afterTakingEffect);

        Assert.Equal(CommandStatus.TryAgain, (await Mark(note, Like(Bea))).Status);

        await Eventually.Holds("the like is taken", async () => await Mark(note, Like(Bea))
            is { Status: CommandStatus.Done, Counts: [1] });
        Assert.Equal(1, (await note.Get(null))!.Counts.Likes);
    }

    [Fact]
    public async Task Mark_AnotherActivationHasTakenItBack_IsNotAnsweredAsSo()
    {
        var (id, note) = await Written();
        await Mark(note, Like(Bea));
        await cluster.Journal.AppendElsewhere(new JournalAppend
        {
            Id = Log(id),
            FirstVersion = await Head(id) + 1,
            Count = 1,
            At = 1,
            Payload = Encoding.UTF8.GetBytes(
                $$"""[{"kind":"note.marked","mark":"like","on":false,"users":["{{Bea}}"],"at":1}]"""),
        });

        Assert.Equal(CommandStatus.TryAgain, (await Mark(note, Like(Bea))).Status);
        await Eventually.Holds("the like is taken", async () => await Mark(note, Like(Bea))
            is { Status: CommandStatus.Done, Counts: [1] });
    }

    [Fact]
    public async Task Watch_WhileWatched_TellsWhatIsDurableAndLastWhatIsSoNow()
    {
        var (id, note) = await Written();
        var news = new News();
        await cluster.Client.GetStreamProvider(StreamNames.Provider).GetStream<NoteCounts>(StreamNames.Note(id))
            .SubscribeAsync(news);
        await Mark(note, Like(Ann));
        Assert.Equal(1, (await note.Watch())!.Likes);
        Assert.Empty(news.Counts);

        Task<MarkOutcome> marking;
        using (cluster.Journal.Hold())
        {
            marking = Mark(note, Like(Bea), new SetMark(Bea, NoteMark.Collect, true));
            await cluster.WhenAppending(Log(id));
            Assert.Empty(news.Counts);
        }

        await marking;
        await note.Watch();
        await Eventually.Holds("both are told", () => news.Counts.LastOrDefault() is { Likes: 2, Collects: 1 });
        await note.Watch();
        await Mark(note, new SetMark(Ann, NoteMark.Like, false));
        await Eventually.Holds("the last is told", () => news.Counts.LastOrDefault() is { Likes: 1 });
        await note.Watch();
        var edited = (await note.Change(Ann, new NoteChange("Coffee", null, null, null))).Note!.Counts.Version;
        await Eventually.Holds("an edit is a version, too", () => news.Counts.LastOrDefault()?.Version == edited);
        await note.Watch();
        await note.Delete(Ann);
        await Eventually.Holds("the end is told", () => news.Counts.LastOrDefault() is { Deleted: true, Likes: 0 });
        Assert.Equal(news.Counts.Select(one => one.Version).Order().Distinct(), news.Counts.Select(one => one.Version));
        Assert.Null(await Next().Note.Watch());
    }

    [Fact]
    public async Task DeleteAndChange_OnceInASnapshot_LeaveNothingThere()
    {
        var (id, note) = await Written();
        string? Snapshot() => cluster.Storage.Stored("log-note", note.GetGrainId());
        await note.Change(Ann, new NoteChange("Oolong", null, null, null));
        await Eventually.Holds(
            "a snapshot", () => Snapshot()?.Contains("Oolong", StringComparison.Ordinal) ?? false);
        await note.Change(Ann, new NoteChange("Coffee", null, null, null));
        await Eventually.Holds(
            "one of the change", () => !Snapshot()!.Contains("Oolong", StringComparison.Ordinal));
        await note.Delete(Ann);
        await Eventually.Holds(
            "one of the deletion", () => !Snapshot()!.Contains("Coffee", StringComparison.Ordinal));
        Assert.DoesNotContain("Coffee", await Stored(id), StringComparison.Ordinal);
    }

    private static SetMark Like(UserId user) => new(user, NoteMark.Like, true);

    private static LogId Log(NoteId id) => new(NoteServices.Log, id.ToString());

    private static Task<MarkOutcome> Mark(INoteGrain note, params SetMark[] marks)
        => note.Mark(new MarkBatch(1, Interlocked.Increment(ref _lastBatch), [.. marks]));

    private (NoteId Id, INoteGrain Note) Next()
    {
        var id = new NoteId(Interlocked.Increment(ref _lastId));
        return (id, cluster.Grains.Note(id));
    }

    private async Task<(NoteId Id, INoteGrain Note)> Written()
    {
        var (id, note) = Next();
        Assert.Equal(CommandStatus.Done, (await note.Write(new WriteNote(Ann, "Ann", Tea, "k"))).Status);
        return (id, note);
    }

    private Task<long> Head(NoteId id) => cluster.Journal.ReadHeadAsync(Log(id), CancellationToken.None);

    /// <summary>All events as they are stored.</summary>
    private async Task<string> Stored(NoteId id)
    {
        var rows = await cluster.Journal.ReadAsync(Log(id), new VersionRange(1), 1_000, CancellationToken.None);
        return string.Join('\n', rows.Select(row => Encoding.UTF8.GetString(row.Payload.Span)));
    }

    /// <summary>What a front end hears.</summary>
    private sealed class News : IAsyncObserver<NoteCounts>
    {
        public ConcurrentQueue<NoteCounts> Counts { get; } = new();

        public Task OnNextAsync(NoteCounts item, StreamSequenceToken? token = null)
        {
            Counts.Enqueue(item);
            return Task.CompletedTask;
        }

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}
