using RedNote.Polls;

namespace RedNote.Live;

/// <summary>A question as a room's state has it.</summary>
public sealed class QuestionEntry
{
    private readonly QuestionReceived _received;
    private BallotBox? _upvoters;
    private string? _answer;
    private int _upvotes;

    internal QuestionEntry(QuestionReceived received)
        : this(new StoredQuestion { Received = received, Upvoters = [] })
    {
    }

    internal QuestionEntry(StoredQuestion stored)
    {
        _received = stored.Received;
        _answer = stored.Answer;
        _upvotes = stored.Upvotes;
        AnsweredAt = stored.AnsweredAt;
        _upvoters = stored.Upvoters is { } upvoters ? BallotBox.Read(upvoters) : null;
    }

    public QuestionId Id => _received.QuestionId;

    public UserId UserId => _received.UserId;

    public string Text => _received.Text;

    public string? Key => _received.Key;

    public long? Check => _received.Check;

    /// <summary>Null while it is open; Unix ms.</summary>
    public long? AnsweredAt { get; private set; }

    public bool IsOpen => AnsweredAt is null;

    public int Upvotes => _upvoters?.Count ?? _upvotes;

    public string? Answer => _answer;

    public QuestionTally Tally => new(Id, Upvotes);

    public bool HasUpvoted(UserId user) => _upvoters is not null && _upvoters.ChoicesOf(user) != 0;

    public Question ToQuestion(UserId viewer) => new(
        Id, UserId, _received.Name, Text, Upvotes, _received.At,
        IsOpen ? QuestionState.Open : QuestionState.Answered, _answer, AnsweredAt,
        viewer == default || _upvoters is null ? null : HasUpvoted(viewer));

    internal bool Upvote(UserId user) => _upvoters is not null && _upvoters.Add(user, 1);

    /// <summary>From here on it cannot be upvoted, so that nobody needs to know who has.</summary>
    internal void Settle(QuestionSettled settled)
    {
        _upvotes = Upvotes;
        _upvoters = null;
        _answer = settled.Answer;
        AnsweredAt = settled.At;
    }

    internal StoredQuestion ToStored() => new()
    {
        Received = _received,
        Upvotes = Upvotes,
        Answer = _answer,
        AnsweredAt = AnsweredAt,
        Upvoters = _upvoters?.Write(),
    };
}

/// <summary>The form in which snapshots hold a <see cref="QuestionEntry"/>.</summary>
public sealed record StoredQuestion
{
    public required QuestionReceived Received { get; init; }
    public int Upvotes { get; init; }
    public string? Answer { get; init; }
    public long? AnsweredAt { get; init; }

    /// <summary>As <see cref="BallotBox.Write"/> gives them; null: answered.</summary>
    public byte[]? Upvoters { get; init; }
}
