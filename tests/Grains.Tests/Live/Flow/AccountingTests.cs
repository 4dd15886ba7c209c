using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>received = pending + shown + merged + sampled + held + rejected, whatever happens.</summary>
public sealed class AccountingTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Host = new(1);
    private static readonly UserId Mei = new(2);

    [Fact]
    public void Totals_AfterEveryStepOfAnyStory_AreWhatTheVerdictsSay()
    {
        var step = Gen.Choose(0, 11).Two().Select(pair => (What: pair.Item1, Who: pair.Item2));
        Prop.ForAll(step.ListOf(40).ToArbitrary(), steps =>
        {
            var story = new Story();
            foreach (var (what, who) in steps)
            {
                story.Do(what, new UserId(1 + (who % 4)));
                story.Check();
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Stats_ForAnybodyButTheHost_AreRefused()
    {
        var room = Live();
        Assert.Equal(CommandStatus.Forbidden, room.Rules.Stats(Mei).Status);
        Assert.Equal(CommandStatus.NotFound, new TestRoom().Rules.Stats(Host).Status);
        Assert.Equal(CommandStatus.Done, room.Rules.Stats(Host).Status);
    }

    [Fact]
    public void Stats_KeyUsedAgain_IsTheSameDanmakuAndCountedApart()
    {
        var room = Live();
        room.Submit([Say(Mei, "hi", "k"), Say(Mei, "hi", "k")], Now);
        room.Submit([Say(Mei, "hi", "k")], Now);
        room.Submit([Say(Mei, "other", "k")], Now);
        var totals = Totals(room);
        Assert.Equal((2, 1, 2), (totals.Received, totals.Pending, totals.Repeated));
        Assert.Equal([new RefusalCount(RejectReason.Conflict, 1)], totals.Rejected.AsEnumerable());
    }

    [Fact]
    public void Stats_LikesAlone_AreNotReceived()
    {
        var room = Live();
        room.Submit([new LikeRoom(5) { User = Mei }, new LikeRoom(0) { User = Mei }], Now);
        Assert.Equal(0, Totals(room).Received);
    }

    [Fact]
    public void Take_ReportThatComesAgain_IsCountedOnce()
    {
        var room = Live();
        var report = new GatewayReport(
            1, [new RefusalCount(RejectReason.RateLimited, 7), new RefusalCount(RejectReason.Empty, 2)], []);
        room.Report("g", 3, Now);
        room.Rules.Take("g", report);
        room.Rules.Take("g", report);
        room.Rules.Take("g", report with { Number = 2, Refused = [new RefusalCount(RejectReason.RateLimited, 1)] });
        room.Rules.Take("g", report);
        var totals = Totals(room);
        Assert.Equal(10, totals.Received);
        Assert.Equal(
            [new RefusalCount(RejectReason.Empty, 2), new RefusalCount(RejectReason.RateLimited, 8)],
            totals.Rejected.AsEnumerable());
    }

    [Fact]
    public void Take_BatchGivenUpThatNeverCame_IsRefusedOnceAndNotAppliedLater()
    {
        var room = Live();
        room.Report("g", 3, Now);
        room.Rules.Take("g", new GatewayReport(0, [], [new GivenUpBatch(4, 6)]));
        room.Rules.Take("g", new GatewayReport(0, [], [new GivenUpBatch(4, 6), new GivenUpBatch(5, 1)]));
        Assert.Equal([new RefusalCount(RejectReason.TryAgain, 7)], Totals(room).Rejected.AsEnumerable());
        Assert.Null(room.Rules.Gateways.FindApplied("g", 4)!.Answer);
        Assert.Null(room.Rules.Gateways.FindApplied("g", 5)!.Answer);
        Assert.Null(room.Rules.Gateways.FindApplied("g", 6));
    }

    [Fact]
    public void Take_BatchGivenUpThatCame_CountsWithWhatItSays()
    {
        var room = Live();
        room.Report("g", 3, Now);
        var answer = Task.FromResult(new BatchAnswer([]));
        room.Rules.Gateways.Keep("g", 4, answer);
        room.Rules.Take("g", new GatewayReport(0, [], [new GivenUpBatch(3, 2), new GivenUpBatch(4, 6)]));
        Assert.Equal(0, Totals(room).Received);
        Assert.Same(answer, room.Rules.Gateways.FindApplied("g", 4)!.Answer);
    }

    [Fact]
    public void Restored_Room_BeginsToCountAnew()
    {
        var room = Live();
        room.Submit([Say(Mei, "hi", null)], Now);
        Assert.Equal(0, Totals(room.Restored(Now)).Received);
    }

    private static TestRoom Live()
    {
        var room = new TestRoom(new LiveRoomOptions { PendingDanmaku = 512 });
        room.Create(new CreateRoom(Host, "Host", "Tea", null, null, "t"), Now);
        room.Start(Host, Now);
        return room;
    }

    private static VerdictTotals Totals(TestRoom room) => room.Rules.Stats(Host).Stats!.Verdicts;

    private static SendDanmaku Say(UserId user, string text, string? key)
        => new("Name", text, DanmakuMode.Scroll, "#ffffff") { User = user, Key = key };

    /// <summary>A room to which anything may happen, and what its answers and frames add up to.</summary>
    private sealed class Story
    {
        private readonly TestRoom _room = Live();
        private readonly Dictionary<VerdictStatus, int> _verdicts = [];
        private long _now = Now;
        private long _shown;
        private long _refusedElsewhere;
        private long _reports;
        private int _texts;

        public void Do(int what, UserId user)
        {
            _now += 20;
            switch (what)
            {
                case < 5:
                    Submit(Say(user, $"text {_texts++}", null), Say(user, $"text {_texts++}", $"k{_texts}"));
                    break;
                case 5:
                    Submit(Say(user, "", null), Say(user, new string('x', 300), null));
                    break;
                case 6:
                    Submit([.. Enumerable.Range(0, 300).Select(_ => Say(user, $"text {_texts++}", null))]);
                    break;
                case 7:
                    _room.SetMuted(Host, user, muted: _now % 40 == 0, _now);
                    break;
                case 8:
                    _room.ChangeSettings(Host, new RoomSettingsChange((int)(_now / 20 % 2), null, ["text 1"]), _now);
                    break;
                case 9:
                    _room.Report("h", 2, _now);
                    _room.Rules.Take("h", new GatewayReport(
                        ++_reports, [new RefusalCount(RejectReason.TooLong, 3)], [new GivenUpBatch(_reports, 2)]));
                    _refusedElsewhere += 5;
                    break;
                default:
                    _shown += _room.Seal(_now).Danmaku?.Length ?? 0;
                    break;
            }
        }

        public void Check()
        {
            var totals = Totals(_room);
            var rejected = totals.Rejected.Sum(refused => refused.Count);
            Assert.Equal(
                totals.Received,
                totals.Pending + totals.Shown + totals.Merged + totals.Sampled + totals.Held + rejected);
            Assert.Equal(_verdicts.Values.Sum() + _refusedElsewhere, totals.Received);
            Assert.Equal(Of(VerdictStatus.Rejected) + _refusedElsewhere, rejected);
            Assert.Equal(Of(VerdictStatus.Accepted), totals.Pending + totals.Shown + totals.Sampled);
            Assert.Equal((Of(VerdictStatus.Merged), Of(VerdictStatus.Held)), (totals.Merged, totals.Held));
            Assert.Equal((_shown, _room.Rules.Frames.Waiting), (totals.Shown, totals.Pending));
        }

        private void Submit(params ImmutableArray<RoomCommand> commands)
        {
            foreach (var verdict in _room.Submit(commands, _now).Cast<Verdict>())
            {
                _verdicts[verdict.Status] = Of(verdict.Status) + 1;
            }
        }

        private int Of(VerdictStatus status) => _verdicts.GetValueOrDefault(status);
    }
}
