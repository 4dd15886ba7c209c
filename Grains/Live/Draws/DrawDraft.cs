using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Who entered draws and said pass-phrases in the batch that is being decided.</summary>
internal sealed class DrawDraft(DrawBook book, long now)
{
    private readonly List<Part> _parts = [];

    /// <summary>Takes note of a danmaku that was accepted, merged or held, in case it is a pass-phrase.</summary>
    public void Said(UserId user, string text)
    {
        foreach (var draw in book.Running)
        {
            if (draw.Condition.Phrase is { } phrase && draw.IsOpen(now) && !draw.HasSaid(user)
                && DrawPhrase.Matches(phrase, text))
            {
                Of(draw).Said.Add(user);
            }
        }
    }

    public bool HasSaid(RunningDraw draw, UserId user) => draw.HasSaid(user) || Of(draw).Said.Contains(user);

    public bool HasEntered(RunningDraw draw, UserId user) => draw.HasEntered(user) || Of(draw).Entered.Contains(user);

    public int Entrants(RunningDraw draw) => draw.Entrants + Of(draw).Entered.Count;

    public void Enter(RunningDraw draw, UserId user) => Of(draw).Entered.Add(user);

    public void AddTo(List<LiveRoomEvent> events)
    {
        foreach (var part in _parts)
        {
            if (part.Said.Count > 0)
            {
                events.Add(new DrawPhraseSaid(now, part.Draw, Sorted(part.Said)));
            }

            if (part.Entered.Count > 0)
            {
                events.Add(new DrawEntered(now, part.Draw, Sorted(part.Entered)));
            }
        }
    }

    private static ImmutableArray<UserId> Sorted(HashSet<UserId> users) => [.. users.OrderBy(user => user.Value)];

    private Part Of(RunningDraw draw)
    {
        var part = _parts.Find(part => part.Draw == draw.Id);
        if (part is null)
        {
            _parts.Add(part = new Part(draw.Id));
        }

        return part;
    }

    private sealed record Part(DrawId Draw)
    {
        public HashSet<UserId> Said { get; } = [];

        public HashSet<UserId> Entered { get; } = [];
    }
}
