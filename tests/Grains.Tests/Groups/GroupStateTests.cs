using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>What a group's events amount to, and that it is the same from a snapshot and from the log.</summary>
public sealed class GroupStateTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Unread_AfterARandomHistory_EqualsARecount(int seed)
    {
        var random = new Random(seed);
        var group = TestGroup.With(2, 3, 4);
        var model = new UnreadModel([1, 2, 3, 4]);
        for (var i = 0; i < 600; i++)
        {
            Step(group, model, random);
            foreach (var user in model.Marks.Keys)
            {
                Assert.Equal(model.Unread(user), group.Unread(user));
                Assert.Equal(model.Mentions(user), group.Entry(user).CallsAfter(group.Entry(user).ReadSeq));
            }
        }

        Assert.Equal(TestGroup.Stored(group.State), TestGroup.Stored(group.Restored()));
        Assert.Equal(TestGroup.Stored(group.State), TestGroup.Stored(group.Replayed()));
    }

    [Fact]
    public void Sent_ManyWithoutReading_MovesTheMarkAndStaysExact()
    {
        var group = TestGroup.With(2);
        for (var i = 0; i < 3 * MemberEntry.MaxOwn; i++)
        {
            group.Send(1);
            group.Send(2);
        }

        // The last 200 of its own stay out of the count, and what was before them is read.
        Assert.Equal((MemberEntry.MaxOwn, MemberEntry.MaxOwn), (group.Entry(2).OwnAfter(0), group.Unread(2)));
        Assert.Equal(group.State.LastSeq - (2 * MemberEntry.MaxOwn), group.Entry(2).ReadSeq);
    }

    [Fact]
    public void Joined_Later_HasNothingUnreadFromBefore()
    {
        var group = TestGroup.With(2);
        group.Send(1);
        group.Send(1);
        group.Join(3, 3);
        Assert.Equal(0, group.Unread(3));
        group.Send(1);
        group.Recall(1, 1);
        Assert.Equal((1, 2), (group.Unread(3), group.Unread(2)));
    }

    [Fact]
    public void Points_ForMessagesAndReactions_AreBoundedByDay()
    {
        var group = TestGroup.With(new GroupOptions { MessagePoints = 3, ReactionPoints = 2 }, JoinPolicy.Open, 2);
        for (var i = 0; i < 5; i++)
        {
            group.Send(2);
        }

        Assert.Equal(3, group.Entry(2).Points);
        group.React(1, 1, "👍");
        group.React(2, 1, "👍");
        Assert.Equal(4, group.Entry(2).Points);
        group.React(1, 2, "👍");
        group.React(1, 3, "👍");
        Assert.Equal(5, group.Entry(2).Points);
        group.React(1, 3, "👍", on: false, stands: true);
        Assert.Equal(5, group.Entry(2).Points);
        group.React(1, 2, "👍", on: false, stands: true);
        Assert.Equal(4, group.Entry(2).Points);
        group.React(1, 2, "👍");
        Assert.Equal(5, group.Entry(2).Points);
        group.Now += 86_400_000;
        group.Send(2);
        Assert.Equal(6, group.Entry(2).Points);
        group.Now -= 86_400_000;
        group.Send(2);
        group.Send(2);
        group.Send(2);
        Assert.Equal(8, group.Entry(2).Points);
        Assert.Equal(TestGroup.Stored(group.State), TestGroup.Stored(group.Replayed()));
    }

    [Fact]
    public void Snapshot_OfEverything_IsTheSameAgain()
    {
        var group = TestGroup.With(null, JoinPolicy.Approval, 2, 3, 4);
        group.SetRole(1, 2, GroupRole.Admin);
        group.Mute(2, 3, 600);
        group.Join(9, 9);
        group.Invite(1, "abcdefghijklmnop", uses: 3);
        group.JoinByInvite(8, "abcdefghijklmnop");
        group.Change(1, new GroupChange("New", "Tomorrow", null));
        group.Send(1);
        group.Send(2, replyTo: 1, 4);
        group.Recall(1, 1);
        group.Read((4, 1));
        group.Raise(new MembersKnocked(group.Now, 2, [new UserId(4)]));
        group.Raise(new EpochBegan(group.Now, 4));
        group.Remove(1, 3);
        Assert.Equal(TestGroup.Stored(group.State), TestGroup.Stored(group.Restored()));
        Assert.Equal(TestGroup.Stored(group.State), TestGroup.Stored(group.Replayed()));
        Assert.Equal(2, group.State.FindInvite("7-abcdefghijklmnop")!.UsesLeft);
        Assert.Equal((1, true), (group.State.RequestCount, group.Restored().Members.Find(new UserId(4))!.IsKnocked));
    }

    private static void Step(TestGroup group, UnreadModel model, Random random)
    {
        var user = random.Next(1, 5);
        switch (random.Next(10))
        {
            case < 5:
                var reply = group.State.LastSeq > 0 && random.Next(3) == 0
                    ? random.NextInt64(1, group.State.LastSeq + 1) : (long?)null;
                long[] mentions = random.Next(4) == 0 ? [random.Next(1, 5)] : [];
                if (group.Send(user, reply, mentions).Status == SendStatus.Accepted)
                {
                    model.Sent(group.Card(group.State.LastSeq).Stored);
                }

                break;
            case < 7 when group.State.LastSeq > 0:
                var mark = random.NextInt64(1, group.State.LastSeq + 3);
                group.Read((user, mark));
                model.Read(user, mark);
                break;
            case 7 when group.State.LastSeq > 0:
                var seq = random.NextInt64(Math.Max(1, group.State.LastSeq - 30), group.State.LastSeq + 1);
                group.Recall(1, seq);
                model.Recalled.Add(seq);
                break;
            case 8 when user != 1:
                group.Remove(user, user);
                model.Marks.Remove(user);
                break;
            case 9 when group.Join(user, user) == CommandStatus.Done:
                model.Joined(user);
                break;
        }
    }

    /// <summary>Counts by looking at every message.</summary>
    private sealed class UnreadModel(long[] users)
    {
        private readonly List<StoredMessage> _messages = [];

        public SortedDictionary<long, long> Marks { get; } = new(users.ToDictionary(user => user, _ => 0L));

        public HashSet<long> Recalled { get; } = [];

        public void Sent(StoredMessage message)
        {
            _messages.Add(message);
            if (Marks.TryGetValue(message.From.Value, out var mark) && mark == message.Seq - 1)
            {
                Marks[message.From.Value] = message.Seq;
            }
        }

        public void Read(long user, long seq)
        {
            if (Marks.TryGetValue(user, out var mark))
            {
                Marks[user] = Math.Max(mark, Math.Min(seq, _messages.Count));
            }
        }

        public void Joined(long user) => Marks.TryAdd(user, _messages.Count);

        public long Unread(long user) => After(user).Count(message => message.From.Value != user);

        public long Mentions(long user)
            => After(user).Count(message => (message.Mentions?.Contains(new UserId(user)) ?? false)
                || message.ReplyFrom == new UserId(user));

        private IEnumerable<StoredMessage> After(long user)
            => _messages.Where(message => message.Seq > Marks[user] && !Recalled.Contains(message.Seq));
    }
}
