namespace RedNote.Journal;

/// <summary>
/// One activation's right to append to one log. Lost for good when an append of it was refused or has an unknown
/// outcome: what that activation decided afterwards rests on something that may not be there.
/// </summary>
public sealed class JournalSession(LogId id)
{
    private volatile bool _isRefused;

    public LogId Id => id;

    public bool IsRefused => _isRefused;

    /// <summary>From now on the writer refuses everything of this session that it has not begun to write.</summary>
    public void Refuse() => _isRefused = true;
}
