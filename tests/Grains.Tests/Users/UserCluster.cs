using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RedNote.Grains.Tests.Journal;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>A silo with users, and a look at what their logs hold.</summary>
public sealed class UserCluster : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly GrainCluster _cluster = new();
    private long _lastId = 100;

    public FaultyJournal Journal => _cluster.Journal;

    public IGrainFactory Grains => _cluster.Grains;

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    public static LogId Log(UserId user) => new(UserServices.UserLog, user.ToString());

    public IUserGrain Grain(UserId user) => Grains.User(user);

    public UserId NextId() => new(Interlocked.Increment(ref _lastId));

    public async Task<UserId> NewUser()
    {
        var id = NextId();
        Assert.Equal(CommandStatus.Done, await Grain(id).Create(new NewUser("Somebody", "t")));
        return id;
    }

    /// <summary>Whom the user follows, and who follows it.</summary>
    public async Task<(int Following, int Followers)> Counts(UserId user)
    {
        var profile = (await Grain(user).Profile(null))!;
        return (profile.Following, profile.Followers);
    }

    /// <summary>Repeats a command as a client does. The old activation goes in its own time; until then it answers
    /// that it is not to be trusted.</summary>
    public static async Task<CommandStatus> Retry(Func<Task<CommandStatus>> command)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var status = await command().WaitAsync(Limit);
                if (status != CommandStatus.TryAgain)
                {
                    return status;
                }
            }
            catch (TryAgainException)
            {
                // The next try reaches the next activation, sooner or later.
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, "the grain did not rebuild");
            await Task.Yield();
        }
    }

    /// <summary>Waits for something; <paramref name="what"/> says for what.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition().WaitAsync(Limit))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, what);
            await Task.Yield();
        }
    }

    /// <summary>The stored events of a user, as JSON.</summary>
    public async Task<List<JsonElement>> Events(UserId user, string? kind = null)
    {
        List<JsonElement> events = [];
        foreach (var row in await Journal.ReadAsync(Log(user), new VersionRange(1), 10_000, CancellationToken.None))
        {
            events.AddRange(JsonDocument.Parse(Encoding.UTF8.GetString(row.Payload.Span)).RootElement.EnumerateArray());
        }

        return kind is null
            ? events : [.. events.Where(raised => raised.GetProperty(JournalJson.Kind).GetString() == kind)];
    }

    /// <summary>Stores events and what they owe, as an activation did that went before it could deliver.</summary>
    public Task Store(UserId user, params UserEvent[] events)
        => Append(user, events, (raised, id, version) => UserEffect.Of(raised).Select(effect => Outbox.Owe(
            new Effect(id, version, effect.Receiver, effect.Payload), at: 1)));

    /// <summary>Stores events as of an activation that had delivered all of it.</summary>
    public Task StoreDelivered(UserId user, params UserEvent[] events) => Append(user, events, (_, _, _) => []);

    private async Task Append(
        UserId user, UserEvent[] events, Func<UserEvent, LogId, long, IEnumerable<ProjectionChange>> changes)
    {
        var id = Log(user);
        var first = await Journal.ReadHeadAsync(id, CancellationToken.None) + 1;
        var payload = $"[{string.Join(',', events.Select(Write))}]";
        var outcome = await Journal.AppendAsync(
            [
                new JournalAppend
                {
                    Id = id,
                    FirstVersion = first,
                    Count = events.Length,
                    At = 1,
                    Payload = Encoding.UTF8.GetBytes(payload),
                    Changes = [.. events.SelectMany((raised, place) => changes(raised, id, first + place))],
                },
            ],
            CancellationToken.None);
        Assert.Equal([AppendOutcome.Stored], outcome);
    }

    /// <summary>What is stored as owed by a user.</summary>
    public async Task<IReadOnlyList<Effect>> Owed(UserId user)
    {
        var rows = await Journal.QueryAsync(Outbox.Owed(Log(user), 0, 1_000), CancellationToken.None);
        return [.. rows.Select(Outbox.Read)];
    }

    private static string Write(UserEvent raised) => JsonSerializer.Serialize(raised, UserJson.Instance.UserEvent);
}
