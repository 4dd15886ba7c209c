namespace RedNote.Silo.Journal;

/// <summary>
/// The keys that protect tokens, kept with the data: tokens survive a restart and hold on every front end. Few and
/// rarely read, so calls block. Both throw <see cref="RedNote.Journal.JournalUnavailableException"/>.
/// </summary>
public interface IProtectionKeyStore
{
    /// <summary>Every key ever added, as XML, oldest first.</summary>
    IReadOnlyList<string> ReadAll();

    /// <summary>Adds a key; durable when the call returns. A name that is there already is replaced.</summary>
    void Add(string name, string xml);
}
