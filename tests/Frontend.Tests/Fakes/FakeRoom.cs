using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>A room whose answers a test decides; what it was asked is kept.</summary>
internal sealed partial class FakeRoom : ILiveRoomGrain
{
    public List<RoomBatch> Batches { get; } = [];

    public List<GatewayPresence> Reports { get; } = [];

    public List<RoomHead> Fills { get; } = [];

    /// <summary>Answers a batch; by default accepts everything at once.</summary>
    public Func<RoomBatch, Task<BatchAnswer>> OnSubmit { get; set; } = batch => Task.FromResult(Accept(batch));

    public Func<ResumePoint?, Task<RoomSnapshot?>> OnJoin { get; set; } = _ => Task.FromResult<RoomSnapshot?>(null);

    public Func<RoomHead, Task<FramesAnswer?>> OnFill { get; set; } = _ => Task.FromResult<FramesAnswer?>(null);

    public Func<GatewayPresence, RoomHead?> OnReport { get; set; } = _ => null;

    public static BatchAnswer Accept(RoomBatch batch) => new([.. batch.Commands.Select((command, i) =>
        command is LikeRoom like ? (RoomAnswer)new LikesAccepted(like.Count) : Verdict.Accept(i + 1))]);

    public Task<BatchAnswer> Submit(RoomBatch batch)
    {
        Batches.Add(batch);
        return OnSubmit(batch);
    }

    public Task<RoomSnapshot?> Join(ResumePoint? since, UserId viewer = default) => OnJoin(since);

    public Task<FramesAnswer?> FramesAfter(RoomHead after)
    {
        Fills.Add(after);
        return OnFill(after);
    }

    public Task<RoomHead?> Report(GatewayPresence presence)
    {
        Reports.Add(presence);
        return Task.FromResult(OnReport(presence));
    }

    public Task<RoomOutcome> Create(CreateRoom command) => throw new NotSupportedException();

    public Task<RoomOutcome> Start(UserId by) => throw new NotSupportedException();

    public Task<RoomOutcome> End(UserId by) => throw new NotSupportedException();

    public Task<SettingsOutcome> ChangeSettings(UserId by, RoomSettingsChange change)
        => throw new NotSupportedException();

    public Task<CommandStatus> Mute(UserId by, UserId target, int? seconds) => throw new NotSupportedException();

    public Task<CommandStatus> Unmute(UserId by, UserId target) => throw new NotSupportedException();

    public Task<CommandStatus> AddModerator(UserId by, UserId target) => throw new NotSupportedException();

    public Task<CommandStatus> RemoveModerator(UserId by, UserId target) => throw new NotSupportedException();

    public Task<CommandStatus> Recall(UserId by, long seq) => throw new NotSupportedException();

    public Task<HeldOutcome> Held(UserId by, long after, int limit) => throw new NotSupportedException();

    public Task<ReviewOutcome> Approve(UserId by, long heldId) => throw new NotSupportedException();

    public Task<ReviewOutcome> Refuse(UserId by, long heldId) => throw new NotSupportedException();

    public Task<AuditOutcome> Audit(UserId by, long? before, int limit) => throw new NotSupportedException();

    public Task<Room?> Get() => throw new NotSupportedException();

    public Task<SettingsOutcome> Settings(UserId by) => throw new NotSupportedException();

    public Task<TapePage?> Tape(TapeQuery query) => throw new NotSupportedException();

    public Task<StatsOutcome> Stats(UserId by) => throw new NotSupportedException();

    public Task DeliverEffects() => throw new NotSupportedException();
}

/// <summary>Things of a room that tests need many of.</summary>
internal static class Sample
{
    public static readonly RoomId Room = new(7);

    public static RoomFrame Frame(long seq, long epoch = 1, params string[] texts) => new(
        epoch, seq, seq * 50, null, texts.Length == 0 ? null : [.. texts.Select(Danmaku)], null, null, null);

    public static RoomFrame Event(long seq, RoomEvent what)
        => new(1, seq, seq * 50, null, null, [what], null, null);

    public static RoomSnapshot Snapshot(long seq, long epoch = 1) => new(
        new Room(Room, "Tea", RoomState.Live, new UserId(1), "Host", RoomCounters.Zero, null, null, 1, null),
        epoch, seq, RoomSettings.Default, [], false, []);

    public static SendDanmaku Danmaku(UserId user, string text)
        => new("Ann", text, DanmakuMode.Scroll, "#ffffff") { User = user };

    private static Danmaku Danmaku(string text)
        => new(1, new UserId(1), "Ann", text, DanmakuMode.Scroll, "#ffffff", 0, 0);
}
