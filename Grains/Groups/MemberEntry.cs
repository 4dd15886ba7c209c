using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Groups;

/// <summary>A member as the group's state has it.</summary>
internal sealed class MemberEntry
{
    /// <summary>
    /// Own messages after a member's mark that are remembered. Whoever sends more than that without reading has read
    /// what was before the first of them: so it takes bounded memory to leave out of the unread ones a member's own.
    /// </summary>
    public const int MaxOwn = 200;

    /// <summary>Unread messages that mention or answer a member, as far as they are counted.</summary>
    public const int MaxCalls = 200;

    private readonly SeqList _own;
    private readonly SeqList _calls;

    public MemberEntry(UserId userId, string name, GroupRole role, long joinedAt, long joinedSeq)
    {
        (UserId, Name, Role, JoinedAt) = (userId, name, role, joinedAt);
        (JoinedSeq, ReadSeq) = (joinedSeq, joinedSeq);
        (_own, _calls) = (new SeqList(), new SeqList());
    }

    public MemberEntry(StoredMember stored)
    {
        (UserId, Name, Role, JoinedAt) = (stored.UserId, stored.Name, stored.Role, stored.JoinedAt);
        (JoinedSeq, ReadSeq) = (stored.JoinedSeq, stored.ReadSeq);
        (MutedUntil, IsKnocked) = (stored.MutedUntil, stored.IsKnocked);
        (Points, Day, DayMessages, DayReactions) =
            (stored.Points, stored.Day, stored.DayMessages, stored.DayReactions);
        (_own, _calls) = (new SeqList(stored.Own), new SeqList(stored.Calls));
    }

    public UserId UserId { get; }

    public string Name { get; set; }

    public GroupRole Role { get; set; }

    public long JoinedAt { get; }

    /// <summary>The last message before the member came.</summary>
    public long JoinedSeq { get; }

    /// <summary>The last message that the member has read, as far as it is in the log.</summary>
    public long ReadSeq { get; private set; }

    /// <summary>Unix ms; null: may send.</summary>
    public long? MutedUntil { get; set; }

    /// <summary>Whether the member was told of messages since the mark last moved.</summary>
    public bool IsKnocked { get; set; }

    public long Points { get; private set; }

    /// <summary>The day of the last points, in days since 1970 (UTC).</summary>
    public long Day { get; private set; }

    /// <summary>Points for messages on that day.</summary>
    public int DayMessages { get; private set; }

    /// <summary>Reactions of others on that day, without those taken away again on it.</summary>
    public int DayReactions { get; private set; }

    public long? MutedAt(long now) => MutedUntil > now ? MutedUntil : null;

    /// <summary>Own messages after a mark that were not recalled.</summary>
    public int OwnAfter(long mark) => _own.CountAfter(mark);

    /// <summary>Messages after a mark that mention or answer the member.</summary>
    public int CallsAfter(long mark) => _calls.CountAfter(mark);

    /// <summary>The member has sent a message. A mark that was at the end stays there.</summary>
    public void Sent(long seq)
    {
        if (ReadSeq == seq - 1)
        {
            Read(seq);
            return;
        }

        _own.Add(seq);
        if (_own.Count > MaxOwn)
        {
            Read(_own.First);
        }
    }

    /// <summary>A message mentions or answers the member.</summary>
    public void Called(long seq)
    {
        _calls.Add(seq);
        if (_calls.Count > MaxCalls)
        {
            _calls.RemoveUpTo(_calls.First);
        }
    }

    public void Read(long seq)
    {
        if (seq > ReadSeq)
        {
            ReadSeq = seq;
            IsKnocked = false;
            _own.RemoveUpTo(seq);
            _calls.RemoveUpTo(seq);
        }
    }

    /// <summary>A message was taken back.</summary>
    public void Recalled(long seq)
    {
        _own.Remove(seq);
        _calls.Remove(seq);
    }

    public void CountMessage(long at, int mostPerDay)
    {
        GoToDay(at);
        if (DayMessages < mostPerDay)
        {
            DayMessages++;
            Points++;
        }
    }

    /// <summary>Somebody else put an emoji under one of the member's messages, or took it away: whoever does both
    /// again and again gives nothing.</summary>
    public void CountReaction(long at, bool on, int mostPerDay)
    {
        GoToDay(at);
        var before = Math.Min(DayReactions, mostPerDay);
        DayReactions = Math.Max(0, DayReactions + (on ? 1 : -1));
        Points += Math.Min(DayReactions, mostPerDay) - before;
    }

    public GroupMember ToMember(long now, long readSeq)
        => new(UserId, Name, Role, JoinedAt, readSeq, MutedAt(now), Points);

    public StoredMember ToStored() => new()
    {
        UserId = UserId,
        Name = Name,
        Role = Role,
        JoinedAt = JoinedAt,
        JoinedSeq = JoinedSeq,
        ReadSeq = ReadSeq,
        MutedUntil = MutedUntil,
        IsKnocked = IsKnocked,
        Points = Points,
        Day = Day,
        DayMessages = DayMessages,
        DayReactions = DayReactions,
        Own = _own.ToStored(),
        Calls = _calls.ToStored(),
    };

    /// <summary>A clock that goes back does not give a day's points twice.</summary>
    private void GoToDay(long at)
    {
        var day = at / 86_400_000;
        if (day > Day)
        {
            (Day, DayMessages, DayReactions) = (day, 0, 0);
        }
    }
}

/// <summary>The form in which snapshots hold a <see cref="MemberEntry"/>.</summary>
internal sealed record StoredMember
{
    [JsonPropertyName("u")]
    public required UserId UserId { get; init; }

    [JsonPropertyName("n")]
    public string Name { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public GroupRole Role { get; init; }

    public long JoinedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long JoinedSeq { get; init; }

    [JsonPropertyName("read"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ReadSeq { get; init; }

    public long? MutedUntil { get; init; }

    [JsonPropertyName("knocked"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsKnocked { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Points { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Day { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int DayMessages { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int DayReactions { get; init; }

    /// <summary>Own messages after the mark.</summary>
    public ImmutableArray<long> Own { get; init; } = [];

    /// <summary>Messages after the mark that mention or answer the member.</summary>
    public ImmutableArray<long> Calls { get; init; } = [];
}
