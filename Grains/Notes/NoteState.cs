using RedNote.Journal;

namespace RedNote.Notes;

/// <summary>A note as its events made it.</summary>
internal sealed class NoteState : IEventState<NoteEvent>
{
    /// <summary>What is left of what was said.</summary>
    public static readonly NoteContent Nothing = new("", "", [], []);

    public NoteState()
    {
    }

    public NoteState(StoredNote stored)
    {
        Written = stored.Written;
        Content = stored.Content ?? Nothing;
        ContentVersion = stored.ContentVersion;
        EditedAt = stored.EditedAt;
        IsDeleted = stored.IsDeleted;
        Marks = MarkBook.Read(stored.Marks);
    }

    /// <summary>The first event, without what it said; null: there is no such note.</summary>
    public NoteWritten? Written { get; private set; }

    /// <summary>What it says now.</summary>
    public NoteContent Content { get; private set; } = Nothing;

    /// <summary>Version of the one event that holds it.</summary>
    public long ContentVersion { get; private set; }

    public long? EditedAt { get; private set; }

    public bool IsDeleted { get; private set; }

    public MarkBook Marks { get; private set; } = new();

    public void Apply(NoteEvent raised)
    {
        switch (raised)
        {
            case NoteMarked marked:
                foreach (var user in marked.Users)
                {
                    Marks.Set(user, marked.Mark, marked.On);
                }

                break;
            case NoteWritten written:
                (Content, ContentVersion) = (written.Content, 1);
                Written = written with { Content = Nothing };
                break;
            case NoteChanged changed:
                (Content, ContentVersion, EditedAt) = (changed.Content, changed.Version, changed.At);
                break;
            case NoteDeleted:
                (IsDeleted, Content, Marks) = (true, Nothing, new MarkBook());
                break;
            default:
                throw new ArgumentException($"A note does not know {raised.GetType().Name}.", nameof(raised));
        }
    }

    public StoredNote ToStored() => new()
    {
        Written = Written,
        Content = Content,
        ContentVersion = ContentVersion,
        EditedAt = EditedAt,
        IsDeleted = IsDeleted,
        Marks = Marks.Write(),
    };
}
