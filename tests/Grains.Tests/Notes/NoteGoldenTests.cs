using RedNote.Grains.Tests.Journal;
using RedNote.Notes;

namespace RedNote.Grains.Tests.Notes;

public sealed class NoteGoldenTests() : GoldenEventTests<NoteEvent>("note", NoteJson.Journal.NoteEvent)
{
    private const long At = 1_763_700_000_000;

    private static readonly NoteContent Content = new(
        "早春通勤 & more", "第一套：\n白衬衫", ["/covers/1.jpg", "https://img.example/2.jpg"], ["穿搭", "spring"]);

    protected override IEnumerable<NoteEvent> Samples =>
    [
        new NoteWritten(At, new UserId(42), "美美", Content, "note-1", 3_405_691_582),
        new NoteChanged(At, Content, 17),
        new NoteDeleted(At),
        new NoteMarked(At, NoteMark.Like, On: true, [new UserId(8_000_000_000_000_000_001), new UserId(43)]),
    ];
}
