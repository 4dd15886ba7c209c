using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Frontend.Tests.Deals;

namespace RedNote.Frontend.Tests.Groups;

public sealed class GroupHubTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task SendMessage_ManyAtOnce_ComeToEveryConnectionOnceAndInOrder()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var circle = await Circle.Open(_server, null, ann, bea);
        await using var phone = await circle.Enter(ann);
        await using var desktop = await circle.Enter(ann);
        await using var other = await circle.Enter(bea);
        var sent = await Task.WhenAll(Enumerable.Range(1, 30).Select(
            n => phone.Send("SendMessage", circle.Id, new { text = $"m{n}", key = $"m{n}" })));

        var seqs = new List<long>();
        foreach (var id in sent)
        {
            seqs.Add(Circle.Seq(await phone.Result(id)));
        }

        Assert.Equal(Enumerable.Range(1, 30).Select(n => (long)n), seqs.Order());
        foreach (var client in new[] { phone, desktop, other })
        {
            var last = await circle.HearMessage(client, 30);
            Assert.Equal("Ann", last.GetProperty("fromName").GetString());
            Assert.Equal(Enumerable.Range(1, 30).Select(n => (long)n), circle.Seqs(client));
        }
    }

    [Fact]
    public async Task SendMessage_KeyAgain_IsTheFirstAnswerAndWithOtherContentAConflict()
    {
        var circle = await Circle.Open(_server);
        await using var before = await circle.Enter(circle.Owner);
        var first = await circle.Send(before, "hello", "k");
        await before.DisposeAsync();
        await using var client = await circle.Enter(circle.Owner);

        var again = await circle.Send(client, "hello", "k");
        var other = await circle.Send(client, "other", "k");
        await circle.Say(client, "next");

        Assert.Equal((1L, 1L), (Circle.Seq(first), Circle.Seq(again)));
        Assert.Equal(first.GetProperty("at").GetInt64(), again.GetProperty("at").GetInt64());
        Assert.Equal(("rejected", "conflict"), (Circle.Status(other), Circle.Reason(other)));
        await circle.HearMessage(client, 2);
        Assert.Equal([2], circle.Seqs(client));
    }

    [Fact]
    public async Task Stranger_WhateverItCalls_IsRefused()
    {
        var circle = await Circle.Open(_server, new { name = "Tea", joinPolicy = "invite" });
        await using var owner = await circle.Enter(circle.Owner);
        await circle.Say(owner, "secret");
        var stranger = await _server.Guest("Stranger");
        await using var client = await _server.Connect(stranger);

        await Circle.Refused("forbidden", client.Invoke("OpenGroup", circle.Id, null));
        await Circle.Refused("not_found", client.Invoke("OpenGroup", "404", null));
        await Circle.Refused("invalid", client.Invoke("OpenGroup", "x", null));
        await Circle.Refused("invalid", client.Invoke("OpenGroup", circle.Id, -1));
        await Circle.Refused("forbidden", client.Invoke("MarkRead", circle.Id, 1));
        await Circle.Refused("forbidden", client.Invoke("Typing", circle.Id));
        Assert.Equal("not_member", Circle.Reason(await circle.Send(client, "hello")));
        Assert.Equal("not_member", Circle.Reason(await client.Invoke("EditMessage", circle.Id, 1, "x")));
        Assert.Equal("not_member", Circle.Reason(await client.Invoke("RecallMessage", circle.Id, 1)));
        Assert.Equal("not_member", Circle.Reason(await client.Invoke("React", circle.Id, 1, "👍", true)));
        foreach (var path in new[] { "/messages", "/members", "/receipts?seq=1", "/digest", "/search?q=secret" })
        {
            await Refusal.Is(
                await stranger.Http.GetAsync(circle.Path + path), HttpStatusCode.Forbidden, "forbidden");
        }

        await circle.Say(owner, "more");
        await circle.HearMessage(owner, 2);
        Assert.DoesNotContain(client.Everything, message => HubClient.IsPush(message, "group"));
    }

    [Fact]
    public async Task Mute_Member_CannotSendUntilItIsLifted()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var client = await circle.Enter(ann);
        await circle.Do(circle.Mute(circle.Owner, ann.Id));

        Assert.Equal("muted", Circle.Reason(await circle.Send(client, "hello")));
        await circle.Hear(client, "member", e => e.GetProperty("change").GetString() == "muted");
        await Refusal.Is(await circle.Mute(ann, circle.Owner.Id), HttpStatusCode.Forbidden, "forbidden");
        await circle.Do(circle.Owner.Http.DeleteAsync($"{circle.Path}/mutes/{ann.Id}"));

        Assert.Equal(1, await circle.Say(client, "hello"));
    }

    [Fact]
    public async Task Remove_Member_HearsNothingMoreOnAnyConnection()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var circle = await Circle.Open(_server, null, ann, bea);
        await using var phone = await circle.Enter(ann);
        await using var desktop = await circle.Enter(ann);
        await using var other = await circle.Enter(bea);
        await circle.Say(other, "one");

        await circle.Do(circle.Remove(circle.Owner, ann.Id));
        var after = await circle.Say(other, "two");
        await circle.HearMessage(other, after);

        foreach (var client in new[] { phone, desktop })
        {
            await circle.Hear(client, "member", e => e.GetProperty("change").GetString() == "removed");
            await Circle.Refused("forbidden", client.Invoke("OpenGroup", circle.Id, 0));
            Assert.Equal([1], circle.Seqs(client));
        }

        await Refusal.Is(await ann.Http.GetAsync(circle.Path + "/messages"), HttpStatusCode.Forbidden, "forbidden");
        await circle.InList(ann, isIn: false);
        await circle.Do(circle.Join(ann, ann.Id));
        var rest = await phone.Invoke("OpenGroup", circle.Id, 1);
        Assert.Equal([2], rest.GetProperty("messages").EnumerateArray().Select(Circle.Seq));
    }

    [Fact]
    public async Task Roles_AnAdmin_HasNoPowerOverTheOwner()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var circle = await Circle.Open(_server, null, ann, bea);
        await circle.Do(circle.Role(circle.Owner, ann.Id, "admin"));

        await Refusal.Is(await circle.Role(ann, circle.Owner.Id, "member"), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(await circle.Remove(ann, circle.Owner.Id), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(await circle.Mute(ann, circle.Owner.Id), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(await circle.Role(bea, bea.Id, "admin"), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await circle.Remove(circle.Owner, circle.Owner.Id), HttpStatusCode.Conflict, "wrong_state");
        await circle.Do(circle.Role(circle.Owner, bea.Id, "owner"));
        await circle.Do(circle.Role(bea, circle.Owner.Id, "member"));
        var roles = (await circle.Get(ann, "/members")).GetProperty("items").EnumerateArray()
            .ToDictionary(one => one.GetProperty("userId").GetString()!, one => one.GetProperty("role").GetString());
        Assert.Equal(
            ("member", "admin", "owner"), (roles[circle.Owner.Id], roles[ann.Id], roles[bea.Id]));
    }

    [Fact]
    public async Task EditAndRecall_ByWhoMay_ShowEverywhere()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var owner = await circle.Enter(circle.Owner);
        await using var client = await circle.Enter(ann);
        var (mine, theirs) = (await circle.Say(client, "frist"), await circle.Say(owner, "theirs"));

        var edited = await client.Invoke("EditMessage", circle.Id, mine, "first");
        Assert.Equal("accepted", Circle.Status(edited));
        Assert.Equal("forbidden", Circle.Reason(await owner.Invoke("EditMessage", circle.Id, mine, "x")));
        Assert.Equal("forbidden", Circle.Reason(await client.Invoke("RecallMessage", circle.Id, theirs)));
        Assert.Equal("not_found", Circle.Reason(await client.Invoke("RecallMessage", circle.Id, 99)));
        var shown = (await circle.Hear(owner, "edited")).GetProperty("message");
        Assert.Equal(("first", mine), (shown.GetProperty("text").GetString(), Circle.Seq(shown)));
        Assert.Equal("accepted", Circle.Status(await owner.Invoke("RecallMessage", circle.Id, mine)));
        Assert.Equal(mine, Circle.Seq(await circle.Hear(client, "recalled")));
        Assert.Equal("rejected", Circle.Status(await client.Invoke("EditMessage", circle.Id, mine, "again")));

        var page = (await circle.Get(ann, "/messages")).GetProperty("items");
        Assert.Equal([mine, theirs], page.EnumerateArray().Select(Circle.Seq));
        Assert.True(page[0].GetProperty("recalled").GetBoolean());
        Assert.Equal("", page[0].GetProperty("text").GetString());
        Assert.Empty((await circle.Get(ann, "/search?q=first")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task React_OnAndOff_CountsEachMemberOnce()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var owner = await circle.Enter(circle.Owner);
        await using var client = await circle.Enter(ann);
        var seq = await circle.Say(owner, "cake?");

        foreach (var one in new[] { client, owner, client })
        {
            Assert.Equal("accepted", Circle.Status(await one.Invoke("React", circle.Id, seq, "🍰", true)));
        }

        await circle.Hear(client, "reaction", e => e.GetProperty("count").GetInt32() == 2);
        Assert.Equal("accepted", Circle.Status(await owner.Invoke("React", circle.Id, seq, "🍰", false)));
        await circle.Hear(client, "reaction", e => e.GetProperty("count").GetInt32() == 1
            && !e.GetProperty("on").GetBoolean());
        var message = (await circle.Get(ann, "/messages")).GetProperty("items")[0];
        Assert.Equal(1, message.GetProperty("reactions").GetProperty("🍰").GetInt32());
        Assert.Equal("🍰", message.GetProperty("myReactions")[0].GetString());
        foreach (var bad in new[] { "", "a", "ab", "1", "👍👍", "字", " ", new string('x', 64), null })
        {
            Assert.Equal("invalid", Circle.Reason(await client.Invoke("React", circle.Id, seq, bad, true)));
        }
    }

    [Fact]
    public async Task MarkRead_OnOneDevice_ShowsOnTheOtherAndInTheList()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var owner = await circle.Enter(circle.Owner);
        await using var phone = await circle.Enter(ann);
        await using var desktop = await circle.Enter(ann);
        for (var n = 1; n <= 5; n++)
        {
            await circle.Say(owner, $"m{n}");
        }

        await owner.Invoke("RecallMessage", circle.Id, 4);
        var before = await circle.InList(ann);
        Assert.Equal(4, before.GetProperty("unread").GetInt32());
        Assert.Equal("m5", before.GetProperty("lastMessage").GetProperty("text").GetString());

        var mark = await phone.Invoke("MarkRead", circle.Id, 3);
        await circle.Hear(desktop, "read", e => Circle.Seq(e) == 3 && e.GetProperty("userId").GetString() == ann.Id);
        var back = await phone.Invoke("MarkRead", circle.Id, 2);
        var past = await phone.Invoke("MarkRead", circle.Id, 99);

        Assert.Equal([3L, 3L, 5L], new[] { mark, back, past }.Select(one => one.GetProperty("readSeq").GetInt64()));
        var after = await circle.Listed(ann);
        Assert.Equal((0, 5), (after.GetProperty("unread").GetInt32(), after.GetProperty("readSeq").GetInt32()));
        var receipts = await circle.Get(circle.Owner, "/receipts?seq=3");
        Assert.Equal((1, 0), (receipts.GetProperty("read").GetInt32(), receipts.GetProperty("unread").GetInt32()));
        Assert.Equal("Ann", receipts.GetProperty("readers")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task OpenGroup_AfterWhatIsKnown_GivesExactlyTheRest()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var owner = await circle.Enter(circle.Owner);
        await using (var before = await circle.Enter(ann))
        {
            await circle.HearMessage(before, await circle.Say(owner, "seen"));
        }

        await circle.Say(owner, "missed 1");
        await circle.Say(owner, "missed 2");
        await using var client = await _server.Connect(ann);
        var opened = await client.Invoke("OpenGroup", circle.Id, 1);
        await circle.HearMessage(client, await circle.Say(owner, "live"));

        Assert.Equal([2, 3], opened.GetProperty("messages").EnumerateArray().Select(Circle.Seq));
        Assert.Equal(3, opened.GetProperty("lastSeq").GetInt64());
        Assert.Equal(2, opened.GetProperty("members").GetArrayLength());
        Assert.Equal(circle.Id, opened.GetProperty("group").GetProperty("groupId").GetString());
        Assert.Equal([4], circle.Seqs(client));
        await client.Invoke("CloseGroup", circle.Id);
        await circle.HearMessage(owner, await circle.Say(owner, "closed"));
        await client.Invoke("MarkRead", circle.Id, 5);
        Assert.Equal([4], circle.Seqs(client));
    }

    [Fact]
    public async Task Typing_IsShownToOthers()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var owner = await circle.Enter(circle.Owner);
        await using var client = await circle.Enter(ann);

        await client.Invoke("Typing", circle.Id);

        var typing = await circle.Hear(owner, "typing");
        Assert.Equal(
            (ann.Id, "Ann"), (typing.GetProperty("userId").GetString(), typing.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Poll_InAGroup_IsShownVotedInAndCounted()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var client = await circle.Enter(ann);
        var terms = new { question = "Tea?", options = new[] { "Yes", "No" }, seconds = 60, key = "p" };
        var made = await circle.Owner.Http.PostAsJsonAsync($"{circle.Path}/polls", terms);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var opened = await TestServer.Json(made);
        var poll = opened.GetProperty("poll").GetProperty("pollId").GetString();
        var message = await circle.HearMessage(client, Circle.Seq(opened));
        Assert.Equal(
            ("poll", poll),
            (message.GetProperty("card").GetProperty("kind").GetString(),
                message.GetProperty("card").GetProperty("id").GetString()));

        Assert.Equal("accepted", Circle.Status(await client.Invoke("VoteInGroup", circle.Id, poll, new[] { 1 })));
        Assert.Equal("already_voted", Circle.Reason(await client.Invoke("VoteInGroup", circle.Id, poll, new[] { 0 })));
        Assert.Equal("invalid", Circle.Reason(await client.Invoke("VoteInGroup", circle.Id, "x", new[] { 0 })));
        await circle.Hear(client, "poll", e => e.GetProperty("tally").GetProperty("voters").GetInt32() == 1);
        var seen = await circle.Get(ann, $"/polls/{poll}");
        Assert.Equal([1], seen.GetProperty("myChoices").EnumerateArray().Select(one => one.GetInt32()));
        var ballots = await circle.Get(ann, $"/polls/{poll}/ballots");
        Assert.Equal(1, ballots.GetProperty("items").GetArrayLength());
        await Refusal.Is(
            await ann.Http.PostAsync($"{circle.Path}/polls/{poll}/close", null), HttpStatusCode.Forbidden, "forbidden");
        await circle.Do(circle.Owner.Http.PostAsync($"{circle.Path}/polls/{poll}/close", null));
        await circle.Hear(client, "poll", e => e.GetProperty("tally").GetProperty("closed").GetBoolean());
    }

    [Fact]
    public async Task SendMessage_WithACard_HasToShowWhatThereIs()
    {
        var shop = await Shop.Open(_server);
        var deal = await shop.Deal();
        var circle = await Circle.Open(_server);
        await using var client = await circle.Enter(circle.Owner);
        foreach (var kind in new[] { "room", "deal", "poll" })
        {
            var answer = await Share(kind, "404", $"{kind}-1");
            Assert.Equal(("rejected", "not_found"), (Circle.Status(answer), Circle.Reason(answer)));
        }

        Assert.Equal(1, Circle.Seq(await Share("room", shop.Room, "room-1")));
        Assert.Equal(2, Circle.Seq(await Share("deal", deal, "deal-1")));
        Assert.Equal(1, Circle.Seq(await Share("room", shop.Room, "room-1")));
        Assert.Equal("conflict", Circle.Reason(await Share("room", shop.Room, "deal-1")));

        Task<JsonElement> Share(string kind, string id, string key)
            => client.Invoke("SendMessage", circle.Id, new { text = "", card = new { kind, id }, key });
    }

    [Fact]
    public async Task SendMessage_BadInput_IsRejectedAndChangesNothing()
    {
        var circle = await Circle.Open(_server);
        await using var client = await circle.Enter(circle.Owner);
        (object? Draft, string Reason)[] bad =
        [
            (null, "invalid"),
            (new { text = "no key" }, "invalid"),
            (new { text = "x", key = "a b" }, "invalid"),
            (new { text = "  ", key = "k" }, "empty"),
            (new { key = "k" }, "empty"),
            (new { text = new string('x', 5_001), key = "k" }, "too_long"),
            (new { text = "bell\a", key = "k" }, "invalid"),
            (new { text = "x", replyTo = 0, key = "k" }, "invalid"),
            (new { text = "x", replyTo = 77, key = "k" }, "not_found"),
            (new { text = "x", mentions = new[] { "nobody" }, key = "k" }, "invalid"),
            (new { text = "x", card = new { kind = "song", id = "1" }, key = "k" }, "invalid"),
            (new { text = "x", card = new { kind = "note", id = "-1" }, key = "k" }, "invalid"),
            (new { text = "x", card = new { kind = "note", id = "404" }, key = "k" }, "not_found"),
        ];
        foreach (var (draft, reason) in bad)
        {
            var answer = await client.Invoke("SendMessage", circle.Id, draft);
            Assert.True(
                (Circle.Status(answer), Circle.Reason(answer)) == ("rejected", reason),
                $"{JsonSerializer.Serialize(draft)}: {answer}");
        }

        Assert.Equal("invalid", Circle.Reason(await client.Invoke("SendMessage", "x", new { text = "x", key = "k" })));
        Assert.Equal(
            "not_found", Circle.Reason(await client.Invoke("SendMessage", "404", new { text = "x", key = "k" })));
        Assert.Equal(1, await circle.Say(client, new string('字', 5_000)));
    }
}
