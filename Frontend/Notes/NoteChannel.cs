using RedNote.Frontend.Live;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <summary>
/// One note's way out on this front end: its stream is subscribed to once however many watch, and each count is
/// serialised once. Of the counts that come, by the stream or by asking, only newer ones are passed on.
/// </summary>
internal sealed partial class NoteChannel
{
    private readonly NoteId _note;
    private readonly INoteGrain _grain;
    private readonly FrameEncoder _encoder;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly FrameFanOut<NoteMailbox, SharedCounts> _watchers;
    private readonly ChannelSubscription<NoteCounts> _subscription;
    private SharedCounts? _latest;
    private bool _isAsking;

    /// <summary>The newest version that came by the stream.</summary>
    private long _heard;

    /// <summary>A version that was found by asking before the stream had brought it; 0: none.</summary>
    private long _missing;

    public NoteChannel(
        NoteId note, INoteGrain grain, INoteStreams streams, FrameEncoder encoder, LiveOptions live, ILogger logger)
    {
        (_note, _grain, _encoder, _logger) = (note, grain, encoder, logger);
        _watchers = new FrameFanOut<NoteMailbox, SharedCounts>(live.ShareFanOutFrom, logger);
        _subscription = new ChannelSubscription<NoteCounts>(
            $"note {note}", onCounts => streams.Subscribe(note, onCounts), logger);
    }

    public int Watchers => _watchers.Count;

    /// <summary>Sends the counts to a connection, now and whenever they change; false: there is no such note. Who
    /// watches already is sent those of now again.</summary>
    public async Task<bool> Watch(NoteMailbox watcher)
    {
        // Counted from here on, so that nobody closes the channel meanwhile.
        var isNew = _watchers.Add(watcher);
        var isThere = false;
        try
        {
            // The stream first, so that nothing changes between the two.
            await _subscription.Ensure(OnCounts);
            if (await _grain.Watch() is { Deleted: false } counts)
            {
                isThere = true;
                if (!Take(counts, isAsked: false))
                {
                    // Otherwise it was handed to everybody, this one included.
                    watcher.Push(Latest());
                }
            }

            return isThere;
        }
        finally
        {
            if (!isThere && isNew)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    public void Leave(NoteMailbox watcher)
    {
        _watchers.Remove(watcher);
        watcher.Forget(_note);
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
            // A deleted note has nothing more to tell, and is not to be kept awake.
            if (_isAsking || Watchers == 0 || _latest is { IsOfDeleted: true })
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
                LogDeaf(_logger, _note);
                await _subscription.Renew(OnCounts);
            }

            if (await _grain.Watch() is { } counts)
            {
                Take(counts, isAsked: true);
            }
        }
        catch (Exception failure)
        {
            LogNotAsked(_logger, failure, _note);
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

    private SharedCounts Latest()
    {
        lock (_gate)
        {
            return _latest!;
        }
    }

    private void OnCounts(NoteCounts counts)
    {
        lock (_gate)
        {
            _heard = Math.Max(_heard, counts.Version);
        }

        Take(counts, isAsked: false);
    }

    /// <summary>False: that or something newer is known already.</summary>
    private bool Take(NoteCounts counts, bool isAsked)
    {
        lock (_gate)
        {
            if (_latest is { } known && known.Version >= counts.Version)
            {
                return false;
            }

            _missing = isAsked ? counts.Version : _missing;
            _latest = new SharedCounts(_note, counts, _encoder);
            _watchers.Add(_latest);
        }

        _watchers.Flush();
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The stream of note {Note} has gone deaf; subscribing again.")]
    private static partial void LogDeaf(ILogger logger, NoteId note);

    [LoggerMessage(LogLevel.Warning, "Note {Note} was not asked for its counts.")]
    private static partial void LogNotAsked(ILogger logger, Exception failure, NoteId note);
}
