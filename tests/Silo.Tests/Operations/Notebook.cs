using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Silo.Tests.Operations;

/// <summary>A kind of log for these tests: notes that are written, blanked and torn out.</summary>
internal sealed class Notebook : IEventState<NotebookEvent>
{
    public const string Log = "notebook";

    private readonly SortedDictionary<long, string> _pages = [];

    public static EventLogDefinition<Notebook, NotebookEvent> Definition { get; } = new()
    {
        Name = Log,
        Create = () => new Notebook(),
        Event = NotebookJson.Instance.NotebookEvent,
        Snapshot = new SnapshotForm<Notebook, NotebookDocument>(
            NotebookJson.Instance.NotebookDocument,
            book => new NotebookDocument([.. book._pages.Select(page => new PageDocument(page.Key, page.Value))]),
            From),
        Projections = [new PageProjection(), new DraftProjection(), new TextProjection()],
        Effects = raised => raised is PageWritten { Text: "tell" } ? [new EffectDraft("reader/1", "{}")] : [],
        Wake = (_, _) => Task.CompletedTask,
    };

    public void Apply(NotebookEvent raised)
    {
        switch (raised)
        {
            case PageWritten written:
                _pages[written.Page] = written.Text;
                break;
            case PageTorn torn:
                _pages.Remove(torn.Page);
                break;
        }
    }

    private static Notebook From(NotebookDocument document)
    {
        var book = new Notebook();
        foreach (var page in document.Pages)
        {
            book._pages[page.Number] = page.Text;
        }

        return book;
    }

    /// <summary>Which pages were ever written, as a table that is written late.</summary>
    private sealed class DraftProjection : IProjection<NotebookEvent>
    {
        public ProjectionTable Table { get; } = new(
            "drafts",
            keyColumns: 1,
            [
                new ProjectionColumn("version", ProjectionType.Integer),
                new ProjectionColumn("page", ProjectionType.Integer),
            ]);

        public bool IsLate => true;

        public IEnumerable<ProjectionChange> Project(long version, long at, NotebookEvent raised)
            => raised is PageWritten written ? [new UpsertRow(Table, [version, written.Page])] : [];
    }

    /// <summary>What pages say, to be searched.</summary>
    internal sealed class TextProjection : IProjection<NotebookEvent>
    {
        public ProjectionTable Table { get; } = new(
            "texts",
            keyColumns: 1,
            [new ProjectionColumn("page", ProjectionType.Integer), new ProjectionColumn("text", ProjectionType.Text)],
            searched: "text");

        public IEnumerable<ProjectionChange> Project(long version, long at, NotebookEvent raised)
        {
            yield return raised switch
            {
                PageWritten written => new UpsertRow(Table, [written.Page, written.Text]),
                PageTorn torn => new DeleteRows(Table, [new("page", Comparison.Equal, torn.Page)]),
                _ => throw new InvalidOperationException($"{raised} is not known here."),
            };
        }
    }

    private sealed class PageProjection : IProjection<NotebookEvent>
    {
        public ProjectionTable Table { get; } = new(
            "pages",
            keyColumns: 1,
            [
                new ProjectionColumn("page", ProjectionType.Integer),
                new ProjectionColumn("text", ProjectionType.Text),
                new ProjectionColumn("at", ProjectionType.Integer),
            ]);

        public IEnumerable<ProjectionChange> Project(long version, long at, NotebookEvent raised)
        {
            yield return raised switch
            {
                PageWritten written => new UpsertRow(Table, [written.Page, written.Text, at]),
                PageTorn torn => new DeleteRows(Table, [new("page", Comparison.Equal, torn.Page)]),
                _ => throw new InvalidOperationException($"{raised} is not known here."),
            };
        }
    }
}

[JsonPolymorphic(
    TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(PageWritten), "page.written")]
[JsonDerivedType(typeof(PageTorn), "page.torn")]
internal abstract record NotebookEvent;

internal sealed record PageWritten(long Page, string Text) : NotebookEvent;

internal sealed record PageTorn(long Page) : NotebookEvent;

internal sealed record NotebookDocument(List<PageDocument> Pages);

internal sealed record PageDocument(long Number, string Text);

[JsonSerializable(typeof(NotebookEvent))]
[JsonSerializable(typeof(NotebookDocument))]
internal sealed partial class NotebookJson : JsonSerializerContext
{
    public static NotebookJson Instance { get; } = new(JournalJson.CreateOptions());
}
