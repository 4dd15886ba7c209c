using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>
/// The questions of a room: all open ones, and the last answered ones; bounded, see the options. Nobody asks in most
/// rooms that a silo knows: those hold nothing here.
/// </summary>
public sealed class QuestionBook
{
    private readonly LiveRoomOptions _options;
    private Shelf? _shelf;

    public QuestionBook(LiveRoomOptions options, StoredQuestions stored)
    {
        _options = options;
        LastId = stored.LastId;
        foreach (var question in stored.Open.Concat(stored.Answered))
        {
            Put(new QuestionEntry(question));
        }
    }

    private sealed class Shelf
    {
        public readonly Dictionary<QuestionId, QuestionEntry> Entries = [];
        public readonly Dictionary<(UserId User, string Key), QuestionEntry> Keys = [];
        public readonly Dictionary<UserId, int> OpenPerUser = [];

        /// <summary>In order of answering.</summary>
        public readonly Queue<QuestionId> Answered = [];
    }

    /// <summary>The last number given away; 0: none.</summary>
    public long LastId { get; private set; }

    public int OpenCount => _shelf is null ? 0 : _shelf.Entries.Count - _shelf.Answered.Count;

    /// <summary>Upvotes of all open questions.</summary>
    public long Upvotes { get; private set; }

    private IEnumerable<QuestionEntry> Entries => _shelf is null ? [] : _shelf.Entries.Values;

    public QuestionEntry? Find(QuestionId id) => _shelf?.Entries.GetValueOrDefault(id);

    /// <summary>The question that the user asked with that key, if it is still kept.</summary>
    public QuestionEntry? Find(UserId user, string key) => _shelf?.Keys.GetValueOrDefault((user, key));

    public int OpenOf(UserId user) => _shelf?.OpenPerUser.GetValueOrDefault(user) ?? 0;

    public void Apply(QuestionEvent raised)
    {
        switch (raised)
        {
            case QuestionReceived received:
                LastId = received.QuestionId.Value;
                Put(new QuestionEntry(received));
                break;
            case QuestionsBacked backed:
                Apply(backed);
                break;
            case QuestionSettled settled:
                Apply(settled);
                break;
            case QuestionRemoved removed:
                Apply(removed);

                break;
            default:
                throw new NotSupportedException($"Questions do not know {raised.GetType().Name}.");
        }
    }

    /// <summary>Open questions, most upvotes first.</summary>
    public ImmutableArray<Question> Top(int most, UserId viewer)
        => [.. InOrder(QuestionOrder.Top, QuestionState.Open).Take(most).Select(entry => entry.ToQuestion(viewer))];

    public QuestionPage Page(QuestionQuery query)
    {
        var limit = Math.Clamp(query.Limit, 1, QuestionQuery.MaxLimit);
        var found = InOrder(query.Order, query.State).Where(entry => IsBehind(entry, query)).Take(limit + 1).ToList();
        var items = found.Take(limit).Select(entry => entry.ToQuestion(query.Viewer)).ToImmutableArray();
        var next = found.Count > limit ? new QuestionPosition(items[^1].Upvotes, items[^1].QuestionId) : null;
        return new QuestionPage(items, next);
    }

    public StoredQuestions ToStored() => new()
    {
        LastId = LastId,
        Open = [.. Entries.Where(entry => entry.IsOpen).OrderBy(entry => entry.Id.Value)
            .Select(entry => entry.ToStored())],
        Answered = _shelf is null ? [] : [.. _shelf.Answered.Select(id => _shelf.Entries[id].ToStored())],
    };

    private void Apply(QuestionsBacked backed)
    {
        foreach (var (id, users) in backed.Upvotes)
        {
            foreach (var user in users)
            {
                if (Find(id)?.Upvote(user) ?? false)
                {
                    Upvotes++;
                }
            }
        }
    }

    private void Apply(QuestionSettled settled)
    {
        if (Find(settled.QuestionId) is not { IsOpen: true } question)
        {
            return;
        }

        Leave(question);
        question.Settle(settled);
        var shelf = _shelf!;
        shelf.Answered.Enqueue(question.Id);
        while (shelf.Answered.Count > _options.AnsweredQuestions)
        {
            Forget(shelf.Entries[shelf.Answered.Dequeue()]);
        }
    }

    private void Apply(QuestionRemoved removed)
    {
        if (Find(removed.QuestionId) is not { } question)
        {
            return;
        }

        if (question.IsOpen)
        {
            Leave(question);
        }
        else
        {
            var all = _shelf!.Answered;
            for (var left = all.Count; left > 0; left--)
            {
                var answered = all.Dequeue();
                if (answered != question.Id)
                {
                    all.Enqueue(answered);
                }
            }
        }

        Forget(question);
    }

    private void Put(QuestionEntry question)
    {
        var shelf = _shelf ??= new Shelf();
        shelf.Entries.Add(question.Id, question);
        if (question.Key is { } key)
        {
            shelf.Keys[(question.UserId, key)] = question;
        }

        if (question.IsOpen)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(shelf.OpenPerUser, question.UserId, out _)++;
            Upvotes += question.Upvotes;
        }
        else
        {
            shelf.Answered.Enqueue(question.Id);
        }
    }

    /// <summary>Takes a question from what is counted of the open ones.</summary>
    private void Leave(QuestionEntry question)
    {
        Upvotes -= question.Upvotes;
        var open = _shelf!.OpenPerUser;
        if (--CollectionsMarshal.GetValueRefOrNullRef(open, question.UserId) == 0)
        {
            open.Remove(question.UserId);
        }
    }

    private void Forget(QuestionEntry question)
    {
        var shelf = _shelf!;
        shelf.Entries.Remove(question.Id);
        if (question.Key is { } key && shelf.Keys.GetValueOrDefault((question.UserId, key)) == question)
        {
            shelf.Keys.Remove((question.UserId, key));
        }
    }

    private IEnumerable<QuestionEntry> InOrder(QuestionOrder order, QuestionState state)
    {
        var entries = Entries.Where(entry => entry.IsOpen == (state == QuestionState.Open));
        return order == QuestionOrder.Top
            ? entries.OrderByDescending(entry => entry.Upvotes).ThenBy(entry => entry.Id.Value)
            : entries.OrderByDescending(entry => entry.Id.Value);
    }

    private static bool IsBehind(QuestionEntry entry, QuestionQuery query)
        => query.After is not { } after
            || (query.Order == QuestionOrder.New
                ? entry.Id.Value < after.QuestionId.Value
                : entry.Upvotes < after.Upvotes
                    || (entry.Upvotes == after.Upvotes && entry.Id.Value > after.QuestionId.Value));
}

/// <summary>The form in which snapshots hold a <see cref="QuestionBook"/>.</summary>
public sealed record StoredQuestions
{
    public long LastId { get; init; }

    /// <summary>In order of asking.</summary>
    public ImmutableArray<StoredQuestion> Open { get; init; } = [];

    /// <summary>In order of answering.</summary>
    public ImmutableArray<StoredQuestion> Answered { get; init; } = [];
}
