using System.Text.Json;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

public sealed class InboxStateTests
{
    private const long Day = 86_400_000;
    private readonly InboxOptions _options = new() { Notifications = 10 };
    private InboxState _inbox = new();

    internal static NewNotice Mention(long version, long group = 42, long seq = 1, long at = 1) => new(
        NoticeKind.Mention, $"group/{group}", version, at, new GroupId(group), "茶", new UserId(7), "Mei", seq, "hello");

    private void Take(NewNotice notice)
    {
        Assert.True(_inbox.IsNew(notice));
        _inbox.Apply(_inbox.Decide(notice, _options));
    }

    private void Change(long group, bool isMember, long version, long at)
    {
        var change = new GroupMembership(new GroupId(group), isMember, version, at);
        Assert.True(_inbox.IsNew(change));
        _inbox.Apply(_inbox.Decide(change, _options));
    }

    private string Ids(long? after = null, int limit = 100)
        => string.Join(' ', _inbox.Page(after, limit).Items.Select(item => item.Id));

    [Fact]
    public void Take_AlikeAndUnread_BecomesOneThatCountsThem()
    {
        Take(Mention(5, seq: 1));
        Take(Mention(3, group: 43));
        Take(Mention(8, seq: 2) with { From = new UserId(8), FromName = "Lin" });
        Take(Mention(9) with { Kind = NoticeKind.Reply });

        Assert.Equal(3, _inbox.Unread);
        Assert.Equal("4 3 2", Ids());
        var gathered = _inbox.Page(null, 10).Items[1];
        Assert.Equal((2, "Lin", 2L, false), (gathered.Count, gathered.FromName, gathered.Seq, gathered.Read));
    }

    [Fact]
    public void Take_AlikeButRead_IsAnotherOne()
    {
        Take(Mention(1));
        _inbox.Apply(new NotificationsRead(1));
        Take(Mention(2));

        Assert.Equal("2 1", Ids());
        Assert.Equal([false, true], _inbox.Page(null, 10).Items.Select(item => item.Read));
        Assert.Equal(1, _inbox.Unread);
    }

    [Fact]
    public void Take_WithoutAGroup_GathersByPersonButFollowersAll()
    {
        NewNotice From(NoticeKind kind, long version, long user, int count = 1)
            => new(kind, "user/1", version, 1, From: new UserId(user), FromName: $"{user}", Count: count);
        Take(From(NoticeKind.Direct, 1, 7));
        Take(From(NoticeKind.Direct, 2, 8));
        Take(From(NoticeKind.Direct, 3, 7));
        Take(From(NoticeKind.Follow, 4, 7));
        Take(From(NoticeKind.Follow, 5, 8, count: 20));

        Assert.Equal(
            ["Follow 8 21", "Direct 7 2", "Direct 8 1"],
            _inbox.Page(null, 10).Items.Select(item => $"{item.Kind} {item.FromName} {item.Count}"));
    }

    [Fact]
    public void Take_AgainOrOlder_IsNotNew()
    {
        Take(Mention(5));
        Assert.False(_inbox.IsNew(Mention(5)));
        Assert.False(_inbox.IsNew(Mention(4)));
        Assert.True(_inbox.IsNew(Mention(6)));
        Assert.True(_inbox.IsNew(Mention(1, group: 43)));
    }

    [Fact]
    public void Take_BeyondTheBound_DropsTheOldest()
    {
        for (var i = 1; i <= 25; i++)
        {
            Take(Mention(i, group: i));
        }

        Assert.Equal(10, _inbox.Count);
        Assert.Equal((10, "25 24 23 22 21 20 19 18 17 16"), (_inbox.Unread, Ids()));

        // What gathers takes no more room, and an option made smaller holds from the next notice on.
        Take(Mention(100, group: 20));
        Assert.Equal((10, 26L), (_inbox.Count, _inbox.LastId));
        _options.Notifications = 3;
        Take(Mention(100, group: 16));
        Assert.Equal("27 26 25", Ids());
        Take(Mention(101, group: 999));
        Assert.Equal("28 27 26", Ids());
    }

    [Fact]
    public void Page_AfterAnother_GoesOnWhereThatEnded()
    {
        for (var i = 1; i <= 5; i++)
        {
            Take(Mention(i, group: i, seq: i * 10));
        }

        _inbox.Apply(new NotificationsRead(3));
        Assert.Equal(("5 4", true), (Ids(limit: 2), _inbox.Page(null, 2).HasMore));
        Assert.Equal(("3 2 1", false), (Ids(after: 4), _inbox.Page(4, 3).HasMore));
        Assert.Equal(("5", "", ""), (Ids(after: 100, limit: 1), Ids(after: 1), Ids(after: -5)));
        Assert.Equal(
            [new UnreadMessage(4, new GroupId(4), 40), new UnreadMessage(5, new GroupId(5), 50)],
            _inbox.Page(1, 1).UnreadMessages);
    }

    [Fact]
    public void Groups_ChangedInAnyOrder_AreAsTheNewestVersionSays()
    {
        Change(1, true, 3, at: 10);
        Change(2, true, 3, at: 30);
        Change(3, true, 3, at: 20);
        Assert.Equal([2L, 3, 1], _inbox.Groups.Select(group => group.Value));

        Change(2, false, 9, at: 40);
        Assert.False(_inbox.IsNew(new GroupMembership(new GroupId(2), true, 8, 50)));
        Assert.Equal([3L, 1], _inbox.Groups.Select(group => group.Value));
        Change(2, true, 10, at: 50);
        Assert.Equal([2L, 3, 1], _inbox.Groups.Select(group => group.Value));
    }

    [Fact]
    public void WhatIsLongPast_OfLogsThatSaidNothingMore_IsForgotten()
    {
        Change(1, true, 1, at: 0);
        Change(2, true, 1, at: 0);
        Change(1, false, 5, at: Day);
        Take(Mention(5, group: 1, at: Day));
        Take(Mention(5, group: 2, at: 40 * Day));
        Assert.Equal(1, _inbox.Sources);
        Assert.False(_inbox.IsNew(new GroupMembership(new GroupId(1), true, 5, 0)));

        // Not one the user is in, however long nothing has changed there.
        Change(3, true, 1, at: 40 * Day);
        Assert.True(_inbox.IsNew(new GroupMembership(new GroupId(1), true, 5, 0)));
        Assert.False(_inbox.IsNew(new GroupMembership(new GroupId(2), true, 1, 0)));
        Assert.Equal([3L, 2], _inbox.Groups.Select(group => group.Value));
    }

    [Fact]
    public void Snapshot_OfAll_IsTheSameInbox()
    {
        for (var i = 1; i <= 12; i++)
        {
            Take(Mention(i, group: 1 + (i % 4), seq: i, at: i));
            Change(i, i % 3 != 0, i, at: i);
        }

        _inbox.Apply(new NotificationsRead(10));
        var json = JsonSerializer.Serialize(_inbox.ToDocument(), InboxJson.Instance.InboxDocument);
        var before = _inbox;
        _inbox = new InboxState(JsonSerializer.Deserialize(json, InboxJson.Instance.InboxDocument)!);

        Assert.Equal(json, JsonSerializer.Serialize(_inbox.ToDocument(), InboxJson.Instance.InboxDocument));
        Assert.Equal((before.Unread, before.LastId, before.Groups.Length), (_inbox.Unread, 12L, _inbox.Groups.Length));
        Assert.False(_inbox.IsNew(Mention(12, group: 1)));
    }
}
