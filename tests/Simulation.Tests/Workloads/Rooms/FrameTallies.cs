using System.Collections.Immutable;
using System.Globalization;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>Counts of polls, PKs, questions and draws as frames tell them: the newest of each, as texts.</summary>
internal sealed class FrameTallies
{
    private readonly SortedDictionary<string, string> _newest = new(StringComparer.Ordinal);

    /// <summary>The newest count of each thing, by its name.</summary>
    public IReadOnlyDictionary<string, string> Newest => _newest;

    public static string Show(PollTally tally)
        => $"{LoggedPoll.Show(tally.Counts, tally.Voters)} {tally.Closed}";

    public static string Show(PkTally tally)
        => string.Create(CultureInfo.InvariantCulture, $"{tally.LeftPoints}:{tally.RightPoints} {tally.Closed}");

    public static string Show(DrawTally tally)
        => string.Create(CultureInfo.InvariantCulture, $"{tally.Entrants} {tally.Closed}");

    public static bool AreSame(RoomFrame one, RoomFrame other)
    {
        var tallies = new FrameTallies();
        tallies.Take(other);
        return tallies.AreThoseOf(one);
    }

    public void Take(RoomFrame frame)
    {
        Take(frame.Polls, "poll", tally => tally.PollId.Value, Show);
        Take(frame.Pks, "pk", tally => tally.PkId.Value, Show);
        Take(frame.Draws, "draw", tally => tally.DrawId.Value, Show);
        Take(
            frame.Questions, "question", tally => tally.QuestionId.Value,
            tally => tally.Upvotes.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Whether a frame says the same, and of each thing once.</summary>
    public bool AreThoseOf(RoomFrame frame)
    {
        var said = new FrameTallies();
        said.Take(frame);
        var times = (frame.Polls?.Length ?? 0) + (frame.Pks?.Length ?? 0) + (frame.Draws?.Length ?? 0)
            + (frame.Questions?.Length ?? 0);
        return times == said._newest.Count && said._newest.SequenceEqual(_newest);
    }

    private void Take<T>(ImmutableArray<T>? tallies, string kind, Func<T, long> id, Func<T, string> show)
    {
        foreach (var tally in tallies ?? [])
            _newest[string.Create(CultureInfo.InvariantCulture, $"{kind} {id(tally)}")] = show(tally);
    }
}
