using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>
/// What the events of a group amount to, but for its messages: those are in tables, as a group has as many as people
/// write. What is kept of them is what it takes to count who has not read how many.
/// </summary>
internal sealed class GroupState : IEventState<GroupLogEvent>
{
    private readonly GroupOptions _options;
    private readonly SeqList _recalled;
    private readonly Dictionary<UserId, JoinRequest> _requests = [];
    private readonly List<InviteEntry> _invites = [];

    public GroupState(GroupOptions options)
        : this(options, new StoredGroup())
    {
    }

    public GroupState(GroupOptions options, StoredGroup stored)
    {
        _options = options;
        (Token, Name, Kind, JoinPolicy) = (stored.Token, stored.Name, stored.Type, stored.JoinPolicy);
        (Creator, CreatedAt) = (stored.Creator ?? default, stored.CreatedAt);
        (Announcement, Epoch, LastSeq) = (stored.Announcement, stored.Epoch, stored.LastSeq);
        _recalled = new SeqList(stored.Recalled);
        foreach (var member in stored.Members)
        {
            Members.Add(new MemberEntry(member));
        }

        foreach (var request in stored.Requests)
        {
            _requests.Add(request.UserId, request);
        }

        _invites.AddRange(stored.Invites);
        Polls = new GroupPollBook(options, stored.Polls);
        foreach (var seq in stored.Recalled)
        {
            // Snapshots of before polls were taken back with their messages have them still.
            if (Polls.OfMessage(seq) is { IsWithdrawn: false } left)
            {
                left.Withdraw(left.OpenedAt);
            }
        }
    }

    public bool Exists => Token.Length > 0;

    /// <summary>Drawn by who made it; empty while the group does not exist.</summary>
    public string Token { get; private set; }

    public GroupKind Kind { get; private set; }

    /// <summary>Empty for a conversation.</summary>
    public string Name { get; private set; }

    public Announcement? Announcement { get; private set; }

    public JoinPolicy JoinPolicy { get; private set; }

    /// <summary>Who made it.</summary>
    public UserId Creator { get; private set; }

    public long CreatedAt { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>The last message's number; 0: none yet.</summary>
    public long LastSeq { get; private set; }

    public MemberBook Members { get; } = new();

    public GroupPollBook Polls { get; }

    /// <summary>Who asked first comes first.</summary>
    public IEnumerable<JoinRequest> Requests
        => _requests.Values.OrderBy(request => request.At).ThenBy(request => request.UserId.Value);

    public int RequestCount => _requests.Count;

    public IReadOnlyList<InviteEntry> Invites => _invites;

    public JoinRequest? RequestOf(UserId user) => _requests.GetValueOrDefault(user);

    public InviteEntry? FindInvite(string code) => _invites.Find(invite => invite.Code == code);

    /// <summary>Messages of others after a mark of that member, without the recalled ones.</summary>
    public long Unread(MemberEntry member, long mark)
        => Math.Max(0, LastSeq - mark - member.OwnAfter(mark) - _recalled.CountAfter(mark));

    /// <summary>Messages after that one, without the recalled ones.</summary>
    public long MessagesAfter(long seq) => Math.Max(0, LastSeq - seq - _recalled.CountAfter(seq));

    public bool IsRecalled(long seq) => _recalled.Contains(seq);

    public void Apply(GroupLogEvent raised)
    {
        switch (raised)
        {
            case MessagePosted posted:
                Apply(posted);
                break;
            case MarksMoved moved:
                foreach (var mark in moved.Marks)
                {
                    Members.Find(mark.UserId)?.Read(Math.Min(mark.Seq, LastSeq));
                }

                break;
            case MembersKnocked knocked:
                foreach (var user in knocked.Users)
                {
                    if (Members.TryFind(user, out var member))
                    {
                        member.IsKnocked = true;
                    }
                }

                break;
            case MessageChanged:
                break;
            case MessageRecalled recalled:
                Apply(recalled);
                break;
            case MessageReacted reacted:
                if (reacted.From != reacted.UserId)
                {
                    Members.Find(reacted.From)?.CountReaction(reacted.At, reacted.On, _options.ReactionPoints);
                }

                break;
            case EpochBegan began:
                Epoch = began.Epoch;
                break;
            case GroupPollOpened opened:
                Polls.Apply(opened);
                break;
            case GroupBallotsCast cast:
                Polls.Apply(cast);
                break;
            case GroupPollClosed closed:
                Polls.Apply(closed);
                break;
            default:
                ApplyMembership(raised);
                break;
        }
    }

    /// <summary>All of it, for a snapshot; later events do not change what was returned.</summary>
    public StoredGroup ToStored() => new()
    {
        Token = Token,
        Type = Kind,
        Name = Name,
        Announcement = Announcement,
        JoinPolicy = JoinPolicy,
        Creator = Exists ? Creator : null,
        CreatedAt = CreatedAt,
        Epoch = Epoch,
        LastSeq = LastSeq,
        Recalled = _recalled.ToStored(),
        Members = Members.ToStored(),
        Requests = [.. Requests],
        Invites = [.. _invites],
        Polls = Polls.ToStored(),
    };

    private void Apply(MessagePosted posted)
    {
        var message = posted.Message;
        LastSeq = message.Seq;
        if (Members.TryFind(message.From, out var sender))
        {
            sender.Name = message.FromName;
            sender.Sent(message.Seq);
            sender.CountMessage(posted.At, _options.MessagePoints);
        }

        foreach (var user in message.Called)
        {
            Members.Find(user)?.Called(message.Seq);
        }
    }

    private void Apply(MessageRecalled recalled)
    {
        var seq = recalled.Message.Seq;
        if (!_recalled.Add(seq))
        {
            return;
        }

        Polls.Apply(recalled);
        Members.Find(recalled.Message.From)?.Recalled(seq);
        foreach (var user in (recalled.Message with { Mentions = recalled.Mentions }).Called)
        {
            Members.Find(user)?.Recalled(seq);
        }
    }

    private void ApplyMembership(GroupLogEvent raised)
    {
        switch (raised)
        {
            case GroupCreated created:
                (Token, Name, Kind, JoinPolicy) = (created.Token, created.Name, created.Type, created.JoinPolicy);
                (Creator, CreatedAt) = (created.Owner.UserId, created.At);
                var role = Kind == GroupKind.Direct ? GroupRole.Member : GroupRole.Owner;
                Members.Add(new MemberEntry(created.Owner.UserId, created.Owner.Name, role, created.At, 0));
                break;
            case MembersJoined joined:
                Apply(joined);
                break;
            case MemberGone gone:
                Members.Remove(gone.UserId);
                break;
            case RoleGiven given:
                Members.Give(given.UserId, given.Role);
                break;
            case MemberMuted muted:
                Members.Find(muted.UserId)?.MutedUntil = muted.Until;
                break;
            case SettingsChanged changed:
                Apply(changed);
                break;
            case JoinRequested requested:
                _requests[requested.UserId] = new JoinRequest(requested.UserId, requested.Name, requested.At);
                break;
            case JoinRefused refused:
                _requests.Remove(refused.UserId);
                break;
            case InviteMade made:
                _invites.RemoveAll(invite => !invite.IsGood(made.At));
                _invites.Add(new InviteEntry(made.Code, made.By, made.ExpiresAt, made.Uses));
                break;
            case InviteRevoked revoked:
                _invites.RemoveAll(invite => invite.Code == revoked.Code);
                break;
            default:
                // Passing an event over would make the state differ from the log without a word.
                throw new NotSupportedException($"A group does not know {raised.GetType().Name}.");
        }
    }

    private void Apply(MembersJoined joined)
    {
        foreach (var (user, name) in joined.Members)
        {
            _requests.Remove(user);
            Members.Add(new MemberEntry(user, name, GroupRole.Member, joined.At, LastSeq));
        }

        var place = _invites.FindIndex(invite => invite.Code == joined.Invite);
        if (place >= 0 && _invites[place].UsesLeft is { } uses)
        {
            _invites[place] = _invites[place] with { UsesLeft = uses - joined.Members.Length };
        }
    }

    private void Apply(SettingsChanged changed)
    {
        Name = changed.Name ?? Name;
        JoinPolicy = changed.JoinPolicy ?? JoinPolicy;
        if (changed.Announcement is { } text)
        {
            Announcement = text.Length == 0 ? null : new Announcement(text, changed.By, changed.At);
        }
    }
}

/// <summary>An invite as the group's state has it.</summary>
internal sealed record InviteEntry(string Code, UserId By, long ExpiresAt, int? UsesLeft)
{
    public bool IsGood(long now) => now < ExpiresAt && UsesLeft is null or > 0;

    public Invite ToInvite() => new(Code, By, ExpiresAt, UsesLeft);
}
