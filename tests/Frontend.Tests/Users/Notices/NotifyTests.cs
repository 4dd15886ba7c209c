#if ORLEANS_EMBEDDED
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Tests.Groups;
using RedNote.Frontend.Tests.Node;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Tests.Users;

/// <summary>Notifications as they happen, wherever their user is.</summary>
public sealed class NotifyTests(TwoFrontEnds both) : IClassFixture<TwoFrontEnds>
{
    private readonly TestServer _first = both.First;
    private readonly TestServer _second = both.Second;

    private static Task IsKnown(TestServer server, TestUser user) => Eventually.Holds(
        () => server.Services.GetRequiredService<NoticeDesk>().IsReported(new UserId(long.Parse(user.Id))),
        $"{user.Id} is known to be there");

    private static async Task<JsonElement> Notified(HubClient client, string kind)
        => (await client.Next(
            message => IsNotify(message)
                && message.GetProperty("arguments")[0].GetProperty("notification").GetProperty("kind").GetString()
                    == kind,
            $"notify of {kind}")).GetProperty("arguments")[0];

    [Fact]
    public async Task Notify_UserOnBothFrontEnds_ReachesAllConnectionsAndNobodyElse()
    {
        var ann = await _first.Guest("Ann");
        await using var here = await _first.Connect(ann);
        await using var alsoHere = await _first.Connect(ann);
        await using var there = await _second.Connect(ann);
        var other = await _second.Guest("Other");
        await using var stranger = await _second.Connect(other);
        await IsKnown(_first, ann);
        await IsKnown(_second, ann);
        await IsKnown(_second, other);

        var circle = await Circle.Open(_first, members: ann);

        foreach (var client in new[] { here, alsoHere, there })
        {
            var news = await Notified(client, "group_joined");
            var notification = news.GetProperty("notification");
            Assert.Equal(1, news.GetProperty("unread").GetInt32());
            Assert.Equal(circle.Id, notification.GetProperty("groupId").GetString());
            Assert.Equal("Tea", notification.GetProperty("groupName").GetString());
            Assert.Equal("1", notification.GetProperty("id").GetString());
        }

        // Whatever was sent to the other user first has come by the time of that one's own.
        await Circle.Open(_first, members: _second.User(Session(other)));
        Assert.Equal(1, (await Notified(stranger, "group_joined")).GetProperty("unread").GetInt32());
        Assert.Single(stranger.Everything, IsNotify);
    }

    [Fact]
    public async Task Notify_OfficialClientOnAnotherFrontEnd_IsToldAndListsTheSame()
    {
        NodeScript.SkipWithoutNode();

        var result = await NodeScript.Run("notify.mjs", new()
        {
            ["BASE_URLS"] = $"{_first.Address},{_second.Address}",
        });

        var all = result.ToString();
        var told = result.GetProperty("told");
        var notification = told.GetProperty("notification");
        Assert.True(notification.GetProperty("kind").GetString() == "direct", all);
        Assert.True(notification.GetProperty("fromName").GetString() == "Bea", all);
        Assert.True(notification.GetProperty("text").GetString()!.StartsWith("hello", StringComparison.Ordinal), all);
        Assert.True(result.GetProperty("both").GetBoolean(), all);
        Assert.True(result.GetProperty("kinds")[0].GetString() == "direct", all);
        Assert.True(result.GetProperty("unreadAfter").GetInt32() == 0, all);
    }

    private static bool IsNotify(JsonElement message)
        => message.TryGetProperty("target", out var target) && target.GetString() == "notify";

    private static JsonElement Session(TestUser user) => JsonSerializer.SerializeToElement(
        new { userId = user.Id, accessToken = user.Token, refreshToken = user.RefreshToken });
}
#endif
