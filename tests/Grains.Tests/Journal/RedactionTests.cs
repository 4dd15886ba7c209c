using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Notes;
using RedNote.Users;

namespace RedNote.Grains.Tests.Journal;

/// <summary>What was blanked in a log is in no snapshot for long: an activation that finds it blanked behind its
/// snapshot takes another, as the one that blanked it may have died before it could.</summary>
public sealed class RedactionTests
{
    private const long At = 1_763_700_000_000;
    private const string Secret = "not to be kept";

    private static readonly UserId User = new(42);

    [Fact]
    public void Room_DanmakuRecalledBehindItsSnapshot_IsOutdated() => IsOutdated<LiveRoomState, LiveRoomEvent>(
        [
            new RoomCreated(At, "0f3c9a", User, "美美", "新品首发", null, null),
            new ShowStarted(At),
            new EpochBegan(At, 1),
            new DanmakuSent(At, 1, User, "小红", Secret, DanmakuMode.Scroll, "#ffffff", 0, null, null),
        ],
        new LikesCounted(At, 1, 0, []),
        new DanmakuRecalled(At, 1, User, User));

    [Fact]
    public void Account_RehashedBehindItsSnapshot_IsOutdated() => IsOutdated<AccountState, AccountEvent>(
        [new AccountClaimed(User, "美", Secret, "k8Zq_2")], null, new AccountRehashed("AQAAAAMAAYagAAAAF=="));

    [Fact]
    public void Note_ChangedBehindItsSnapshot_IsOutdated() => IsOutdated<NoteState, NoteEvent>(
        [new NoteWritten(At, User, "美", new NoteContent(Secret, "", [], []), "k", 1)],
        new NoteMarked(At, NoteMark.Like, On: true, [User]),
        new NoteChanged(At, new NoteContent("Tea", "", [], []), 3));

    private static void IsOutdated<TState, TEvent>(TEvent[] before, TEvent? harmless, TEvent redacting)
        where TState : class, IEventState<TEvent>
        where TEvent : class
    {
        var services = new ServiceCollection().AddUsers().AddLiveRooms().AddNotes();
        using var provider = services.BuildServiceProvider();
        var definition = provider.GetRequiredService<EventLogDefinition<TState, TEvent>>();
        var id = new LogId(definition.Name, "1");
        var codec = new EventCodec<TEvent>(definition.Event, definition.Frequent);
        var first = new LogReplay<TState, TEvent>(definition, id, null);
        first.Apply(Row(1, before));
        var snapshot = first.Snapshot();
        Assert.False(first.IsOutdated);
        Assert.Contains(Secret, snapshot.Json, StringComparison.Ordinal);
        if (harmless is not null)
        {
            Assert.False(Behind(harmless).IsOutdated);
        }

        var behind = Behind(redacting);
        Assert.True(behind.IsOutdated);
        Assert.DoesNotContain(Secret, behind.Snapshot().Json, StringComparison.Ordinal);

        LogReplay<TState, TEvent> Behind(TEvent raised)
        {
            var replay = new LogReplay<TState, TEvent>(definition, id, snapshot);
            replay.Apply(Row(before.Length + 1, raised));
            return replay;
        }

        JournalRow Row(long version, params TEvent[] events)
            => new(version, events.Length, At, codec.Write(events, int.MaxValue));
    }
}
