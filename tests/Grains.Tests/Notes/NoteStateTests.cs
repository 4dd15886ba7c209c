using System.Collections.Immutable;
using RedNote.Notes;

namespace RedNote.Grains.Tests.Notes;

/// <summary>What a note's events and batches of marks amount to, without a silo.</summary>
public sealed class NoteStateTests
{
    private static readonly UserId Ann = new(7);
    private static readonly UserId Bea = new(8);

    private static NoteState Written()
    {
        var state = new NoteState();
        state.Apply(new NoteWritten(1, Ann, "Ann", new NoteContent("Tea", "a\nb", [], ["tea"]), "k", 5));
        return state;
    }

    [Fact]
    public void Decide_EveryoneChangesTheirMind_CountsAtEachStepAndRaisesWhatIsLeft()
    {
        var state = Written();
        state.Apply(new NoteMarked(2, NoteMark.Like, On: true, [Bea]));

        var (counts, events) = Decide(
            state,
            new SetMark(Ann, NoteMark.Like, true),
            new SetMark(Bea, NoteMark.Like, false),
            new SetMark(Ann, NoteMark.Collect, true),
            new SetMark(Ann, NoteMark.Like, true),
            new SetMark(Bea, NoteMark.Like, true),
            new SetMark(Ann, NoteMark.Collect, false));

        Assert.Equal([2, 1, 1, 1, 2, 0], counts);
        var marked = Assert.IsType<NoteMarked>(Assert.Single(events));
        Assert.Equal((NoteMark.Like, true), (marked.Mark, marked.On));
        Assert.Equal([Ann], marked.Users);
    }

    [Fact]
    public void Decide_OnlyRepeats_RaisesNothing()
    {
        var state = Written();
        state.Apply(new NoteMarked(2, NoteMark.Like, On: true, [Bea]));

        var (counts, events) = Decide(
            state, new SetMark(Bea, NoteMark.Like, true), new SetMark(Ann, NoteMark.Collect, false));

        Assert.Equal([1, 0], counts);
        Assert.Empty(events);
    }

    [Fact]
    public void Batches_Random_AgreeWithSets()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var state = Written();
            var sets = new Dictionary<NoteMark, HashSet<UserId>> { [NoteMark.Like] = [], [NoteMark.Collect] = [] };
            var draft = new MarkDraft();
            for (var batch = 0; batch < 20; batch++)
            {
                var marks = Enumerable.Range(0, random.Next(1, 60)).Select(_ => new SetMark(
                    new UserId(random.Next(1, 20)), random.Next(3) == 0 ? NoteMark.Collect : NoteMark.Like,
                    random.Next(3) > 0)).ToImmutableArray();
                var events = new List<NoteEvent>();
                var counts = draft.Decide(state.Marks, marks, 1, events);
                for (var i = 0; i < marks.Length; i++)
                {
                    var set = sets[marks[i].Mark];
                    _ = marks[i].On ? set.Add(marks[i].User) : set.Remove(marks[i].User);
                    Assert.Equal(set.Count, counts[i]);
                }

                events.ForEach(state.Apply);
                state = new NoteState(state.ToStored());
                Assert.Equal(
                    (sets[NoteMark.Like].Count, sets[NoteMark.Collect].Count),
                    (state.Marks[NoteMark.Like], state.Marks[NoteMark.Collect]));
                Assert.All(sets, one => Assert.All(one.Value, user => Assert.True(state.Marks.Holds(user, one.Key))));
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 5 })]
    [InlineData(new byte[] { 5, 4 })]
    [InlineData(new byte[] { 0, 1 })]
    public void Book_FromBrokenBytes_IsRefused(byte[] written)
        => Assert.Throws<FormatException>(() => MarkBook.Read(written));

    [Fact]
    public void Snapshot_OfEverything_IsTheSame()
    {
        var state = Written();
        state.Apply(new NoteMarked(2, NoteMark.Collect, On: true, [Bea]));
        state.Apply(new NoteChanged(3, new NoteContent("Coffee", "", ["/a.png"], []), 3));
        var read = new NoteState(state.ToStored());

        Assert.Equal(("Coffee", 3, 3), (read.Content.Title, read.ContentVersion, read.EditedAt));
        Assert.Equal((Ann, "k", 5), (read.Written!.Author, read.Written.Key, read.Written.Check));
        Assert.Equal("", read.Written.Content.Title);

        read.Apply(new NoteDeleted(4));
        read = new NoteState(read.ToStored());
        Assert.True(read.IsDeleted);
        Assert.Equal((0, ""), (read.Marks[NoteMark.Collect], read.Content.Title));
    }

    private static (ImmutableArray<int> Counts, List<NoteEvent> Events) Decide(
        NoteState state, params SetMark[] marks)
    {
        var events = new List<NoteEvent>();
        return (new MarkDraft().Decide(state.Marks, [.. marks], 9, events), events);
    }
}
