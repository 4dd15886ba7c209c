using System.Collections.Immutable;
using RedNote.Polls;

namespace RedNote.Live;

/// <summary>
/// Which counts of polls, PKs, questions, draws and deals viewers have not been told: each goes into the next frame
/// once, as it is then, however many ballots came in between.
/// </summary>
public sealed class RoomTallies(LiveRoomState state, LiveRoomOptions options)
{
    private readonly List<PollId> _polls = [];
    private readonly List<PkId> _pks = [];
    private readonly List<DrawId> _draws = [];
    private readonly List<DealId> _deals = [];

    /// <summary>Orders that nobody was told of, one of each deal for all of its own.</summary>
    private readonly List<OrderAnnounced> _orders = [];
    private readonly HashSet<QuestionId> _waiting = [];
    private readonly Queue<QuestionId> _questions = [];

    public bool HasNews => _polls.Count > 0 || _pks.Count > 0 || _questions.Count > 0 || _draws.Count > 0
        || _deals.Count > 0;

    /// <summary>Whether an event changes any of these counts.</summary>
    public static bool Counts(LiveRoomEvent raised)
        => raised is BallotsCast or PollEnded or CheersCounted or PkEnded or DrawEntered or DrawClosed or DealReported
            or QuestionsBacked;

    /// <summary>Notes which counts an event changed.</summary>
    public void Take(LiveRoomEvent raised)
    {
        switch (raised)
        {
            case BallotsCast cast:
                Note(_polls, cast.PollId);
                break;
            case PollEnded ended:
                Note(_polls, ended.PollId);
                break;
            case CheersCounted cheers:
                Note(_pks, cheers.PkId);
                break;
            case PkEnded ended:
                Note(_pks, ended.PkId);
                break;
            case DrawEntered entered:
                Note(_draws, entered.DrawId);
                break;
            case DrawClosed closed:
                Note(_draws, closed.DrawId);
                break;
            case DealReported reported when state.Deals.Find(reported.DealId) is { IsShown: true }:
                Note(_deals, reported.DealId);
                Note(reported);
                break;
            case QuestionsBacked backed:
                foreach (var (id, _) in backed.Upvotes)
                {
                    if (_waiting.Add(id))
                    {
                        _questions.Enqueue(id);
                    }
                }

                break;
        }
    }

    /// <summary>The frame with what is new, as far as it fits.</summary>
    public RoomFrame AddTo(RoomFrame frame)
    {
        if (!HasNews)
        {
            return frame;
        }

        var polls = _polls.Select(state.Polls.Find).OfType<PollEntry>().Select(poll => poll.Tally).ToImmutableArray();
        var pks = _pks.Select(state.Polls.Find).OfType<PkEntry>().Select(pk => pk.Tally).ToImmutableArray();
        var draws = _draws.Select(state.Draws.Find).OfType<RunningDraw>().Select(draw => draw.Tally).ToImmutableArray();
        var deals = _deals.Select(state.Deals.Find).OfType<RoomDeal>().Select(deal => deal.Ticker).ToImmutableArray();
        var questions = TakeQuestions();
        frame = _orders.Count == 0 ? frame : frame with { Events = [.. frame.Events ?? [], .. _orders] };
        _polls.Clear();
        _pks.Clear();
        _draws.Clear();
        _deals.Clear();
        _orders.Clear();
        return frame with
        {
            Polls = polls.IsEmpty ? null : polls,
            Pks = pks.IsEmpty ? null : pks,
            Questions = questions.IsEmpty ? null : questions,
            Draws = draws.IsEmpty ? null : draws,
            Deals = deals.IsEmpty ? null : deals,
        };
    }

    private ImmutableArray<QuestionTally> TakeQuestions()
    {
        var taken = ImmutableArray.CreateBuilder<QuestionTally>();
        while (taken.Count < options.FrameQuestions && _questions.TryDequeue(out var id))
        {
            _waiting.Remove(id);
            if (state.Questions.Find(id) is { } question)
            {
                taken.Add(question.Tally);
            }
        }

        return taken.ToImmutable();
    }

    /// <summary>A rush must not flood the viewers: what is announced of a deal in one frame is one event.</summary>
    private void Note(DealReported reported)
    {
        if (reported.News is not { } news)
        {
            return;
        }

        var newest = new OrderAnnounced(reported.DealId, news.Name, news.Quantity, news.Orders, news.Pieces)
        {
            At = reported.At,
        };
        var waiting = _orders.FindIndex(order => order.DealId == reported.DealId);
        if (waiting < 0)
        {
            _orders.Add(newest);
        }
        else
        {
            _orders[waiting] = _orders[waiting].Followed(newest);
        }
    }

    private static void Note<TId>(List<TId> changed, TId id)
    {
        // A handful is open at once: a list is searched faster than a set.
        if (!changed.Contains(id))
        {
            changed.Add(id);
        }
    }
}
