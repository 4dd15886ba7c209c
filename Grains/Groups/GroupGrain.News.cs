using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace RedNote.Groups;

/// <summary>What members who look on are told: once it is durable, at once after a quiet while, otherwise together with
/// what happens until then.</summary>
internal sealed partial class GroupGrain
{
    private readonly Dictionary<UserId, long> _typing = [];
    private IAsyncStream<GroupNews> _stream = null!;
    private long? _lastNewsAt;
    private bool _isPublishing;

    public async Task<bool> Type(UserId by, string name)
    {
        if (!State.Members.TryFind(by, out var member)
            || TextRules.Clean(name, TextRules.MaxUserName, out var clean) != TextCheck.Ok)
        {
            return await Confirmed(false);
        }

        var now = AwakeMs();
        var isTold = State.Members.Count <= options.Value.TypingMembers && member.MutedAt(Now()) is null
            && (!_typing.TryGetValue(by, out var last) || now - last >= options.Value.TypingMs);
        var durable = isTold ? WhenEpoch() : log.WhenConfirmed();
        if (isTold)
        {
            if (_typing.Count > 2 * options.Value.TypingMembers)
            {
                _typing.Clear();
            }

            _typing[by] = now;
            _desk.Note(new MemberTyping(by, clean) { At = Now() });
            PublishNews();
        }

        await durable;
        return true;
    }

    public async Task<GroupNewsAnswer?> NewsAfter(GroupHead after)
    {
        if (!_rules.Exists)
        {
            return await Confirmed<GroupNewsAnswer?>(null);
        }

        var durable = WhenEpoch();
        Seal();
        var news = ImmutableArray<GroupNews>.Empty;
        var isComplete = after.Epoch == State.Epoch && _desk.TryAfter(after.Number, out news);
        var answer = new GroupNewsAnswer(Head(), isComplete, news);
        PublishNews();
        await durable;
        return await Confirmed(answer);
    }

    public async Task<GroupHead?> Report(GroupPresence presence)
    {
        if (!_rules.Exists)
        {
            return await Confirmed<GroupHead?>(null);
        }

        var durable = WhenEpoch();
        _presence.Report(presence, AwakeMs());
        var head = Head();
        await durable;
        return await Confirmed(head);
    }

    private GroupHead Head() => new(State.Epoch, _desk.Number);

    /// <summary>Puts what waits under numbers of this activation's epoch; while the journal has no room for that, it
    /// goes on waiting, or it would be under the epoch before.</summary>
    private void Seal()
    {
        if (_hasEpoch)
        {
            _desk.Seal(State.Epoch, State.LastSeq, Tally);
        }
    }

    /// <summary>Notes what an event that was raised means for those who look on.</summary>
    private void Tell(GroupLogEvent raised)
    {
        switch (raised)
        {
            case MessagePosted posted:
                _desk.Note(new MessageSent(_memory.Find(posted.Message.Seq)!.ToMessage()) { At = raised.At });
                break;
            case MessageChanged changed when _memory.Find(changed.Message.Seq) is { } card:
                _desk.Note(new MessageEdited(card.ToMessage()) { At = raised.At });
                break;
            case MessageRecalled recalled when _memory.Find(recalled.Message.Seq) is { } card:
                _desk.Recall(card.Seq, card.ToMessage());
                _desk.Note(new MessageTakenBack(card.Seq, recalled.By) { At = raised.At });
                TellWithdrawn(card.Seq);
                break;
            case MessageReacted reacted:
                _desk.Note(
                    new ReactionChanged(reacted.Seq, reacted.Emoji, reacted.Count, reacted.UserId, reacted.On)
                    {
                        At = raised.At,
                    });
                break;
            case GroupBallotsCast cast:
                _desk.Note(cast.PollId);
                break;
            case GroupPollClosed closed:
                _desk.Note(closed.PollId);
                break;
            case SettingsChanged changed:
                TellSettings(changed);
                break;
            default:
                TellMembers(raised);
                break;
        }
    }

    /// <summary>Who shows the poll that a message was sent with learns that it has closed, and of no result.</summary>
    private void TellWithdrawn(long seq)
    {
        if (State.Polls.OfMessage(seq) is { } poll)
        {
            _desk.Withdraw(poll.Tally);
            _desk.Note(poll.Id);
        }
    }

    private void TellSettings(SettingsChanged changed)
    {
        if (changed.Name is { } name)
        {
            _desk.Note(new GroupRenamed(name, changed.By) { At = changed.At });
        }

        if (changed.Announcement is not null)
        {
            _desk.Note(new AnnouncementChanged(State.Announcement) { At = changed.At });
        }
    }

    private void TellMembers(GroupLogEvent raised)
    {
        switch (raised)
        {
            case MembersJoined joined:
                foreach (var (user, name) in joined.Members)
                {
                    Note(MemberChange.Joined, user, name, joined.By);
                }

                break;
            case MemberGone gone:
                Note(
                    gone.By == gone.UserId ? MemberChange.Left : MemberChange.Removed, gone.UserId, gone.Name, gone.By);
                break;
            case RoleGiven given:
                Note(MemberChange.Role, given.UserId, "", given.By);
                if (given.Role == GroupRole.Owner)
                {
                    // The owner before is an admin now.
                    Note(MemberChange.Role, given.By, "", given.By);
                }

                break;
            case MemberMuted muted:
                Note(muted.Until is null ? MemberChange.Unmuted : MemberChange.Muted, muted.UserId, "", muted.By);
                break;
            case JoinRequested asked:
                Note(MemberChange.Requested, asked.UserId, asked.Name, asked.UserId);
                break;
        }

        void Note(MemberChange change, UserId user, string name, UserId by)
        {
            var member = State.Members.Find(user);
            _desk.Note(new MemberChanged(
                change, user, member?.Name ?? name, by, member?.Role, member?.MutedAt(raised.At), State.Members.Count)
            {
                At = raised.At,
            });
        }
    }

    private void PublishNews()
    {
        if (!_isPublishing && _hasEpoch && _desk.HasNews)
        {
            _isPublishing = true;
            _ = PublishAll();
        }
    }

    /// <summary>One after the other, until there is nothing more to tell.</summary>
    private async Task PublishAll()
    {
        try
        {
            while (_desk.HasNews)
            {
                var rest = _lastNewsAt is { } last
                    ? TimeSpan.FromMilliseconds(options.Value.NewsMs) - time.GetElapsedTime(last)
                    : TimeSpan.Zero;
                if (rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, time, _stopping.Token);
                }

                _lastNewsAt = time.GetTimestamp();
                Seal();
                await log.WhenConfirmed();
                while (_desk.TryNext(out var news))
                {
                    // Those that were sealed since, for who has opened the group, may not be durable yet.
                    await log.WhenConfirmed();
                    await Publish(news!);
                }
            }
        }
        catch (Exception error) when (error is TryAgainException or OperationCanceledException)
        {
            // What was not stored is told to nobody.
        }
        finally
        {
            _isPublishing = false;
        }
    }

    private async Task Publish(GroupNews news)
    {
        try
        {
            await _stream.OnNextAsync(news);
        }
        catch (Exception error)
        {
            // Front ends see the gap and ask for it.
            LogNotPublished(logger, Self, news.Head.Number, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Group {Group}: news {Number} were not published")]
    private static partial void LogNotPublished(ILogger logger, GroupId group, long number, Exception error);
}
