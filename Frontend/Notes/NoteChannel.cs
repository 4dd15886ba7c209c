using RedNote.Frontend.Live;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <summary>
/// One note's way out on this front end: its stream is subscribed to once however many watch, and each count is
/// serialised once. Of the counts that come, by the stream or by asking, only newer ones are passed on.
/// </summary>
internal sealed partial class NoteChannel(
    NoteId note, INoteGrain grain, INoteStreams streams, FrameEncoder encoder, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<NoteMailbox> _watchers = [];
    private readonly ChannelSubscription<NoteCounts> _subscription = new(
        $"note {note}", onCounts => streams.Subscribe(note, onCounts), logger);
    private NoteCounts? _latest;
    private int _arriving;
    private bool _isAsking;

    /// <summary>The newest version that came by the stream.</summary>
    private long _heard;

    /// <summary>A version that was found by asking before the stream had brought it; 0: none.</summary>
    private long _missing;

    /// <summary>Connections that watch, and those that are about to: whose first counts take long must not end up on
    /// a channel that was closed meanwhile.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count + _arriving;
            }
        }
    }

    /// <summary>Sends the counts to a connection, now and whenever they change; false: there is no such note.</summary>
    public async Task<bool> Watch(NoteMailbox watcher)
    {
        lock (_gate)
        {
            _arriving++;
        }

        try
        {
            // The stream first, so that nothing changes between the two.
            await _subscription.Ensure(OnCounts);
            if (await grain.Watch() is not { Deleted: false } counts)
            {
                return false;
            }

            Take(counts, isAsked: false);
            lock (_gate)
            {
                _watchers.Add(watcher);
                watcher.Push(new SharedCounts(note, _latest!, encoder));
            }

            return true;
        }
        finally
        {
            lock (_gate)
            {
                _arriving--;
            }
        }
    }

    public void Leave(NoteMailbox watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    /// <summary>
    /// Asks the note for its counts, so that it goes on sending them. What the stream has not brought by the next time
    /// it is not going to bring: then it is subscribed to again.
    /// </summary>
    public async Task Check()
    {
        bool isDeaf;
        lock (_gate)
        {
            if (_isAsking || _watchers.Count == 0)
            {
                return;
            }

            isDeaf = _missing > _heard;
            (_isAsking, _missing) = (true, 0);
        }

        try
        {
            if (isDeaf)
            {
                LogDeaf(logger, note);
                await _subscription.Renew(OnCounts);
            }

            if (await grain.Watch() is { } counts)
            {
                Take(counts, isAsked: true);
            }
        }
        catch (Exception failure)
        {
            LogNotAsked(logger, failure, note);
        }
        finally
        {
            lock (_gate)
            {
                _isAsking = false;
            }
        }
    }

    public Task Close() => _subscription.End();

    private void OnCounts(NoteCounts counts)
    {
        lock (_gate)
        {
            _heard = Math.Max(_heard, counts.Version);
        }

        Take(counts, isAsked: false);
    }

    private void Take(NoteCounts counts, bool isAsked)
    {
        lock (_gate)
        {
            if (_latest is { } known && known.Version >= counts.Version)
            {
                return;
            }

            _missing = isAsked ? counts.Version : _missing;
            _latest = counts;
            // Under the lock, so that of two the newer is what a connection is told last; no write waits for a client.
            var shared = new SharedCounts(note, counts, encoder);
            foreach (var watcher in _watchers)
            {
                watcher.Push(shared);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The stream of note {Note} has gone deaf; subscribing again.")]
    private static partial void LogDeaf(ILogger logger, NoteId note);

    [LoggerMessage(LogLevel.Warning, "Note {Note} was not asked for its counts.")]
    private static partial void LogNotAsked(ILogger logger, Exception failure, NoteId note);
}
