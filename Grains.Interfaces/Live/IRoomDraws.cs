namespace RedNote.Live;

/// <summary>The lucky draws of a live room.</summary>
[Alias("live.room-draws")]
public interface IRoomDraws : IGrainWithIntegerKey
{
    /// <summary>Opens a draw. Done (also when the key is repeated: the draw as it is now), NotFound, Forbidden,
    /// Invalid, Conflict (another draw has the key, or the id), WrongState (not live), RateLimited (too many
    /// draws).</summary>
    [Alias("open-draw")]
    Task<DrawOutcome> OpenDraw(OpenDraw command);

    /// <summary>A draw, also one of long ago; null: no such draw.</summary>
    [Alias("draw")]
    Task<Draw?> Draw(DrawId draw);

    /// <summary>A piece of the frozen entrant list. Limits out of range are brought into it.</summary>
    [Alias("draw-entrants")]
    Task<DrawEntrantsPage> DrawEntrants(DrawEntrantsQuery query);
}
