using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Notes;

/// <summary>The notes that somebody likes or watches on this front end at present.</summary>
internal sealed class NotePorts(
    IGrainFactory grains, INoteStreams streams, FrameEncoder encoder, IIdGenerator ids, TimeProvider time,
    IOptions<NotePortOptions> options, IOptions<LiveOptions> live, ILogger<NotePorts> logger)
{
    private readonly PortTable<NoteId, NotePort> _ports = new(options.Value.MaxNotes, note => new NotePort(
        note, ids.NextSecretNumber(), grains.Note(note), streams, encoder, options.Value, live.Value, time, logger));

    /// <summary>The port of a note, or null when there are too many or the host is stopping.</summary>
    public NotePort? Use(NoteId note) => _ports.Use(note);

    /// <summary>Lets go of the port of a note that there is not: made-up numbers must not fill the place.</summary>
    public void Forget(NotePort port)
    {
        port.NoteMissing();
        _ports.TryRetire(port.Note, port);
    }

    /// <summary>Looks after every note once; completes when all were asked, not when all have answered.</summary>
    public void Patrol()
    {
        foreach (var (note, port) in _ports.All)
        {
            if (!_ports.TryRetire(note, port))
            {
                _ = port.Patrol();
            }
        }
    }

    /// <summary>Takes no more likes; completes when those under way are answered.</summary>
    public async Task Drain()
    {
        _ports.Close();
        foreach (var (_, port) in _ports.All)
        {
            await port.Drain();
        }
    }
}
