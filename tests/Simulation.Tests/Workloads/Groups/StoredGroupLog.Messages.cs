using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>What is promised of messages, reactions and marks.</summary>
internal sealed partial class StoredGroupLog
{
    private GroupView Post(GroupView was, long version, long at, JsonElement raised)
    {
        var message = raised.GetProperty("message");
        var (seq, from, key) = (Number(message, "seq"), User(message, "from"), Text(raised, "key")!);
        Require(seq == was.LastSeq + 1, $"goes on with {seq} after {was.LastSeq}");
        RequireWord(was, from, at);
        Require(was.OfKey(from, key) is null, $"has two messages of {from} for {key}: {seq}");
        var text = Text(raised, "text") is { Length: > 0 } said ? said : null;
        if (text is not null) Said.Add((seq, text));
        var (replyTo, mentions) = (OptionalNumber(message, "replyTo"), Ids(message, "mentions"));
        var answered = replyTo is { } reply ? was.Message(reply) : null;
        Require(replyTo is null || answered is not null, $"has an answer to what is not there: {raised}");
        Require(
            mentions.All(user => was.Members.ContainsKey(user) && user != from.Value)
                && mentions.Distinct().Count() == mentions.Length,
            $"mentions whom it cannot: {raised}");
        Require(
            CardOf(message) is not { Kind: CardKind.Poll, Id: var poll } || was.ShownPoll(new PollId(poll)) is not null,
            $"shows a poll that there is not: {raised}");
        var replyFrom = answered is { Recalled: false } && answered.From != from.Value
            && was.Members.ContainsKey(answered.From) ? answered.From : (long?)null;
        Require(OptionalId(message, "replyFrom") == replyFrom, $"has an answer to another than {replyFrom}: {raised}");
        ImmutableArray<long> called = replyFrom is { } who && !mentions.Contains(who) ? [.. mentions, who] : mentions;
        foreach (var user in called)
            Owed.Add((user, mentions.Contains(user) ? "mention" : "reply", seq, version));
        if (OptionalId(raised, "tell") is { } other)
        {
            Require(was.IsDirect && other != from.Value && was.Members.ContainsKey(other), $"tells {other}: {raised}");
            Owed.Add((other, "direct", seq, version));
        }

        var name = Text(message, "fromName")!;
        var posted = new MessageView(seq, from.Value, name, at, key, text, replyTo, mentions, called)
        {
            Card = CardOf(message),
        };
        var sender = was.Member(from)! with { Name = posted.FromName };
        if (sender.Mark == seq - 1) sender = sender with { Mark = seq, IsKnocked = false };
        return was with
        {
            Messages = was.Messages.Add(posted),
            Members = was.Members.SetItem(from.Value, Reward(sender, at, 1, 0)),
        };
    }

    private GroupView Edit(GroupView was, long at, JsonElement raised)
    {
        var message = raised.GetProperty("message");
        var (seq, text) = (Number(message, "seq"), Text(raised, "text") is { Length: > 0 } said ? said : null);
        var known = was.Message(seq);
        Require(known is { Recalled: false }, $"changes what is not there: {raised}");
        RequireWord(was, new UserId(known!.From), at);
        Require(at <= known.At + (options.EditSeconds * 1_000L), $"changes {seq} too late: {raised}");
        Require(known.Edits < options.Edits, $"changes {seq} too often");
        if (text is not null) Said.Add((seq, text));
        return With(was, known with { Text = text, EditedAt = at, Edits = known.Edits + 1 });
    }

    private GroupView Recall(GroupView was, long at, JsonElement raised)
    {
        var (seq, by) = (Number(raised.GetProperty("message"), "seq"), User(raised, "by"));
        var known = was.Message(seq);
        Require(known is { Recalled: false }, $"takes back what is not there: {raised}");
        Require(
            was.IsAdmin(by) || (was.Has(by) && known!.From == by.Value
                && at <= known.At + (options.RecallSeconds * 1_000L)),
            $"lets {by} take {seq} back at {at}");
        foreach (var (id, poll) in was.Polls.Where(poll => poll.Value.Seq == seq))
        {
            // The poll that it was sent with goes with it.
            was = was with
            {
                Polls = was.Polls.SetItem(
                    id, poll with { IsClosed = true, IsWithdrawn = true, Ballots = poll.Ballots.Clear() }),
            };
        }

        return With(was, known! with { Recalled = true, Text = "", Reactions = known.Reactions.Clear(), Card = null });
    }

    private GroupView React(GroupView was, long at, JsonElement raised)
    {
        var (seq, by, emoji, isOn) =
            (Number(raised, "seq"), User(raised, "userId"), Text(raised, "emoji")!, Flag(raised, "on"));
        var known = was.Message(seq);
        Require(
            known is { Recalled: false } && known.From == Id(raised, "from"), $"reacts to what is not there: {raised}");
        RequireWord(was, by, at);
        var users = known!.Reactions.GetValueOrDefault(emoji, []);
        Require(users.Contains(by.Value) != isOn, $"counts a reaction twice: {raised}");
        users = isOn ? users.Add(by.Value) : users.Remove(by.Value);
        Require(Number(raised, "count") == users.Count, $"counts {raised}, and it is {users.Count}");
        var reactions = users.IsEmpty ? known.Reactions.Remove(emoji) : known.Reactions.SetItem(emoji, users);
        Require(reactions.Count <= options.Emojis, $"lets {reactions.Count} emoji stand under {seq}");
        was = With(was, known with { Reactions = reactions });
        return known.From != by.Value && was.Member(new UserId(known.From)) is { } author
            ? was with { Members = was.Members.SetItem(author.User, Reward(author, at, 0, isOn ? 1 : -1)) }
            : was;
    }

    private GroupView Mark(GroupView was, JsonElement raised)
    {
        foreach (var mark in raised.GetProperty("marks").EnumerateArray())
        {
            var (user, seq) = (Id(mark, "u"), Number(mark, "s"));
            Require(seq <= was.LastSeq, $"lets {user} read {seq} of {was.LastSeq}");
            if (was.Members.TryGetValue(user, out var member) && seq > member.Mark)
                was = was with { Members = was.Members.SetItem(user, member with { Mark = seq, IsKnocked = false }) };
        }

        return was;
    }

    private GroupView Knock(GroupView was, long version, JsonElement raised)
    {
        foreach (var user in Users(raised, "users"))
        {
            var member = was.Member(user);
            Require(
                member is { IsKnocked: false } && was.Unread(user, member.Mark) > 0 && !was.IsDirect,
                $"tells {user} of nothing new: {raised}");
            Owed.Add((user.Value, "group", Number(raised, "seq"), version));
            was = was with { Members = was.Members.SetItem(user.Value, member! with { IsKnocked = true }) };
        }

        return was;
    }

    private void RequireWord(GroupView was, UserId user, long at)
        => Require(
            was.Member(user) is { } member && (member.MutedUntil is null || member.MutedUntil <= at),
            $"lets {user} speak at {at}, who is {was.Member(user)}");

    private static GroupView With(GroupView was, MessageView message)
        => was with { Messages = was.Messages.SetItem((int)message.Seq - 1, message) };

    /// <summary>A point for each message and each reaction of somebody else that was not taken away that day; so many
    /// a day.</summary>
    private MemberView Reward(MemberView member, long at, int messages, int reactions)
    {
        var day = at / 86_400_000;
        var today = day > member.Today.Day ? (Day: day, Messages: 0, Reactions: 0) : member.Today;
        var before = Points(today);
        today = (today.Day, today.Messages + messages, Math.Max(0, today.Reactions + reactions));
        return member with { Today = today, Points = member.Points + Points(today) - before };
    }

    private int Points((long Day, int Messages, int Reactions) today)
        => Math.Min(today.Messages, options.MessagePoints) + Math.Min(today.Reactions, options.ReactionPoints);

    private static Card? CardOf(JsonElement message)
        => message.TryGetProperty("card", out var card) && card.ValueKind == JsonValueKind.Object
            ? new Card(Enum.Parse<CardKind>(Text(card, "kind")!, ignoreCase: true), Id(card, "id"))
            : null;
}
