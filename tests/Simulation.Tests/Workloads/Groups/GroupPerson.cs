using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Simulation.Groups;

/// <summary>
/// One person with a client of their own, who does one thing after the other in one group or another, and repeats it
/// until it is answered. What was answered has to be so.
/// </summary>
internal sealed partial class GroupPerson(
    SimulatedWorld world, UserId id, SimulatedClient client, SimulationRandom random, GroupCast cast)
{
    private readonly Dictionary<(GroupId Group, string Key), SendMessage> _sent = [];
    private readonly Dictionary<(GroupId Group, string Key), long> _seqs = [];
    private int _words;

    public UserId Id => id;

    public string Name => $"User {id}";

    public SimulatedClient Client => client;

    public async Task Live(int commands)
    {
        for (var i = 0; i < commands; i++)
        {
            if (random.Chance(0.6))
                await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(4)), client.Node.Time);
            var kind = random.Next(134);
            var group = random.Pick(cast.Books);
            var (number, other) = (random.Next(10_000), new UserId(1 + random.Next(GroupCast.Users)));
            if (!world.Take($"{client.Node.Name} does {kind} in {group.Id}, {number} {other}")) continue;
            await Act(kind, group, number, other);
        }
    }

    private Task Act(int kind, GroupBook group, int number, UserId other) => kind switch
    {
        < 27 => Send(group, number, other),
        < 33 => Improve(group, number),
        < 37 => Recall(group, number),
        < 47 => React(group, number),
        < 56 => MarkRead(group, number),
        < 62 => LookAt(group),
        < 66 => Open(group, number),
        < 70 => Page(group, number),
        < 73 => Ask(group, number),
        < 76 => Count(group, number),
        < 83 => Join(group, number % 3 == 0 ? id : other),
        < 88 => Remove(group, number % 3 == 0 ? id : number % 3 == 1 ? SomeAdmin(group, number) ?? other : other),
        < 92 => Give(group, other, (GroupRole)(number % 12 == 0 ? 2 : number % 2)),
        < 96 => Mute(group, other, number),
        < 98 => Change(group, number),
        < 100 => Type(group),
        < 104 => Search(group, number),
        < 107 => Digest(group, number),
        < 111 => OpenPoll(group, number),
        < 119 => Vote(group, number),
        < 121 => LookAtPoll(group, number),
        < 122 => ClosePoll(group, number),
        < 124 => LookAtBallots(group, number),
        < 126 => Invite(group, number),
        < 128 => JoinByInvite(group, number),
        < 129 => Revoke(group, number),
        < 130 => LookAtRequests(group),
        _ => LookAtInbox(number),
    };

    /// <summary>Repeats a call until it is answered.</summary>
    private Task<T> Until<T>(string what, GroupBook group, Func<IGroupGrain, Task<T>> call)
        => Calls.UntilAnswered(
            world, client, $"{id} in {group.Id} {what}", grains => call(grains.Group(group.Id)),
            answer => answer is not (CommandStatus.TryAgain or SendAnswer { Reason: GroupReason.TryAgain }
                or GroupOutcome { Status: CommandStatus.TryAgain } or JoinOutcome { Status: CommandStatus.TryAgain }
                or GroupPollOutcome { Status: CommandStatus.TryAgain } or PollOutcome { Status: CommandStatus.TryAgain }
                or InviteOutcome { Status: CommandStatus.TryAgain } or Verdict { Reason: RejectReason.TryAgain }));

    private async Task Send(GroupBook group, int number, UserId other)
    {
        var key = $"k{number % 60}";
        var isKnown = _sent.TryGetValue((group.Id, key), out var message);
        if (!isKnown || number % 5 == 0)
        {
            var last = group.Now.LastSeq;
            message = new SendMessage(
                id, Name, NextText(number), number % 4 == 0 && last > 0 ? 1 + (number % (last + 1)) : null,
                number % 3 == 0 ? [other] : [], number % 17 == 0 ? new Card(CardKind.Note, 1 + number) : null, key);
            if (number % 13 == 0 && SomePoll(group, number) is { } poll)
                message = message with { Card = new Card(CardKind.Poll, poll.Value) };
            if (number % 41 == 0) message = message with { Text = "", Card = null };
        }

        // What was asked for first may be what is stored, whatever was answered.
        _sent.TryAdd((group.Id, key), message!);
        var (asked, oldest) = (group.Head, group.Oldest);
        var first = Until($"sends {message!.Text} as {key}", group, grain => grain.Send(message));
        if (number % 7 == 0)
        {
            // Hit twice.
            var second = await Until($"sends {message.Text} as {key} again", group, grain => grain.Send(message));
            if (second is { Seq: { } again }) CheckKey(group, key, again);
        }

        var answer = await first;
        if (answer.Status == SendStatus.Rejected)
        {
            CheckRefusal(group, oldest, $"{message}", answer, view => answer.Reason switch
            {
                GroupReason.Conflict => view.OfKey(id, key) is { } bound && !IsSame(bound, message),
                GroupReason.Empty => message.Text.Length == 0,
                GroupReason.NotFound => (message.ReplyTo is { } reply && view.Message(reply) is null)
                    || (message.Card is { Kind: CardKind.Poll, Id: var poll }
                        && view.ShownPoll(new PollId(poll)) is null),
                _ => false,
            });
            if (answer.Reason is not GroupReason.Conflict) _sent.Remove((group.Id, key));
            return;
        }

        var seq = answer.Seq!.Value;
        group.Acknowledge(asked, $"{message} was answered {answer}", view => view.Message(seq) is { } stored
            && stored.From == id.Value && stored.Key == key && stored.At == answer.At && IsSame(stored, message));
        CheckKey(group, key, seq);
        _sent[(group.Id, key)] = message;
    }

    /// <summary>A key stands for one message for ever.</summary>
    private void CheckKey(GroupBook group, string key, long seq)
        => world.Require(
            _seqs.TryAdd((group.Id, key), seq) || _seqs[(group.Id, key)] == seq,
            $"{key} of {id} in {group.Id} was {_seqs[(group.Id, key)]} and is {seq}.");

    /// <summary>Whether a stored message is the one that was sent, whatever has become of it.</summary>
    private static bool IsSame(MessageView stored, SendMessage message)
        => stored.ReplyTo == message.ReplyTo && (stored.FirstText ?? message.Text) == message.Text;

    /// <summary>Changes a message, perhaps again, and perhaps thinks better of it.</summary>
    private async Task Improve(GroupBook group, int number)
    {
        await Edit(group, number);
        if (number % 3 == 0) await Edit(group, number);
        if (number % 4 == 0) await Recall(group, number);
    }

    private async Task Edit(GroupBook group, int number)
    {
        var (seq, text) = (SomeOwn(group, number), NextText(number));
        var (asked, oldest) = (group.Head, group.Oldest);
        var answer = await Until($"changes {seq} to {text}", group, grain => grain.Edit(id, seq, text));
        if (answer.Status == SendStatus.Accepted)
        {
            group.Acknowledge(asked, $"{seq} was changed to {text}: {answer}", view => view.Message(seq) is { } stored
                && stored.From == id.Value && (stored.Text ?? text) == text && !stored.Recalled);
            return;
        }

        CheckRefusal(group, oldest, $"changing {seq}", answer, view => answer.Reason switch
        {
            GroupReason.Forbidden => view.Message(seq) is { } stored && stored.From != id.Value,
            GroupReason.NotFound => view.Message(seq) is null or { Recalled: true },
            GroupReason.TooLate => view.Message(seq)?.From == id.Value,
            GroupReason.RateLimited => view.Message(seq)?.Edits >= cast.Options.Edits,
            _ => false,
        });
    }

    private async Task Recall(GroupBook group, int number)
    {
        var seq = SomeOwn(group, number);
        var (asked, oldest) = (group.Head, group.Oldest);
        var answer = await Until($"takes {seq} back", group, grain => grain.Recall(id, seq));
        if (answer.Status == SendStatus.Accepted)
        {
            group.Acknowledge(
                asked, $"{seq} was taken back: {answer}", view => view.Message(seq) is { Recalled: true });
            return;
        }

        CheckRefusal(group, oldest, $"taking {seq} back", answer, view => answer.Reason switch
        {
            GroupReason.Forbidden => view.Message(seq) is { } stored && stored.From != id.Value && !view.IsAdmin(id),
            GroupReason.NotFound => view.Message(seq) is null,
            GroupReason.TooLate => view.Message(seq)?.From == id.Value && !view.IsAdmin(id),
            _ => false,
        });
    }

    private async Task React(GroupBook group, int number)
    {
        var seq = Some(group, number);
        var reaction = new Reaction(seq, GroupCast.Emojis[number % GroupCast.Emojis.Length], number % 3 > 0);
        var (asked, oldest) = (group.Head, group.Oldest);
        var first = Until($"reacts {reaction}", group, grain => grain.React(id, reaction));
        if (number % 5 == 0) await Until($"reacts {reaction} again", group, grain => grain.React(id, reaction));
        var answer = await first;
        if (answer.Status == SendStatus.Accepted)
        {
            group.Acknowledge(asked, $"{reaction} of {id} was answered {answer}", view
                => view.Message(seq) is { Recalled: false } stored
                    && stored.Reactions.GetValueOrDefault(reaction.Emoji, []).Contains(id.Value) == reaction.On);
            return;
        }

        CheckRefusal(group, oldest, $"{reaction}", answer, view => answer.Reason switch
        {
            GroupReason.NotFound => view.Message(seq) is null or { Recalled: true },
            GroupReason.RateLimited => view.Message(seq)?.Reactions.Count >= cast.Options.Emojis,
            _ => false,
        });
    }

    /// <summary>What everybody may be told, whatever they want to do, or what only this may be answered.</summary>
    private void CheckRefusal(
        GroupBook group, long oldest, string what, SendAnswer answer, Func<GroupView, bool> isSo)
        => group.Judge(oldest, $"{what} of {id} is answered {answer}", view => answer.Reason switch
        {
            GroupReason.NotMember => !view.Has(id),
            GroupReason.Muted => view.Member(id) is { MutedUntil: not null },
            GroupReason.NotFound when view.Members.IsEmpty || (view.IsDirect && !view.Has(id)) => true,
            _ => isSo(view),
        });

    private string NextText(int number) => $"t{id}x{++_words}e 大家好 {GroupCast.Words[number % GroupCast.Words.Length]}";

    /// <summary>One of the last messages of one's own, or any.</summary>
    private long SomeOwn(GroupBook group, int number)
        => number % 5 > 0
            && group.Now.Messages.FindAll(message => message.From == id.Value) is { IsEmpty: false } own
                ? own[Math.Max(0, own.Count - 1 - (number % 2))].Seq
                : Some(group, number);

    /// <summary>The number of a message, or of none; the last ones more often.</summary>
    private static long Some(GroupBook group, int number)
    {
        var last = group.Now.LastSeq;
        return number % 29 == 0 ? last + 1 + (number % 3)
            : number % 2 == 0 ? Math.Max(1, last - (number % 5))
            : 1 + (number % Math.Max(1, last));
    }
}
