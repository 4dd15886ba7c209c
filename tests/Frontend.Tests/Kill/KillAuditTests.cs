using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Silo.Journal;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// The audit after a kill is shown servers that keep less, or more, than what they acknowledged: it has to say so. Each
/// is the product but for one planted fault.
/// </summary>
public sealed class KillAuditTests
{
    private const string Danmaku = "room.danmaku_sent";

    private readonly MemoryProtectionKeys _keys = new();
    private IReadOnlyList<ProjectionTable> _tables = [];

    [Fact]
    public async Task Audit_OfAServerThatKeepsEverything_FindsNothing()
        => Assert.Empty(await Audit(stored => stored));

    [Fact]
    public async Task Audit_OfAServerThatAcknowledgesBeforeTheCommit_FindsTheLoss()
    {
        // What came last was still on its way to the disk.
        var wrong = await Audit(stored => stored.Take(stored.Count * 7 / 10));

        Finds(wrong, "was acknowledged as");
        Finds(wrong, "the signature is");
        Finds(wrong, "was acknowledged after that");
    }

    [Fact]
    public async Task Audit_OfAServerThatLosesSomeOfWhatItAcknowledged_FindsEachKindOfLoss()
    {
        var danmaku = 0;
        var wrong = await Audit(stored => stored.Where(append => RecordedJournal.KindOf(append) switch
        {
            Danmaku => ++danmaku % 50 != 0,
            "room.liked" or "room.settings_changed" or "user.profile_changed" or "account.claimed" => false,
            "user.followed" or "user.follower_changed" => false,
            _ => true,
        }));

        Finds(wrong, "was acknowledged as");
        Finds(wrong, "the numbers on the tape are not 1, 2, 3");
        Finds(wrong, "0 likes");
        Finds(wrong, "the blocked word is ''");
        Finds(wrong, "the signature is ''");
        Finds(wrong, "was acknowledged; login: Unauthorized");
    }

    [Fact]
    public async Task Audit_OfAServerThatForgetsFollowsAndMutes_FindsThem()
    {
        var wrong = await Audit(stored => stored.Where(append => RecordedJournal.KindOf(append) switch
        {
            "user.followed" or "user.follower_changed" => false,
            "room.muted" or "room.unmuted" => false,
            _ => true,
        }));

        Finds(wrong, "was acknowledged, and is lost");
        Finds(wrong, "the mute is 'may talk'");
    }

    [Fact]
    public async Task Audit_OfAServerThatLosesTexts_FindsIt()
    {
        var danmaku = 0;
        var wrong = await Audit(stored => stored.Select(append =>
            RecordedJournal.KindOf(append) == Danmaku && ++danmaku % 20 == 0
                ? append with { Payload = WithoutText(append) }
                : append));

        Finds(wrong, "the counter says");
    }

    [Fact]
    public async Task Audit_OfAServerThatForgetsKeysAndDoublesEvents_FindsIt()
    {
        var wrong = await Audit(stored => stored
            .SelectMany(append => RecordedJournal.KindOf(append) == Danmaku ? [append, append] : new[] { append })
            .Select(append => append with
            {
                Payload = Encoding.UTF8.GetBytes(
                    Encoding.UTF8.GetString(append.Payload.Span).Replace("\"key\":\"r", "\"key\":\"other-r")),
            }));

        Finds(wrong, "is on the tape twice");
        Finds(wrong, "with its key again");
    }

    [Fact]
    public async Task Audit_OfAServerThatAppliesABatchTwice_FindsTheDoubles()
    {
        var wrong = await Audit(
            stored => stored,
            services => services.AddSingleton<IIncomingGrainCallFilter, BatchesTwice>());

        Finds(wrong, "a text is on the tape twice");
        Finds(wrong, "likes;");
    }

    private static byte[] WithoutText(JournalAppend append)
    {
        var events = JsonNode.Parse(append.Payload.Span)!;
        events[0]!["text"] = "";
        return Encoding.UTF8.GetBytes(events.ToJsonString());
    }

    private static void Finds(IReadOnlyList<string> wrong, string what)
        => Assert.Contains(wrong, line => line.Contains(what, StringComparison.Ordinal));

    /// <summary>Lets people use a server, and then audits another one that starts on what is left.</summary>
    private async Task<IReadOnlyList<string>> Audit(
        Func<List<JournalAppend>, IEnumerable<JournalAppend>> damage, Action<IServiceCollection>? plant = null)
    {
        List<JournalAppend> stored;
        KillPeople people;
        await using (var server = await Start(tables => new RecordedJournal(_tables = tables), plant))
        {
            people = await KillPeople.Gather(server.Address);
            await KeepBusy(people, server);
            stored = ((RecordedJournal)server.Services.GetRequiredService<IJournalStore>()).Stored;
        }

        using var gathered = people;
        var left = await RecordedJournal.Of(_tables, damage(stored));
        await using var again = await Start(_ => left, null);
        people.Server = again.Address;
        return await new KillAudit(people, again.Address).Run();
    }

    private static async Task KeepBusy(KillPeople people, TestServer server)
    {
        using var enough = new CancellationTokenSource();
        var busy = people.KeepBusy(server.Address, enough.Token);
        var since = TimeProvider.System.GetTimestamp();
        while (people.Acknowledged < 100 || people.Accounts.Count < 3)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(60), "100 danmaku in 60 s");
            await Task.Delay(5);
        }

        await enough.CancelAsync();
        await busy;
        var sent = people.Muted.Send("muted");
        var path = $"/api/rooms/{people.Room}/mutes/{KillPeople.IdOf(people.Mutee)}";
        using var muted = await people.Ask(HttpMethod.Put, path, people.Host);
        muted.EnsureSuccessStatusCode();
        people.Muted.Acknowledge(sent);
    }

    private Task<TestServer> Start(
        Func<IReadOnlyList<ProjectionTable>, IJournalStore> journal, Action<IServiceCollection>? plant)
        => TestServer.Start(new() { ["RedNote:Live:DisplayBudgetPerSecond"] = "0" }, builder =>
        {
            plant?.Invoke(builder.Services);
            builder.Services.AddSingleton<IProtectionKeyStore>(_keys);
            builder.Services.AddSingleton(provider => journal(
                JournalServices.ProjectionTables(provider.GetServices<IEventLogKind>())));
        });

    /// <summary>Gives each batch to the room again, as if it were another one.</summary>
    private sealed class BatchesTwice(IServiceProvider services) : IIncomingGrainCallFilter
    {
        private const string Again = ".again";

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.Grain is LiveRoomGrain && context.Request.GetArgumentCount() == 1
                && context.Request.GetArgument(0) is RoomBatch batch
                && !batch.Gateway.EndsWith(Again, StringComparison.Ordinal))
            {
                var room = services.GetRequiredService<IGrainFactory>().GetGrain<ILiveRoomGrain>(context.TargetId);
                await room.Submit(batch with
                {
                    Gateway = batch.Gateway + Again,
                    Commands = [.. batch.Commands.Select(command => command with { Key = null })],
                });
            }
        }
    }
}
