using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Streams;
using RedNote.Journal;

namespace RedNote.Notes;

/// <summary>
/// See <see cref="INoteGrain"/>. Reentrant: every call decides in one go, so that appends pipeline. Every answer waits
/// until all that it rests on is durable.
/// </summary>
[Reentrant]
internal sealed partial class NoteGrain(
    [EventLog(NoteServices.Log)] IEventLog<NoteState, NoteEvent> log,
    IOptions<NoteOptions> options,
    TimeProvider time,
    ILogger<NoteGrain> logger) : Grain, INoteGrain, IDisposable
{
    /// <summary>Gateways whose last batch is known.</summary>
    private const int MaxGateways = 256;

    private readonly MarkDraft _draft = new();
    private readonly Dictionary<long, long> _gateways = [];
    private readonly CancellationTokenSource _stopping = new();
    private IAsyncStream<NoteCounts> _stream = null!;
    private long? _watchedAt;
    private long? _toldAt;
    private long _toldVersion;
    private bool _isTelling;

    private NoteId Self => new(this.GetPrimaryKeyLong());

    private NoteState State => log.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stream = this.GetStreamProvider(StreamNames.Provider).GetStream<NoteCounts>(StreamNames.Note(Self));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Here and now, as all of this grain's work: not on the thread pool.
        _stopping.Cancel();
        return Task.CompletedTask;
    }

    public void Dispose() => _stopping.Dispose();

    public Task<NoteOutcome> Write(WriteNote command) => Decide(async () =>
    {
        if (State.Written is { } written)
        {
            var isSame = written.Author == command.Author && written.Key == command.Key;
            var status = !isSame ? CommandStatus.Forbidden
                : State.IsDeleted || written.Check != NoteRules.Check(command.Content) ? CommandStatus.Conflict
                : CommandStatus.Done;
            var known = status == CommandStatus.Done ? ToNote(command.Author) : null;
            await (status == CommandStatus.Done ? log.WhenCurrent() : log.WhenConfirmed());
            return new NoteOutcome(status, known);
        }

        if (!NoteRules.IsSound(command.Content) || !TextRules.IsKey(command.Key) || command.Author.Value <= 0
            || TextRules.Clean(command.AuthorName, TextRules.MaxUserName, out var name) != TextCheck.Ok)
        {
            return await Confirmed(new NoteOutcome(CommandStatus.Invalid));
        }

        var durable = log.Raise(new NoteWritten(
            Now(), command.Author, name, command.Content, command.Key, NoteRules.Check(command.Content)));
        // When the journal had no room, nothing was raised, and the wait says so.
        var note = IsShown ? ToNote(command.Author) : null;
        await durable;
        return new NoteOutcome(CommandStatus.Done, note);
    }, status => new NoteOutcome(status));

    public Task<NoteOutcome> Change(UserId by, NoteChange change) => Decide(async () =>
    {
        if (RefusesAuthor(by) is { } refusal)
        {
            return await Confirmed(new NoteOutcome(refusal));
        }

        var content = NoteRules.Change(State.Content, change);
        if (!NoteRules.IsSound(content))
        {
            return await Confirmed(new NoteOutcome(CommandStatus.Invalid));
        }

        var durable = NoteRules.AreAlike(content, State.Content)
            ? log.WhenCurrent()
            : log.RaiseRedacting(new NoteChanged(Now(), content, log.Version + 1), Blanked());
        // The counts stay, but their version is a new one: who watches would take it for one that got lost.
        Tell();
        var note = ToNote(by);
        await durable;
        return new NoteOutcome(CommandStatus.Done, note);
    }, status => new NoteOutcome(status));

    public Task<CommandStatus> Delete(UserId by) => Decide(async () =>
    {
        if (State is { IsDeleted: true, Written: { } written } && written.Author == by)
        {
            await log.WhenCurrent();
            return CommandStatus.Done;
        }

        if (RefusesAuthor(by) is { } refusal)
        {
            return await Confirmed(refusal);
        }

        var durable = log.RaiseRedacting(new NoteDeleted(Now()), Blanked());
        Tell();
        await durable;
        return CommandStatus.Done;
    }, status => status);

    public Task<Note?> Get(UserId? reader) => Confirmed(IsShown ? ToNote(reader) : null);

    public Task<MarkOutcome> Mark(MarkBatch batch) => Decide(async () =>
    {
        if (!IsShown)
        {
            return await Confirmed(new MarkOutcome(CommandStatus.NotFound, []));
        }

        if (!IsSound(batch))
        {
            return await Confirmed(new MarkOutcome(CommandStatus.Invalid, []));
        }

        if (IsLate(batch))
        {
            // Nobody waits for its answer any more, and its users may have asked for something else since.
            return await Confirmed(new MarkOutcome(CommandStatus.WrongState, []));
        }

        var events = new List<NoteEvent>();
        var counts = _draft.Decide(State.Marks, batch.Marks, Now(), events);
        // What is raised is stored only if nobody else has appended; otherwise that has to be looked at.
        var durable = events.Count > 0 ? log.Raise(CollectionsMarshal.AsSpan(events)) : log.WhenCurrent();
        Tell();
        await durable;
        return new MarkOutcome(CommandStatus.Done, counts);
    }, status => new MarkOutcome(status, []));

    public async Task<NoteCounts?> Watch()
    {
        if (State.Written is null)
        {
            return await Confirmed<NoteCounts?>(null);
        }

        // What changed while nobody watched was not told: what is answered here says it, and it is not missed.
        _toldVersion = IsWatched ? _toldVersion : log.Version;
        _watchedAt = time.GetTimestamp();
        return await Confirmed(Counts());
    }

    private bool IsShown => State is { Written: not null, IsDeleted: false };

    private CommandStatus? RefusesAuthor(UserId by)
        => !IsShown ? CommandStatus.NotFound : State.Written!.Author != by ? CommandStatus.Forbidden : null;

    /// <summary>Whether a batch of that gateway has come that followed this one. A safeguard in memory: an activation
    /// that is new knows of none.</summary>
    private bool IsLate(MarkBatch batch)
    {
        if (_gateways.TryGetValue(batch.Gateway, out var last))
        {
            if (batch.Number < last)
            {
                return true;
            }
        }
        else if (_gateways.Count >= MaxGateways)
        {
            _gateways.Clear();
        }

        _gateways[batch.Gateway] = batch.Number;
        return false;
    }

    private static bool IsSound(MarkBatch batch)
    {
        if (batch.Marks.IsDefaultOrEmpty || batch.Marks.Length > MarkBatch.MaxMarks)
        {
            return false;
        }

        foreach (var (user, mark, _) in batch.Marks)
        {
            if (user.Value <= 0 || mark is not (NoteMark.Like or NoteMark.Collect))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The event that holds what the note says, without it.</summary>
    private LoggedEvent<NoteEvent> Blanked() => new(
        State.ContentVersion,
        State.ContentVersion == 1
            ? State.Written!
            : new NoteChanged(State.EditedAt!.Value, NoteState.Nothing, State.ContentVersion));

    private Note ToNote(UserId? reader) => new(
        Self, State.Written!.Author, State.Written.AuthorName, State.Content, State.Written.At, State.EditedAt,
        Counts(), reader is { } liker ? State.Marks.Holds(liker, NoteMark.Like) : null,
        reader is { } collector ? State.Marks.Holds(collector, NoteMark.Collect) : null);

    private NoteCounts Counts()
        => new(log.Version, State.Marks[NoteMark.Like], State.Marks[NoteMark.Collect], State.IsDeleted);

    /// <summary>Sees to it that those who watch are sent the counts, if they do.</summary>
    private void Tell()
    {
        if (!_isTelling && IsWatched && log.Version > _toldVersion)
        {
            _isTelling = true;
            _ = TellAll();
        }
    }

    private bool IsWatched => _watchedAt is { } at
        && time.GetElapsedTime(at).TotalMilliseconds < options.Value.WatchedMs;

    /// <summary>One after the other, until nothing has changed since.</summary>
    private async Task TellAll()
    {
        try
        {
            while (log.Version > _toldVersion && IsWatched)
            {
                var rest = _toldAt is { } last
                    ? TimeSpan.FromMilliseconds(options.Value.NewsMs) - time.GetElapsedTime(last)
                    : TimeSpan.Zero;
                if (rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, time, _stopping.Token);
                }

                _toldAt = time.GetTimestamp();
                var counts = Counts();
                _toldVersion = counts.Version;
                await log.WhenConfirmed();
                await Publish(counts);
            }
        }
        catch (Exception error) when (error is TryAgainException or OperationCanceledException)
        {
            // What was not stored is told to nobody.
        }
        finally
        {
            _isTelling = false;
        }
    }

    private async Task Publish(NoteCounts counts)
    {
        try
        {
            await _stream.OnNextAsync(counts);
        }
        catch (Exception error)
        {
            // Front ends look at what they watch from time to time.
            LogNotPublished(logger, Self, counts.Version, error);
        }
    }

    private async Task<T> Confirmed<T>(T answer)
    {
        await log.WhenConfirmed();
        return answer;
    }

    /// <summary>Decides when the journal has room, as late as that is; <paramref name="refused"/> makes the answer
    /// when it has not, or when the outcome is unknown.</summary>
    private async Task<T> Decide<T>(Func<Task<T>> decide, Func<CommandStatus, T> refused)
    {
        try
        {
            await log.WhenRoom();
            return await decide();
        }
        catch (TryAgainException)
        {
            return refused(CommandStatus.TryAgain);
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Note {Note}: counts of version {Version} were not published")]
    private static partial void LogNotPublished(ILogger logger, NoteId note, long version, Exception error);
}
