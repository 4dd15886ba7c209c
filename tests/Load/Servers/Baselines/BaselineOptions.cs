using System.Globalization;

namespace RedNote.Load.Servers.Baselines;

/// <summary>What one would write first, and what a competent engineer would write next.</summary>
public enum BaselineKind
{
    /// <summary>A SignalR hub that sends every message to the room's group as it comes.</summary>
    Plain,

    /// <summary>A SignalR hub that gathers messages, and sends the group one call with all of them.</summary>
    Batched,

    /// <summary>Kestrel's WebSockets without SignalR, with the same gathering.</summary>
    Kestrel,
}

/// <summary>How a baseline serves.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="BatchMs">How long messages are gathered, in milliseconds, 1 to 1,000; by default 50.</param>
/// <param name="Payload">What viewers are sent of a message: <see cref="Text"/> or <see cref="Danmaku"/>.</param>
public sealed record BaselineOptions(BaselineKind Kind, int BatchMs = 50, string Payload = BaselineOptions.Text)
{
    /// <summary>The text alone: less than ours send.</summary>
    public const string Text = "text";

    /// <summary>All fields of our danmaku: nearly the same bytes.</summary>
    public const string Danmaku = "danmaku";

    /// <summary>Whether viewers are sent the text alone.</summary>
    public bool IsTextOnly => Payload == Text;

    /// <summary>On the command line of the child process.</summary>
    public string[] ToArguments()
        => [BaselineProgram.Command, Kind.ToString(), BatchMs.ToString(CultureInfo.InvariantCulture), Payload];

    /// <summary>Reads what <see cref="ToArguments"/> wrote, without the command.</summary>
    public static BaselineOptions Parse(string[] arguments)
        => arguments is [var kind, var batch, Text or Danmaku]
            && Enum.TryParse<BaselineKind>(kind, out var which)
            && int.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && ms is >= 1 and <= 1_000
                ? new BaselineOptions(which, ms, arguments[2])
                : throw new LoadException(
                    $"usage: {BaselineProgram.Command} Plain|Batched|Kestrel <batch ms, 1 to 1000> text|danmaku");
}
