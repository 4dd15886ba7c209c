using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace RedNote.Frontend.Tests.Groups;

/// <summary>How often and how late.</summary>
public sealed class GroupLimitTests
{
    [Fact]
    public async Task Calls_TooMany_AreRefusedWithTheTimeToWait()
    {
        await using var server = await TestServer.Start(new()
        {
            ["RedNote:Limits:Off"] = "false",
            ["RedNote:Limits:Message:Burst"] = "2",
            ["RedNote:Limits:Message:PerSecond"] = "0.001",
            ["RedNote:Limits:Reaction:Burst"] = "1",
            ["RedNote:Limits:Reaction:PerSecond"] = "0.001",
            ["RedNote:Limits:Mark:Burst"] = "1",
            ["RedNote:Limits:Mark:PerSecond"] = "0.001",
            ["RedNote:Limits:NewGroup:Burst"] = "1",
            ["RedNote:Limits:NewGroup:PerSecond"] = "0.001",
        });
        var circle = await Circle.Open(server);
        await using var client = await circle.Enter(circle.Owner);
        await using var other = await circle.Enter(circle.Owner);
        await circle.Say(client, "one");
        await circle.Say(other, "two");

        var third = await circle.Send(client, "three");

        Assert.Equal("rate_limited", Circle.Reason(third));
        Assert.InRange(third.GetProperty("retryAfterMs").GetInt64(), 1, 1_000_000);
        Assert.Equal("rate_limited", Circle.Reason(await other.Invoke("EditMessage", circle.Id, 1, "x")));
        Assert.Equal("accepted", Circle.Status(await client.Invoke("React", circle.Id, 1, "👍", true)));
        Assert.Equal("rate_limited", Circle.Reason(await other.Invoke("React", circle.Id, 1, "👍", false)));
        await client.Invoke("MarkRead", circle.Id, 1);
        await Circle.Refused("rate_limited", other.Invoke("MarkRead", circle.Id, 2));

        // Who types all the time is no culprit.
        await client.Invoke("Typing", circle.Id);
        await client.Invoke("Typing", circle.Id);
        var second = await circle.Owner.Http.PostAsJsonAsync("/api/groups", new { name = "x" });
        await Refusal.Is(second, HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Fact]
    public async Task EditAndRecall_TooLate_AreRefusedButToAdmins()
    {
        await using var server = await TestServer.Start(new()
        {
            ["RedNote:Groups:EditSeconds"] = "0",
            ["RedNote:Groups:RecallSeconds"] = "0",
            ["RedNote:Groups:Members"] = "2",
        });
        var ann = await server.Guest("Ann");
        var circle = await Circle.Open(server, null, ann);
        await using var client = await circle.Enter(ann);
        await using var owner = await circle.Enter(circle.Owner);
        var seq = await circle.Say(client, "old");
        await Task.Delay(2);

        Assert.Equal("too_late", Circle.Reason(await client.Invoke("EditMessage", circle.Id, seq, "new")));
        Assert.Equal("too_late", Circle.Reason(await client.Invoke("RecallMessage", circle.Id, seq)));
        Assert.Equal("accepted", Circle.Status(await owner.Invoke("RecallMessage", circle.Id, seq)));
        var third = await server.Guest("Third");
        await Refusal.Is(await circle.Join(third, third.Id), HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task OpenGroup_MoreThanAConnectionMayHave_IsRefused()
    {
        await using var server = await TestServer.Start(new()
        {
            ["RedNote:Groups:Frontend:MaxGroupsPerConnection"] = "1",
        });
        var first = await Circle.Open(server);
        var second = await first.Owner.Http.PostAsJsonAsync("/api/groups", new { name = "x" });
        var id = (await TestServer.Json(second)).GetProperty("groupId").GetString();
        await using var client = await first.Enter(first.Owner);

        await Circle.Refused("invalid", client.Invoke("OpenGroup", id, null));
        await client.Invoke("CloseGroup", first.Id);

        await client.Invoke("OpenGroup", id, null);
    }

    [Theory]
    [InlineData("QueuedNews", 0)]
    [InlineData("MaxGroupsPerConnection", 0)]
    [InlineData("MessageBytes", 1)]
    [InlineData("CatchUpMessages", -1)]
    [InlineData("KeptChanges", 0)]
    [InlineData("ParallelCalls", 0)]
    public async Task Options_OutOfRange_AreFoundAtTheStart(string name, int value)
        => await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestServer.Start(new()
            {
                [$"RedNote:Groups:Frontend:{name}"] = value.ToString(CultureInfo.InvariantCulture),
            }));
}
