namespace RedNote.Live;

/// <summary>Questions and the pin: what does not come in batches.</summary>
public sealed partial class LiveRoomGrain
{
    public async Task<QuestionOutcome> AnswerQuestion(UserId by, QuestionId question, string? text)
    {
        var decided = Decide((now, events) => _room.AnswerQuestion(by, question, text, now, events));
        var answered = _room.Questions.Find(question)?.ToQuestion(by);
        var status = await decided;
        return new QuestionOutcome(status, status == CommandStatus.Done ? answered : null);
    }

    public Task<CommandStatus> DismissQuestion(UserId by, QuestionId question)
        => Decide((now, events) => _room.DismissQuestion(by, question, now, events));

    public async Task<QuestionPage?> Questions(QuestionQuery query)
    {
        var page = _room.Exists ? _room.Questions.Page(query) : null;
        await log.WhenConfirmed();
        return page;
    }

    public async Task<PinOutcome> Pin(UserId by, PinItem item)
    {
        var decided = Decide((now, events) => _room.Pin(by, item, now, events));
        var pin = _room.Pinned;
        var status = await decided;
        return new PinOutcome(status, status == CommandStatus.Done ? pin : null);
    }

    public async Task<PinOutcome> Unpin(UserId by)
        => new(await Decide((now, events) => _room.Unpin(by, now, events)), null);
}
