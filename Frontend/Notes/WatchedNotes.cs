using RedNote.Frontend.Live;

namespace RedNote.Frontend.Notes;

/// <summary>The notes that one connection watches.</summary>
internal sealed class WatchedNotes(IFrameWriter writer, int most)
{
    private readonly Lock _gate = new();
    private readonly NoteMailbox _mailbox = new(writer, most);
    private readonly Dictionary<NoteId, NotePort> _watched = [];
    private bool _closed;

    /// <summary>Whether the connection may watch that note, too.</summary>
    public bool HasPlaceFor(NoteId note)
    {
        lock (_gate)
        {
            return _watched.Count < most || _watched.ContainsKey(note);
        }
    }

    /// <summary>Begins to watch a note, or is told again what is so; false: there is no such note.</summary>
    public async Task<bool> Watch(NotePort port)
    {
        bool isNew;
        NotePort? before;
        lock (_gate)
        {
            if (_closed)
            {
                return true;
            }

            // Another port of the same note, if that one was let go meanwhile.
            isNew = !_watched.TryGetValue(port.Note, out before) || before != port;
            _watched[port.Note] = port;
        }

        if (isNew)
        {
            before?.Channel.Leave(_mailbox);
        }

        var isThere = false;
        try
        {
            isThere = await port.Channel.Watch(_mailbox);
            return isThere;
        }
        finally
        {
            // Who asked again and failed does not end what was asked for before; a note that is gone is gone for all.
            if (!isThere && isNew)
            {
                Leave(port);
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

    private void Leave(NotePort port)
    {
        lock (_gate)
        {
            if (_watched.GetValueOrDefault(port.Note) == port)
            {
                _watched.Remove(port.Note);
            }
        }

        port.Channel.Leave(_mailbox);
    }

    private bool Holds(NotePort port)
    {
        lock (_gate)
        {
            return _watched.GetValueOrDefault(port.Note) == port;
        }
    }
}
