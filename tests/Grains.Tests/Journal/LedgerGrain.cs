using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

/// <summary>A list of words on an event log; words may be owed to other ledgers.</summary>
[Alias("tests.ledger")]
public interface ILedgerGrain : IGrainWithStringKey, IEffectSource
{
    /// <summary>The version of the last of them, once they are durable.</summary>
    [Alias("add")]
    Task<long> Add(ImmutableArray<string> words);

    /// <summary>All words, as soon as they are durable.</summary>
    [Alias("words"), AlwaysInterleave]
    Task<ImmutableArray<string>> Words();

    /// <summary>Words in memory, and how many of them are durable.</summary>
    [Alias("progress"), AlwaysInterleave]
    Task<LedgerProgress> Progress();

    /// <summary>Adds a word and owes it to other ledgers; whether they all had it within a time.</summary>
    [Alias("owe")]
    Task<bool> Owe(string word, ImmutableArray<string> receivers, TimeSpan wait);

    /// <summary>Takes a word that another ledger owed.</summary>
    [Alias("take")]
    Task Take(string source, long version, string word);

    /// <summary>Replaces a stored word with nothing.</summary>
    [Alias("blank")]
    Task Blank(long version);

    [Alias("history")]
    Task<ImmutableArray<string>> History(long from, long to, int limit);

    [Alias("history-backwards")]
    Task<ImmutableArray<string>> HistoryBackwards(long from, long to, int limit);

    /// <summary>Adds a word, and says what a turn that goes on after a failure still can do.</summary>
    [Alias("add-and-go-on")]
    Task<ImmutableArray<string>> AddAndGoOn(string word);

    /// <summary>Ends the activation.</summary>
    [Alias("leave")]
    Task Leave();
}

[GenerateSerializer, Immutable, Alias("tests.ledger-progress")]
public sealed record LedgerProgress(long Version, long Confirmed, ImmutableArray<long> Told);

[JsonPolymorphic(
    TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(WordAdded), "ledger.word_added")]
[JsonDerivedType(typeof(WordTaken), "ledger.word_taken")]
[JsonDerivedType(typeof(WordBlanked), "ledger.word_blanked")]
public abstract record LedgerEvent;

public sealed record WordAdded(string Word, ImmutableArray<string> For) : LedgerEvent;

public sealed record WordTaken(string Source, long Version, string Word) : LedgerEvent;

public sealed record WordBlanked(long Blanked) : LedgerEvent;

public sealed record LedgerDocument(ImmutableArray<string> Words, ImmutableArray<SeenEffect> Seen);

public sealed class LedgerState : IEventState<LedgerEvent>
{
    public const string Poison = "cannot be applied";

    public List<string> Words { get; init; } = [];

    public SeenEffects Seen { get; init; } = new();

    public void Apply(LedgerEvent raised)
    {
        switch (raised)
        {
            case WordAdded { Word: Poison }:
                throw new InvalidOperationException(Poison);
            case WordAdded added:
                Words.Add(added.Word);
                break;
            case WordTaken taken:
                Words.Add(taken.Word);
                Seen.Note(taken.Source, taken.Version);
                break;
            case WordBlanked blanked:
                Words[(int)blanked.Blanked - 1] = "";
                Words.Add("-");
                break;
        }
    }
}

[JsonSerializable(typeof(LedgerEvent))]
[JsonSerializable(typeof(LedgerDocument))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    public static LedgerJson Journal { get; } = new(JournalJson.CreateOptions());
}

/// <summary>A row per word.</summary>
public sealed class LedgerWords : IProjection<LedgerEvent>
{
    public static ProjectionTable Words { get; } = new(
        "ledger_words", 1, [new("version", ProjectionType.Integer), new("word", ProjectionType.Text)]);

    public ProjectionTable Table => Words;

    public IEnumerable<ProjectionChange> Project(long version, long at, LedgerEvent raised)
        => raised switch
        {
            WordAdded added => [new UpsertRow(Words, [version, added.Word])],
            WordBlanked blanked => [new UpsertRow(Words, [blanked.Blanked, ""])],
            _ => [],
        };
}

/// <summary>See <see cref="ILedgerGrain"/>.</summary>
[Reentrant]
public sealed class LedgerGrain([EventLog("ledger")] IEventLog<LedgerState, LedgerEvent> log) : Grain, ILedgerGrain
{
    private readonly List<long> _told = [];

    /// <summary>Ledgers that do not take what they are owed.</summary>
    public static ConcurrentDictionary<string, bool> Closed { get; } = [];

    /// <summary>Deliveries that came, as receiver and word.</summary>
    public static ConcurrentQueue<(string Receiver, string Word)> Deliveries { get; } = [];

    public static IServiceCollection AddTo(IServiceCollection services)
        => services.AddEventLog(_ => new EventLogDefinition<LedgerState, LedgerEvent>
        {
            Name = "ledger",
            Create = () => new LedgerState(),
            Event = LedgerJson.Journal.LedgerEvent,
            Snapshot = new SnapshotForm<LedgerState, LedgerDocument>(
                LedgerJson.Journal.LedgerDocument,
                state => new LedgerDocument([.. state.Words], state.Seen.ToDocument()),
                document => new LedgerState
                {
                    Words = [.. document.Words],
                    Seen = SeenEffects.From(document.Seen),
                }),
            Projections = [new LedgerWords()],
            Effects = raised => raised is WordAdded added
                ? added.For.Select(receiver => new EffectDraft(receiver, added.Word))
                : [],
            Wake = (grains, key) => grains.GetGrain<ILedgerGrain>(key).DeliverEffects(),
        });

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        log.Confirmed = _told.Add;
        log.Effects.Start(effect => GrainFactory.GetGrain<ILedgerGrain>(effect.Receiver)
            .Take(effect.Source.ToString(), effect.Version, effect.Payload));
        return Task.CompletedTask;
    }

    public async Task<long> Add(ImmutableArray<string> words)
    {
        var stored = log.Raise([.. words.Select(word => new WordAdded(word, []))]);
        var version = log.Version;
        await stored;
        return version;
    }

    public async Task<ImmutableArray<string>> Words()
    {
        ImmutableArray<string> words = [.. log.State.Words];
        await log.WhenConfirmed();
        return words;
    }

    public Task<LedgerProgress> Progress()
        => Task.FromResult(new LedgerProgress(log.Version, log.ConfirmedVersion, [.. _told]));

    public async Task<bool> Owe(string word, ImmutableArray<string> receivers, TimeSpan wait)
    {
        await log.Raise(new WordAdded(word, receivers));
        var had = true;
        foreach (var receiver in receivers)
        {
            had &= await log.Effects.WhenDelivered(receiver, wait);
        }

        return had;
    }

    public async Task Take(string source, long version, string word)
    {
        if (Closed.ContainsKey(this.GetPrimaryKeyString()))
        {
            throw new InvalidOperationException("This ledger is closed.");
        }

        Deliveries.Enqueue((this.GetPrimaryKeyString(), word));
        await (log.State.Seen.IsNew(source, version)
            ? log.Raise(new WordTaken(source, version, word))
            : log.WhenConfirmed());
    }

    public Task Blank(long version)
        => log.RaiseRedacting(
            new WordBlanked(version), new LoggedEvent<LedgerEvent>(version, new WordAdded("", [])));

    public async Task<ImmutableArray<string>> History(long from, long to, int limit)
        => Shown(await log.Read(new VersionRange(from, to), limit));

    public async Task<ImmutableArray<string>> HistoryBackwards(long from, long to, int limit)
        => Shown(await log.Read(new VersionRange(from, to, NewestFirst: true), limit));

    public async Task<ImmutableArray<string>> AddAndGoOn(string word)
    {
        try
        {
            await log.Raise(new WordAdded(word, []));
            return ["stored"];
        }
        catch (TryAgainException)
        {
            List<string> works = [];
            await Try("state", () => Task.FromResult(log.State));
            await Try("raise", () => log.Raise(new WordAdded("more", [])));
            await Try("confirmed", log.WhenConfirmed);
            await Try("room", log.WhenRoom);
            await Try("read", () => log.Read(new VersionRange(1), 1));
            return [.. works];

            async Task Try(string what, Func<Task> use)
            {
                try
                {
                    await use();
                    works.Add(what);
                }
                catch (TryAgainException)
                {
                    // What it should say.
                }
            }
        }
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task DeliverEffects()
    {
        log.Effects.Retry();
        return Task.CompletedTask;
    }

    private static ImmutableArray<string> Shown(ImmutableArray<LoggedEvent<LedgerEvent>> events)
        => [.. events.Select(item => $"{item.Version} {(item.Event as WordAdded)?.Word ?? "-"}")];
}
