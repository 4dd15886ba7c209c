using RedNote.Frontend.Live;

namespace RedNote.Frontend.Notes;

/// <summary>The notes that one connection watches.</summary>
internal sealed class WatchedNotes(IFrameWriter writer, int most)
{
    private readonly Lock _gate = new();
    private readonly NoteMailbox _mailbox = new(writer, most);
    private readonly Dictionary<NoteId, NotePort> _watched = [];
    private bool _closed;

    /// <summary>Takes a place for a note; false: there is none, or the connection is gone.</summary>
    public bool TryTake(NotePort port)
    {
        lock (_gate)
        {
            if (_closed || (_watched.Count >= most && !_watched.ContainsKey(port.Note)))
            {
                return false;
            }

            _watched[port.Note] = port;
            return true;
        }
    }

    /// <summary>Begins to watch a note that has a place; false: there is no such note.</summary>
    public async Task<bool> Watch(NotePort port)
    {
        var isThere = false;
        try
        {
            isThere = await port.Channel.Watch(_mailbox);
            return isThere;
        }
        finally
        {
            if (!isThere)
            {
                Leave(port.Note);
            }
            else if (!Holds(port))
            {
                // It was left meanwhile, or the connection has ended: nobody else takes it out again.
                port.Channel.Leave(_mailbox);
            }
        }
    }

    public void Leave(NoteId note)
    {
        NotePort? left;
        lock (_gate)
        {
            _watched.Remove(note, out left);
        }

        left?.Channel.Leave(_mailbox);
    }

    /// <summary>The connection has ended.</summary>
    public void Close()
    {
        NotePort[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _watched.Values];
            _watched.Clear();
        }

        foreach (var port in left)
        {
            port.Channel.Leave(_mailbox);
        }

        _mailbox.Close();
    }

    private bool Holds(NotePort port)
    {
        lock (_gate)
        {
            return _watched.TryGetValue(port.Note, out var watched) && watched == port;
        }
    }
}
