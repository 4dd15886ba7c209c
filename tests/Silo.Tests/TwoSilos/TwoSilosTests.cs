using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Silo.Tests.Journal;
using RedNote.Users;

namespace RedNote.Silo.Tests.TwoSilos;

/// <summary>
/// One room, or one user, is active on two silos at once and both are called. Versions go to whoever comes first; the
/// other one's callers are told to try again, and it starts anew from the log.
/// </summary>
public abstract class TwoSilosTests
{
    private const int Senders = 4;
    private const int Each = 30;

    private static readonly RoomId Room = new(7);
    private static readonly UserId Host = new(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<RoomFrame> _frames = [];
    private int _tryAgains;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected abstract Task<RedNoteOptions> Storage();

    [Fact]
    public async Task Room_ActiveOnTwoSilos_GivesNoNumberTwiceAndKeepsExactlyWhatItAcknowledged()
    {
        await using var silos = new TwoSilos(await Storage());
        IServiceProvider[] both = [await silos.Start(), await silos.Start()];
        foreach (var silo in both)
        {
            var streams = silo.GetRequiredService<IClusterClient>().GetStreamProvider(StreamNames.Provider);
            await streams.GetStream<RoomFrame>(StreamNames.Room(Room)).SubscribeAsync(new Watcher(_frames));
        }

        IGrainFactory[] grains = [.. both.Select(silo => silo.GetRequiredService<IGrainFactory>())];
        await grains[0].LiveRoom(Room).Create(new CreateRoom(Host, "Host", "A show", null, null, "t"));
        Assert.Equal(CommandStatus.Done, (await grains[0].LiveRoom(Room).Start(Host)).Status);

        await Task.WhenAll(grains.Select(silo => silo.LiveRoom(Room).Get()));
        var sent = await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Send(grains, sender)))
            .WaitAsync(Limit, Cancelled);

        Assert.True(_tryAgains > 0, "The two never met.");
        // On a slow disk the first of them may have stored everything: as long as it goes on, the other one, which
        // reads what it missed, is too late again. A single sender lets each of them start anew in peace.
        var acknowledged = sent.Append(await Send(grains, Senders)).SelectMany(lines => lines).ToList();
        Assert.Equal(Enumerable.Range(1, (Senders + 1) * Each).Select(seq => (long)seq), acknowledged
            .Select(line => line.Seq).Order());
        var third = await silos.Start();
        var reborn = third.GetRequiredService<IGrainFactory>().LiveRoom(Room);
        var tape = await reborn.Tape(new TapeQuery(default, null, 500));
        Assert.Equal(
            acknowledged.OrderBy(line => line.Seq),
            tape!.Items.OfType<TapeDanmaku>().Select(item => (item.Seq, item.Text)).OrderBy(line => line.Seq));
        await CheckEpochs(third);
        CheckFrames(acknowledged.ToDictionary(line => line.Seq, line => line.Text));
        Assert.Equal("", await silos.Verify());
    }

    [Fact]
    public async Task User_ActiveOnTwoSilos_KeepsEveryFollowOnceOnBothSides()
    {
        await using var silos = new TwoSilos(await Storage());
        IGrainFactory[] grains =
        [
            (await silos.Start()).GetRequiredService<IGrainFactory>(),
            (await silos.Start()).GetRequiredService<IGrainFactory>(),
        ];
        var ann = new UserId(1);
        ImmutableArray<UserId> others = [.. Enumerable.Range(2, 24).Select(id => new UserId(id))];
        foreach (var user in others.Prepend(ann))
        {
            Assert.Equal(CommandStatus.Done, await grains[user.Value % 2].User(user).Create(new NewUser("Ann", "t")));
        }

        // From the same version on, so that the first append of one makes the other one's memory stale.
        await Task.WhenAll(grains.Select(silo => silo.User(ann).Profile(null)));
        await Task.WhenAll(others.Select((other, i) => Insist(async attempt
            => await grains[(i + attempt) % 2].User(ann).Follow(other) == CommandStatus.Done)))
            .WaitAsync(Limit, Cancelled);

        Assert.True(_tryAgains > 0, "The two never met.");
        var third = (await silos.Start()).GetRequiredService<IGrainFactory>();
        Assert.Equal(others.Length, (await third.User(ann).Profile(null))!.Following);
        // The other side may learn of it later.
        await Insist(async _ =>
        {
            await third.User(ann).DeliverEffects();
            // What is active since before may be behind; a silo that is new knows nobody yet.
            var fresh = (await silos.Start()).GetRequiredService<IGrainFactory>();
            var profiles = await Task.WhenAll(others.Select(other => fresh.User(other).Profile(ann)));
            return profiles.All(profile => profile is { Followers: 1, IsFollowing: true });
        }).WaitAsync(Limit, Cancelled);
        Assert.Equal("", await silos.Verify());
    }

    /// <summary>Sends texts one after the other, each with its key until it is accepted, now here and now there.
    /// </summary>
    private async Task<List<(long Seq, string Text)>> Send(IGrainFactory[] grains, int sender)
    {
        var accepted = new List<(long, string)>();
        var number = 0L;
        for (var i = 0; i < Each; i++)
        {
            var text = $"line {sender} {i}";
            await Insist(async attempt =>
            {
                var at = (sender + i + attempt) % grains.Length;
                var danmaku = new SendDanmaku("Ann", text, DanmakuMode.Scroll, "#ffffff")
                {
                    User = new UserId(100 + sender),
                    Key = $"k{i}",
                };
                var batch = new RoomBatch($"gateway {sender}", ++number, 1, [danmaku]);
                var verdict = Assert.IsType<Verdict>((await grains[at].LiveRoom(Room).Submit(batch)).Answers[0]);
                Assert.True(verdict.Status == VerdictStatus.Accepted || verdict.Reason == RejectReason.TryAgain, text);
                if (verdict.Seq is { } seq)
                {
                    accepted.Add((seq, text));
                }

                return verdict.Seq is not null;
            });
        }

        return accepted;
    }

    private async Task Insist(Func<int, Task<bool>> once)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (await once(attempt))
                {
                    return;
                }
            }
            catch (TryAgainException)
            {
                // As good as a verdict that says so.
            }

            Cancelled.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _tryAgains);
        }
    }

    /// <summary>Every activation that sent anything did so in an epoch of its own.</summary>
    private static async Task CheckEpochs(IServiceProvider silo)
    {
        var rows = await silo.GetRequiredService<IJournalStore>().ReadAsync(
            new LogId(LiveRoomServices.Log, Room.ToString()), new VersionRange(1), int.MaxValue, Cancelled);
        var epochs = rows.SelectMany(row => JsonElement.Parse(row.Payload.Span).EnumerateArray().ToList())
            .Where(raised => raised.GetProperty("kind").GetString() == "room.epoch_began")
            .Select(raised => raised.GetProperty("epoch").GetInt64()).ToList();
        Assert.True(epochs.Count > 2, "Nobody had to start anew.");
        Assert.Equal(epochs.Distinct().Order(), epochs);
    }

    /// <summary>What was shown is what was stored, and no number of a frame was given twice.</summary>
    private void CheckFrames(Dictionary<long, string> tape)
    {
        Assert.NotEmpty(_frames);
        Assert.Equal(_frames.Count, _frames.DistinctBy(frame => (frame.Epoch, frame.Seq)).Count());
        foreach (var shown in _frames.SelectMany(frame => frame.Danmaku ?? []))
        {
            Assert.Equal(tape[shown.Seq], shown.Text);
        }
    }

    private sealed class Watcher(ConcurrentQueue<RoomFrame> frames) : IAsyncObserver<RoomFrame>
    {
        public Task OnNextAsync(RoomFrame item, StreamSequenceToken? token = null)
        {
            frames.Enqueue(item);
            return Task.CompletedTask;
        }

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}

public sealed class SqliteTwoSilosTests : TwoSilosTests, IDisposable
{
    private readonly TempFolder _folder = new();

    private protected override Task<RedNoteOptions> Storage()
        => Task.FromResult(new RedNoteOptions { DataDirectory = _folder.Path });

    public void Dispose() => _folder.Dispose();
}

[Collection(PostgresTestGroup.Name)]
public sealed class PostgresTwoSilosTests(PostgresFixture postgres) : TwoSilosTests
{
    private protected override async Task<RedNoteOptions> Storage() => new()
    {
        Storage = StorageKind.Postgres,
        ConnectionString = await postgres.NewDatabaseAsync(),
    };
}
