using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>
/// While nothing goes wrong: the totals grow by exactly what the senders are told, points by what was contributed,
/// watch time by the time, and a mute ends with its time.
/// </summary>
internal sealed class ShowProbe(SimulatedWorld world, ShowStage stage, ShowHost host)
{
    private const int Attempts = 5;

    private readonly ShowModel _room = stage.Room;
    private readonly Steward _hand = new(
        world, stage, stage.Room.HostId, "host", world.Random.Fork("probe"), RoomClerk.Patience);

    private readonly List<Verdict> _told = [];
    private readonly List<Verdict> _own = [];
    private UserId _speaker;

    public async Task Run()
    {
        if (_room.Stored.State.Now != RoomState.Live) return;
        var speaker = stage.Guests.First(guest => !_room.Stored.IsStaff(guest.Id));
        _speaker = speaker.Id;
        for (var attempt = 1; !await Compare(speaker); attempt++)
            world.Require(attempt < Attempts, "The room never stays for as long as somebody talks.");
        await CheckWatch();
    }

    /// <summary>False when the room was rebuilt meanwhile, which begins to count anew: the snapshot of one that is long
    /// dead may still turn up.</summary>
    private async Task<bool> Compare(Guest speaker)
    {
        _told.Clear();
        _own.Clear();
        var before = (await _hand.Stats(RoomClerk.Patience))!;
        var worth = (await stage.Cast.Grains.LiveRoom(_room.Id).Fan(speaker.Id))!;
        var heldBefore = _room.Stored.Held.Count;
        await Talk(speaker);
        await Review(heldBefore);
        var points = (await stage.Cast.Grains.LiveRoom(_room.Id).Fan(speaker.Id))!;
        var after = (await _hand.Stats(RoomClerk.Patience))!;
        if (before.Epoch != after.Epoch) return false;
        Compare(before.Verdicts, after.Verdicts);
        ComparePoints(speaker, worth, points);
        return true;
    }

    private async Task Talk(Guest speaker)
    {
        var others = stage.Guests.Where(guest => guest != speaker && !_room.Stored.IsStaff(guest.Id)).Take(2).ToList();
        var name = $"probe {stage.NextKey()}";
        await Say(speaker, Phrases.Unique(speaker.Name, stage.NextKey()));
        foreach (var guest in others.Prepend(speaker).Append(speaker)) await Say(guest, "what a show");
        await Say(speaker, "buy spam now");
        await host.Change(new RoomSettingsChange(null, null, null, HoldMode.All));
        await Say(speaker, $"{name} a");
        await Say(speaker, $"{name} b");
        await host.Change(new RoomSettingsChange(null, null, null, HoldMode.Off));
        await _hand.Mute(speaker.Id, 2);
        var told = await Say(speaker, $"{name} c");
        world.Require(
            told.Reason is RejectReason.Muted or RejectReason.TryAgain,
            $"{speaker.Name} is muted and was told {told}.");
        await Task.Delay(TimeSpan.FromSeconds(2.5), stage.Cast.Node.Time);
        told = await Say(speaker, Phrases.Unique(speaker.Name, stage.NextKey()));
        world.Require(told.Reason != RejectReason.Muted, $"{speaker.Name} is muted for longer than was said.");
    }

    private async Task<Verdict> Say(Guest guest, string text)
    {
        var told = await guest.Say(text);
        world.Require(told is not null, $"'{text}' of {guest.Name} is not answered.");
        _told.Add(told!);
        if (guest.Id == _speaker) _own.Add(told!);
        return told!;
    }

    /// <summary>Approves one and refuses the other of what has come to wait.</summary>
    private async Task Review(int before)
    {
        _room.Stored.Refresh();
        var approves = true;
        foreach (var held in _room.Stored.Held.Values.Skip(before).ToList())
        {
            await _hand.Review(held, approves);
            approves = !approves;
        }
    }

    private void Compare(VerdictTotals before, VerdictTotals after)
    {
        var held = _told.Where(told => told.Status == VerdictStatus.Held).Select(told => told.HeldId!.Value).ToList();
        var approved = held.Count(id => _room.Stored.Held[id].Seq is not null);
        var refused = held.Count(id => _room.Stored.Held[id] is { ReviewedBy: > 0, Seq: null });
        Expect("received", before.Received, after.Received, _told.Count);
        Expect(
            "accepted", before.Pending + before.Shown + before.Sampled, after.Pending + after.Shown + after.Sampled,
            _told.Count(told => told.Status == VerdictStatus.Accepted) + approved);
        Expect("merged", before.Merged, after.Merged, _told.Count(told => told.Status == VerdictStatus.Merged));
        Expect("held", before.Held, after.Held, held.Count - approved - refused);
        foreach (var reason in Enum.GetValues<RejectReason>())
        {
            Expect(
                reason.ToString(), ShowModel.Count(before, reason), ShowModel.Count(after, reason),
                reason == RejectReason.Refused ? refused : _told.Count(told => told.Reason == reason));
        }
    }

    private void Expect(string what, long before, long after, long more)
        => world.Require(after - before == more, $"{what}: {before} and then {after}, senders were told {more}.");

    private void ComparePoints(Guest speaker, Fan before, Fan after)
    {
        var own = _room.Stored.WorthOf(speaker.Id);
        world.Require(
            after.Points <= own, $"{speaker.Name} has {after.Points} points for what is worth {own}.");
        var said = _own.Count(told => told.Status is VerdictStatus.Accepted or VerdictStatus.Merged
            || (told.HeldId is { } heldId && _room.Stored.Held[heldId].Seq is not null));
        world.Require(
            after.Points - before.Points == 10 * said,
            $"{speaker.Name} has {after.Points} after {before.Points}, and was heard {said} times.");
    }

    /// <summary>
    /// Who sits in the room watches it; in the end, as a front end whose last report got lost may just have been
    /// forgotten. A clock that was set back makes watch time stand still for a while.
    /// </summary>
    private async Task CheckWatch()
    {
        var grain = stage.Cast.Grains.LiveRoom(_room.Id);
        if (stage.Guests.FirstOrDefault(guest => guest.Seat is { IsWanted: true, IsJoined: true }) is not { } viewer)
            return;
        await stage.Cast.Until($"the watch time of {viewer.Name} grows with the time", async () =>
        {
            var before = (await grain.Fan(viewer.Id))!.WatchSeconds;
            await Task.Delay(TimeSpan.FromSeconds(8), stage.Cast.Node.Time);
            var after = (await grain.Fan(viewer.Id))!.WatchSeconds;
            _room.Stored.Refresh();
            var watched = _room.Stored.WatchedMs(viewer.Id, _room.Wall);
            var isLogged = Math.Abs((after * 1_000) + 500 - watched) <= 500 + _room.Stored.WatchSlackMs(viewer.Id);
            return isLogged && (_room.Jumps > 0 || after - before is >= 7 and <= 9)
                ? null
                : $"{before} s, and 8 s later {after} s; the log says {watched} ms";
        });
    }
}
