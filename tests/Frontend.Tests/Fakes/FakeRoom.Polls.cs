using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>Commands of the host, which no gateway or channel calls.</summary>
internal sealed partial class FakeRoom
{
    public Task<PollOutcome> OpenPoll(UserId by, OpenPoll command) => throw new NotSupportedException();

    public Task<PollOutcome> ClosePoll(UserId by, PollId poll) => throw new NotSupportedException();

    public Task<Poll?> Poll(PollId poll, UserId viewer) => throw new NotSupportedException();

    public Task<BallotsOutcome> Ballots(UserId by, PollId poll, UserId after, int limit)
        => throw new NotSupportedException();

    public Task<PkOutcome> OpenPk(UserId by, OpenPk command) => throw new NotSupportedException();

    public Task<PkOutcome> ClosePk(UserId by, PkId pk) => throw new NotSupportedException();

    public Task<QuestionOutcome> AnswerQuestion(UserId by, QuestionId question, string? text)
        => throw new NotSupportedException();

    public Task<CommandStatus> DismissQuestion(UserId by, QuestionId question) => throw new NotSupportedException();

    public Task<QuestionPage?> Questions(QuestionQuery query) => throw new NotSupportedException();

    public Task<PinOutcome> Pin(UserId by, PinItem item) => throw new NotSupportedException();

    public Task<PinOutcome> Unpin(UserId by) => throw new NotSupportedException();
}
