namespace RedNote.Live;

/// <summary>Who watches a live room, and who contributes.</summary>
[Alias("live.room-audience")]
public interface IRoomAudience : IGrainWithIntegerKey
{
    /// <summary>The fans with most points; null: no such room. Limits out of range are brought into it.</summary>
    [Alias("fans")]
    Task<FanList?> Fans(int limit);

    /// <summary>What the room counts of a user, zeros for one it has not seen; null: no such room.</summary>
    [Alias("fan")]
    Task<Fan?> Fan(UserId user);
}
