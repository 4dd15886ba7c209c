using RedNote.Frontend.Groups;
using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>What clients call in groups (CONTRACT.md, groups and direct messages).</summary>
internal sealed partial class RoomHub
{
    public Task<GroupOpened> OpenGroup(string groupId, long? afterSeq) => groups.Open(Visitor, groupId, afterSeq);

    public Task CloseGroup(string groupId)
    {
        GroupCalls.Close(Visitor, groupId);
        return Task.CompletedTask;
    }

    public Task<SendAnswer> SendMessage(string groupId, MessageDraft? message)
        => groups.Send(Visitor, groupId, message);

    public Task<SendAnswer> EditMessage(string groupId, long seq, string? text)
        => groups.Edit(Visitor, groupId, seq, text);

    public Task<SendAnswer> RecallMessage(string groupId, long seq) => groups.Recall(Visitor, groupId, seq);

    public Task<SendAnswer> React(string groupId, long seq, string? emoji, bool on)
        => groups.React(Visitor, groupId, seq, emoji, on);

    public Task<MarkAnswer> MarkRead(string groupId, long seq) => groups.MarkRead(Visitor, groupId, seq);

    public Task Typing(string groupId) => groups.Type(Visitor, groupId);

    public Task<Verdict> VoteInGroup(string groupId, string pollId, int[]? choices)
        => groups.Vote(Visitor, groupId, pollId, choices);
}
