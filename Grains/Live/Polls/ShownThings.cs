namespace RedNote.Live;

/// <summary>What polls, PKs, questions, deals and pins leave on the tape.</summary>
internal static class ShownThings
{
    /// <summary>The item of an event, or null if it leaves none. Single ballots, cheers and upvotes leave none: the
    /// results do.</summary>
    public static TapeItem? ToTape(LiveRoomEvent raised) => raised switch
    {
        PollBegan poll => new TapePollOpened(
            poll.PollId, poll.Question, poll.Options, poll.Multiple, poll.Anonymous, poll.ClosesAt)
        {
            At = poll.MediaAt,
        },
        PollEnded poll => new TapePollClosed(poll.PollId, poll.Counts, poll.Voters)
        {
            At = poll.MediaAt,
        },
        PkBegan pk => new TapePkOpened(pk.PkId, pk.Left, pk.Right, pk.ClosesAt) { At = pk.MediaAt },
        PkEnded pk => new TapePkClosed(pk.PkId, pk.Left, pk.Right, PkEntry.Leads(pk.Left, pk.Right))
        {
            At = pk.MediaAt,
        },
        QuestionReceived asked => new TapeQuestion(
            asked.QuestionId, asked.UserId, asked.Name, asked.Text)
        {
            At = asked.MediaAt,
        },
        QuestionSettled settled => new TapeQuestionAnswered(settled.QuestionId, settled.Answer)
        {
            At = settled.MediaAt,
        },
        DealSaleOpened sale => new TapeDealOpened(sale.Deal) { At = sale.MediaAt },

        // A prepared deal that its host never began was never shown.
        DealSaleClosed { Deal.StartsAt: not null } sale => new TapeDealEnded(sale.Deal)
        {
            At = sale.MediaAt,
        },
        PinSet pin => new TapePinned(pin.Text, pin.PollId, pin.QuestionId, pin.DealId)
        {
            At = pin.MediaAt,
        },
        PinTaken taken => new TapeUnpinned { At = taken.MediaAt },
        _ => null,
    };
}
