#if ORLEANS_EMBEDDED
using System.Net.Http.Json;

namespace RedNote.Frontend.Tests.Groups;

/// <summary>Members of a group may be on any front end.</summary>
public sealed class GroupFrontEndsTests(TwoFrontEnds both) : IClassFixture<TwoFrontEnds>
{
    private readonly TestServer _first = both.First;
    private readonly TestServer _second = both.Second;

    [Fact]
    public async Task Messages_SentOnEither_ComeToBothOnceAndInOrder()
    {
        var ann = await _first.Guest("Ann");
        var circle = await Circle.Open(_first, null, ann);
        await using var here = await circle.Enter(circle.Owner);
        await using var there = await circle.Enter(ann, _second);

        var sending = new[] { here, there }.Select(async client =>
        {
            for (var n = 0; n < 20; n++)
            {
                await circle.Say(client, $"m{n}");
            }
        });
        await Task.WhenAll(sending);

        foreach (var client in new[] { here, there })
        {
            await circle.HearMessage(client, 40);
            Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), circle.Seqs(client));
        }
    }

    [Fact]
    public async Task KeyAndReadMark_OfOneFrontEnd_HoldOnTheOther()
    {
        var ann = await _first.Guest("Ann");
        var circle = await Circle.Open(_first, null, ann);
        await using var here = await circle.Enter(ann);
        await using var there = await circle.Enter(ann, _second);
        var first = await circle.Send(here, "hello", "k");
        var again = await circle.Send(there, "hello", "k");
        await using var owner = await circle.Enter(circle.Owner);
        await circle.Say(owner, "more");

        await here.Invoke("MarkRead", circle.Id, 2);

        Assert.Equal((1, 1), (Circle.Seq(first), Circle.Seq(again)));
        await circle.Hear(there, "read", e => Circle.Seq(e) == 2);
    }

    [Fact]
    public async Task Remove_OnOne_StopsTheOtherAtOnce()
    {
        var ann = await _first.Guest("Ann");
        var circle = await Circle.Open(_first, null, ann);
        await using var here = await circle.Enter(ann);
        await using var there = await circle.Enter(ann, _second);
        await using var owner = await circle.Enter(circle.Owner);

        await circle.Do(circle.Remove(circle.Owner, ann.Id));
        await circle.HearMessage(owner, await circle.Say(owner, "secret"));

        foreach (var client in new[] { here, there })
        {
            await circle.Hear(client, "member", e => e.GetProperty("change").GetString() == "removed");
            await Circle.Refused("forbidden", client.Invoke("OpenGroup", circle.Id, null));
            Assert.Empty(circle.Seqs(client));
        }
    }

    [Fact]
    public async Task Reconnect_AtTheOtherFrontEnd_GivesExactlyTheRest()
    {
        var ann = await _first.Guest("Ann");
        var circle = await Circle.Open(_first, null, ann);
        await using var owner = await circle.Enter(circle.Owner);
        await using (var before = await circle.Enter(ann))
        {
            await circle.HearMessage(before, await circle.Say(owner, "seen"));
        }

        await circle.Say(owner, "missed");
        await using var there = await _second.Connect(ann);
        var opened = await there.Invoke("OpenGroup", circle.Id, 1);
        await circle.HearMessage(there, await circle.Say(owner, "live"));

        Assert.Equal([2], opened.GetProperty("messages").EnumerateArray().Select(Circle.Seq));
        Assert.Equal([3], circle.Seqs(there));
    }

    [Fact]
    public async Task Conversation_AskedForOnBothAtOnce_IsOne()
    {
        var (ann, bea) = (await _first.Guest("Ann"), await _first.Guest("Bea"));
        using var there = new HttpClient { BaseAddress = _second.Address };
        there.DefaultRequestHeaders.Authorization = bea.Http.DefaultRequestHeaders.Authorization;

        var answers = await Task.WhenAll(
            ann.Http.PostAsJsonAsync("/api/conversations", new { userId = bea.Id }),
            there.PostAsJsonAsync("/api/conversations", new { userId = ann.Id }));

        var groups = await Task.WhenAll(answers.Select(TestServer.Json));
        Assert.Single(groups.Select(group => group.GetProperty("groupId").GetString()).Distinct());
    }
}
#endif
