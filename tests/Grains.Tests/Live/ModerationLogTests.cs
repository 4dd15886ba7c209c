using System.Collections.Immutable;
using System.Text;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>Merging, recall, review and audit over the log: what was said survives, what was recalled does not.
/// </summary>
public sealed class ModerationLogTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private static readonly UserId Ann = new(11);
    private static readonly UserId Bob = new(12);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private long _number;

    [Fact]
    public async Task Recall_ADanmaku_IsGoneFromTapeLogAndSnapshotsAndStaysSo()
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        Assert.Equal(Verdict.Accept(1), await Send(room, Ann, "my secret", "k"));
        Assert.Equal(Verdict.Merge(1), await Send(room, Bob, "My Secret!"));
        await Send(room, Bob, "stays");
        await frames.Until(all => all.SelectMany(frame => frame.Danmaku ?? []).Any(danmaku => danmaku.Count == 2));
        Assert.Equal(2, Assert.IsType<TapeDanmaku>((await Tape(room))[1]).Count);

        Assert.Equal(CommandStatus.Forbidden, await room.Recall(Bob, 1));
        Assert.Equal(CommandStatus.NotFound, await room.Recall(Host, 99));
        var both = await Task.WhenAll(room.Recall(Ann, 1), room.Recall(Host, 1)).WaitAsync(Limit);
        Assert.Equal([CommandStatus.Done, CommandStatus.Done], both);
        Assert.Equal(CommandStatus.Done, await room.Recall(Ann, 1));

        await frames.Until(all => all.SelectMany(frame => frame.Events ?? []).OfType<MessageRecalled>().Any());
        await CheckGone(id, room);
        await cluster.Rebuild(id, room);
        await CheckGone(id, room);
        Assert.Equal(Verdict.Accept(1), await Send(room, Ann, "my secret", "k"));
        Assert.Equal(1, (await Audit(room)).Count(item => item.Act == AuditAct.Recalled));
    }

    [Fact]
    public async Task Recall_BySomebodyWhoReadTheTapeBefore_IsDoneOnce()
    {
        var (_, room) = await cluster.StartRoom();
        await Send(room, Ann, "my secret", "k");
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Journal.Reads = () =>
        {
            cluster.Journal.Reads = () => Task.CompletedTask;
            reading.SetResult();
            return goesOn.Task;
        };
        var slow = room.Recall(Ann, 1);
        await reading.Task.WaitAsync(Limit);
        Assert.Equal(CommandStatus.Done, await room.Recall(Host, 1).WaitAsync(Limit));
        goesOn.SetResult();
        Assert.Equal(CommandStatus.Done, await slow.WaitAsync(Limit));
        Assert.Equal(Host, Assert.Single(await Audit(room), item => item.Act == AuditAct.Recalled).By);
    }

    [Fact]
    public async Task Recall_OfOneThatWasHeld_BlanksBothEvents()
    {
        var (id, room) = await cluster.StartRoom();
        await room.ChangeSettings(Host, new RoomSettingsChange(null, null, null, HoldMode.All));
        Assert.Equal(Verdict.Hold(1), await Send(room, Ann, "my secret"));
        Assert.Equal("my secret", Assert.Single((await room.Held(Host, 0, 10)).Page!.Items).Text);
        Assert.Equal(CommandStatus.Forbidden, (await room.Held(Ann, 0, 10)).Status);
        Assert.Equal(new ReviewOutcome(CommandStatus.Done, 1), await room.Approve(Host, 1));
        Assert.Empty((await room.Held(Host, 0, 10)).Page!.Items);
        Assert.Equal(CommandStatus.Done, await room.Recall(Ann, 1));
        Assert.DoesNotContain("secret", Stored(id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merge_AppendFails_IsCountedExactlyOnceByTheRetry(bool afterTakingEffect)
    {
        var (id, room) = await cluster.StartRoom();
        await Send(room, Ann, "hi", "a");
        cluster.Journal.FailNext(ClusterRooms.LogOf(id), afterTakingEffect);
        Assert.Equal(RejectReason.TryAgain, (await Send(room, Bob, "hi", "b")).Reason);

        var retried = await Decided(room, Bob, "hi", "b");

        // Who lost its memory shows the next one by itself; what was merged before stays merged.
        Assert.Equal(afterTakingEffect ? Verdict.Merge(1) : Verdict.Accept(2), retried);
        Assert.Equal(retried, await Decided(room, Bob, "hi", "b"));
        Assert.Equal(2, (await room.Get())!.Counters.Danmaku);
        Assert.Equal(2, (await Tape(room)).OfType<TapeDanmaku>().Sum(item => item.Count ?? 1));
    }

    [Fact]
    public async Task Held_RoomRebuilt_StillWaitsAndIsApprovedOnce()
    {
        var (id, room) = await cluster.StartRoom();
        await room.ChangeSettings(Host, new RoomSettingsChange(null, null, null, HoldMode.All));
        Assert.Equal(Verdict.Hold(1), await Send(room, Ann, "hi", "k"));
        await cluster.Rebuild(id, room);
        Assert.Equal(Verdict.Hold(1), await Send(room, Ann, "hi", "k"));
        var both = await Task.WhenAll(room.Approve(Host, 1), room.Approve(Host, 1)).WaitAsync(Limit);
        Assert.Equal([CommandStatus.Done, CommandStatus.NotFound], both.Select(each => each.Status).Order());
        Assert.Equal("hi", Assert.Single((await Tape(room)).OfType<TapeDanmaku>()).Text);
        var totals = (await room.Stats(Host)).Stats!.Verdicts;
        Assert.Equal((1, 0), (totals.Received, totals.Held));
    }

    [Fact]
    public async Task Audit_EveryAct_IsListedNewestFirstForTheHostAlone()
    {
        var (_, room) = await cluster.StartRoom();
        var mod = new UserId(7);
        await room.AddModerator(Host, mod);
        await room.Mute(mod, Ann, 60);
        await room.Unmute(mod, Ann);
        await room.ChangeSettings(Host, new RoomSettingsChange(5, null, ["bad"], HoldMode.All));
        await Send(room, Ann, "one");
        await Send(room, Bob, "two");
        await room.Approve(mod, 1);
        await room.Refuse(mod, 2);
        await room.Recall(mod, 1);
        await room.RemoveModerator(Host, mod);
        await room.End(Host);

        Assert.Equal(CommandStatus.Forbidden, (await room.Audit(mod, null, 10)).Status);
        var acts = await Audit(room);
        Assert.Equal(
            [
                AuditAct.Ended, AuditAct.ModeratorRemoved, AuditAct.Recalled, AuditAct.Refused, AuditAct.Approved,
                AuditAct.SettingsChanged, AuditAct.Unmuted, AuditAct.Muted, AuditAct.ModeratorAdded, AuditAct.Started,
            ],
            acts.Select(item => item.Act));
        Assert.All(acts, item => Assert.Contains(item.By!.Value, new[] { Host, mod }));
        Assert.Equal((mod, Ann, 1L), (acts[2].By!.Value, acts[2].UserId!.Value, acts[2].Seq));
        Assert.Equal((mod, Bob, "two"), (acts[3].By!.Value, acts[3].UserId!.Value, acts[3].Text));
        Assert.Equal((5, HoldMode.All), (acts[5].Settings!.SlowModeSeconds, acts[5].Settings!.Hold));
        Assert.Equal(acts[7].At + 60_000, acts[7].Until);
    }

    private async Task CheckGone(RoomId id, ILiveRoomGrain room)
    {
        Assert.Equal(["stays"], (await Tape(room)).OfType<TapeDanmaku>().Select(item => item.Text));
        Assert.Equal(["stays"], (await room.Join(null))!.Recent.Select(danmaku => danmaku.Text));
        Assert.DoesNotContain("ecret", Stored(id), StringComparison.Ordinal);
    }

    /// <summary>Everything that the log holds, as text.</summary>
    private string Stored(RoomId id)
    {
        var rows = cluster.Journal.ReadAsync(
            ClusterRooms.LogOf(id), new VersionRange(1), int.MaxValue, CancellationToken.None).Result;
        return string.Join('\n', rows.Select(row => Encoding.UTF8.GetString(row.Payload.Span)));
    }

    private static async Task<ImmutableArray<TapeItem>> Tape(ILiveRoomGrain room)
        => (await room.Tape(new TapeQuery(default, null, 100)))!.Items;

    /// <summary>The audit log, in pages of three.</summary>
    private static async Task<List<AuditItem>> Audit(ILiveRoomGrain room)
    {
        List<AuditItem> items = [];
        for (long? before = long.MaxValue; before is not null;)
        {
            var page = (await room.Audit(Host, before, 3)).Page!;
            items.AddRange(page.Items);
            before = page.Next;
        }

        return items;
    }

    private async Task<Verdict> Decided(ILiveRoomGrain room, UserId user, string text, string key)
    {
        Verdict verdict;
        do
        {
            verdict = await Send(room, user, text, key);
        }
        while (verdict.Reason == RejectReason.TryAgain);
        return verdict;
    }

    private async Task<Verdict> Send(ILiveRoomGrain room, UserId user, string text, string? key = null)
    {
        var danmaku = new SendDanmaku("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = user, Key = key };
        var answer = await room.Submit(new RoomBatch("g", ++_number, 1, [danmaku])).WaitAsync(Limit);
        return (Verdict)answer.Answers[0];
    }
}
