namespace RedNote.Live;

/// <summary>The audience of a room: watch time and contribution.</summary>
public sealed partial class LiveRoomGrain
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
        => KeepAudience(atOnce: true);

    public async Task<FanList?> Fans(int limit)
    {
        var fans = _room.Exists ? _room.Fans(Math.Clamp(limit, 1, FanList.MaxFans), Now()) : null;
        await log.WhenConfirmed();
        return fans;
    }

    public async Task<Fan?> Fan(UserId user)
    {
        var fan = _room.Exists ? _room.FanOf(user, Now()) : null;
        await log.WhenConfirmed();
        return fan;
    }

    private async Task KeepAudience(bool atOnce)
    {
        try
        {
            var events = new List<LiveRoomEvent>();
            _room.KeepAudience(Now(), AwakeMs(), atOnce, events);
            if (events.Count > 0)
            {
                await Commit(events);
            }
        }
        catch (TryAgainException)
        {
            // As after a crash: what was counted since it was last in the log is lost.
        }
    }
}
