using System.ComponentModel.DataAnnotations;

namespace RedNote.Live;

/// <summary>The bounds of lucky draws.</summary>
public sealed partial class LiveRoomOptions
{
    /// <summary>Draws of a room without a result at a time. Default 5.</summary>
    [Range(1, 50)]
    public int Draws { get; set; } = 5;

    /// <summary>Winners of one draw. Default 1,000: a result of 25 KB, which every viewer is sent.</summary>
    [Range(1, 2_000)]
    public int DrawWinners { get; set; } = 1_000;

    /// <summary>Entrants of one draw; who comes then hears <c>draw_closed</c>. Default 1,000,000.</summary>
    [Range(1, 5_000_000)]
    public int DrawEntrants { get; set; } = 1_000_000;

    /// <summary>Longest time a draw is open, in seconds. Default 86,400.</summary>
    [Range(1, 604_800)]
    public int DrawSeconds { get; set; } = 86_400;

    /// <summary>Last results that are shown to those who join. Default 3; all of them can be asked for.</summary>
    [Range(0, 20)]
    public int DrawResults { get; set; } = 3;

    /// <summary>Draws of a room in seven days, which is how long the host's keys are kept. Default 1,000.</summary>
    [Range(1, 10_000)]
    public int DrawKeys { get; set; } = 1_000;
}
