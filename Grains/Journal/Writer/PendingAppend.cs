using Orleans.Storage;

namespace RedNote.Journal;

/// <summary>An append that somebody waits for. Answered once; who comes second changes nothing.</summary>
internal sealed class PendingAppend(JournalSession session, JournalAppend append, long at)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public JournalSession Session => session;

    public JournalAppend Append => append;

    /// <summary>When it came, as a timestamp of the clock.</summary>
    public long At => at;

    public void Stored() => TrySetResult();

    /// <summary>Another activation appends to the log.</summary>
    public void Refuse()
    {
        session.Refuse();
        Answer(new InconsistentStateException(
            $"Log {append.Id} goes on from another version than {append.FirstVersion - 1}: another activation has "
                + "appended, or an append before this one was refused."));
    }

    /// <summary>The outcome is unknown.</summary>
    public void Fail(Exception error)
    {
        // What needs no version contradicts nobody, so that its failure ends nothing.
        if (append.Count > 0)
        {
            session.Refuse();
        }

        Answer(error);
    }

    private void Answer(Exception error)
    {
        if (TrySetException(error))
        {
            // Observed here, as nobody may be waiting.
            _ = Task.Exception;
        }
    }
}
