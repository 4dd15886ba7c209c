using RedNote.Journal;

namespace RedNote.Silo.Tests.Journal;

public sealed class MemoryJournalStoreTests : JournalStoreTests
{
    protected override IJournalStore Open(IReadOnlyList<ProjectionTable> tables) => new MemoryJournalStore(tables);
}
