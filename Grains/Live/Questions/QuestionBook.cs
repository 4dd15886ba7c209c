using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>The questions of a room: all open ones, and the last answered ones; bounded, see the options.</summary>
public sealed class QuestionBook
{
    private readonly LiveRoomOptions _options;
    private readonly Dictionary<QuestionId, QuestionEntry> _entries = [];
    private readonly Dictionary<(UserId User, string Key), QuestionEntry> _keys = [];
    private readonly Dictionary<UserId, int> _openPerUser = [];

    /// <summary>In order of answering.</summary>
    private readonly Queue<QuestionId> _answered = [];

    public QuestionBook(LiveRoomOptions options, StoredQuestions stored)
    {
        _options = options;
        LastId = stored.LastId;
        foreach (var question in stored.Open.Concat(stored.Answered))
        {
            Put(new QuestionEntry(question));
        }
    }

    /// <summary>The last number given away; 0: none.</summary>
    public long LastId { get; private set; }

    public int OpenCount => _entries.Count - _answered.Count;

    /// <summary>Upvotes of all open questions.</summary>
    public long Upvotes { get; private set; }

    public QuestionEntry? Find(QuestionId id) => _entries.GetValueOrDefault(id);

    /// <summary>The question that the user asked with that key, if it is still kept.</summary>
    public QuestionEntry? Find(UserId user, string key) => _keys.GetValueOrDefault((user, key));

    public int OpenOf(UserId user) => _openPerUser.GetValueOrDefault(user);

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
        Open = [.. _entries.Values.Where(entry => entry.IsOpen).OrderBy(entry => entry.Id.Value)
            .Select(entry => entry.ToStored())],
        Answered = [.. _answered.Select(id => _entries[id].ToStored())],
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
        _answered.Enqueue(question.Id);
        while (_answered.Count > _options.AnsweredQuestions)
        {
            Forget(_entries[_answered.Dequeue()]);
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
            for (var left = _answered.Count; left > 0; left--)
            {
                var answered = _answered.Dequeue();
                if (answered != question.Id)
                {
                    _answered.Enqueue(answered);
                }
            }
        }

        Forget(question);
    }

    private void Put(QuestionEntry question)
    {
        _entries.Add(question.Id, question);
        if (question.Key is { } key)
        {
            _keys[(question.UserId, key)] = question;
        }

        if (question.IsOpen)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_openPerUser, question.UserId, out _)++;
            Upvotes += question.Upvotes;
        }
        else
        {
            _answered.Enqueue(question.Id);
        }
    }

    /// <summary>Takes a question from what is counted of the open ones.</summary>
    private void Leave(QuestionEntry question)
    {
        Upvotes -= question.Upvotes;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_openPerUser, question.UserId) == 0)
        {
            _openPerUser.Remove(question.UserId);
        }
    }

    private void Forget(QuestionEntry question)
    {
        _entries.Remove(question.Id);
        if (question.Key is { } key && _keys.GetValueOrDefault((question.UserId, key)) == question)
        {
            _keys.Remove((question.UserId, key));
        }
    }

    private IEnumerable<QuestionEntry> InOrder(QuestionOrder order, QuestionState state)
    {
        var entries = _entries.Values.Where(entry => entry.IsOpen == (state == QuestionState.Open));
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
