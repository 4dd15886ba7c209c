namespace RedNote.Live;

/// <summary>What polls, PKs, questions, deals and pins leave on the tape.</summary>
internal static class ShownThings
{
    /// <summary>The row of an event, or null if it leaves none. Single ballots, cheers and upvotes leave none: the
    /// results do.</summary>
    public static (string Kind, TapeItem Item)? ToTape(LiveRoomEvent raised) => raised switch
    {
        PollBegan poll => ("poll_opened", new TapePollOpened(
            poll.PollId, poll.Question, poll.Options, poll.Multiple, poll.Anonymous, poll.ClosesAt)
        {
            At = poll.MediaAt,
        }),
        PollEnded poll => ("poll_closed", new TapePollClosed(poll.PollId, poll.Counts, poll.Voters)
        {
            At = poll.MediaAt,
        }),
        PkBegan pk => ("pk_opened", new TapePkOpened(pk.PkId, pk.Left, pk.Right, pk.ClosesAt) { At = pk.MediaAt }),
        PkEnded pk => ("pk_closed", new TapePkClosed(pk.PkId, pk.Left, pk.Right, PkEntry.Leads(pk.Left, pk.Right))
        {
            At = pk.MediaAt,
        }),
        QuestionReceived asked => ("question", new TapeQuestion(
            asked.QuestionId, asked.UserId, asked.Name, asked.Text)
        {
            At = asked.MediaAt,
        }),
        QuestionSettled settled => ("question_answered", new TapeQuestionAnswered(settled.QuestionId, settled.Answer)
        {
            At = settled.MediaAt,
        }),
        DealSaleOpened sale => ("deal_opened", new TapeDealOpened(sale.Deal) { At = sale.MediaAt }),

        // A prepared deal that its host never began was never shown.
        DealSaleClosed { Deal.StartsAt: not null } sale => ("deal_ended", new TapeDealEnded(sale.Deal)
        {
            At = sale.MediaAt,
        }),
        PinSet pin => ("pinned", new TapePinned(pin.Text, pin.PollId, pin.QuestionId, pin.DealId)
        {
            At = pin.MediaAt,
        }),
        PinTaken taken => ("unpinned", new TapeUnpinned { At = taken.MediaAt }),
        _ => null,
    };
}
