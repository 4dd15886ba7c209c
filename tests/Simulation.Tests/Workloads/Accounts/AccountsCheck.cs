using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RedNote.Embedded.Simulation;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Simulation.Accounts;

/// <summary>Compares what is stored and answered in the end with what people were told.</summary>
internal sealed class AccountsCheck(SimulatedWorld world, AccountsModel model, SimulatedClient client)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task Run()
    {
        await Settle();
        CheckLogs();
        CheckClaims();
        foreach (var person in model.People) CheckHashes(person);
        await CheckAnswers();

        // Another silo, whose grains have only snapshots and logs to go by, answers the same.
        world.Cluster.Kill(world.Cluster.Silo!);
        await world.Cluster.Calm();
        await CheckAnswers();
        await CheckLogins();
        foreach (var person in model.People) await CheckInbox(person);
    }

    private async Task Settle()
    {
        var end = world.Cluster.Loop.Now + Patience.Ticks;
        while (await Unsettled() is { } unsettled)
        {
            world.Require(world.Cluster.Loop.Now < end, $"Within {Patience} {unsettled}");
            await Task.Delay(TimeSpan.FromSeconds(5), client.Node.Time);
        }
    }

    private async Task<string?> Unsettled()
    {
        var owed = Query(new ProjectionQuery(Outbox.Table) { Limit = 1 });
        if (owed.Count > 0) return $"an effect of {owed[0].Grain} was not delivered.";
        try
        {
            foreach (var person in model.People)
            {
                if (await Difference(person) is { } difference) return difference;
            }
        }
        catch (TryAgainException)
        {
            return "a user did not answer.";
        }

        return null;
    }

    private async Task CheckAnswers()
    {
        foreach (var person in model.People)
        {
            var difference = await Difference(person);
            world.Require(difference is null, $"In the end {difference}");
        }
    }

    /// <summary>What a user's grain answers that is not as it was told; null: nothing.</summary>
    private async Task<string?> Difference(Person person)
    {
        if (person.Handle is { } handle)
        {
            var account = await client.Grains.Account(handle).Get();
            if (account?.UserId != person.Id || account.Token != person.Token || account.PasswordHash != person.Hash)
                return $"{handle} is {account}, not of {person.Id} with {person.Hash}.";
        }

        var profile = await client.Grains.User(person.Id).Profile(null);
        if (!person.IsMade) return null;
        var followers = model.People.Where(other => other.Following.Contains(person.Id.Value))
            .Select(other => other.Id).ToImmutableArray();
        if (profile is null || profile.Name != person.Name || profile.Signature != person.Signature)
            return $"{person.Id} is {profile}, not {person.Name} with {person.Signature}.";
        if (profile.Following != person.Following.Count || profile.Followers != followers.Length)
        {
            return $"{person.Id} counts {profile.Following} and {profile.Followers}; the sets have "
                + $"{person.Following.Count} and {followers.Length}.";
        }

        var shown = await client.Grains.User(person.Id).FollowersAmong([.. model.People.Select(other => other.Id)]);
        return shown.Order(ById).SequenceEqual(followers.Order(ById))
            ? null
            : $"{person.Id} is followed by {string.Join(',', shown)}, not {string.Join(',', followers)}.";
    }

    private static Comparer<UserId> ById { get; } = Comparer<UserId>.Create((x, y) => x.Value.CompareTo(y.Value));

    private async Task CheckLogins()
    {
        foreach (var person in model.People)
        {
            foreach (var view in person.Logins.Values)
            {
                var renewed = await client.Grains.User(person.Id).RenewLogin(new Login(view.Id, view.Generation));
                world.Require(
                    view.IsInDoubt || renewed is null == view.IsClosed,
                    $"Login {view.Id} of {person.Id} is {renewed}, and {(view.IsClosed ? "was closed" : "is open")}.");
            }
        }
    }

    /// <summary>What the log says of new followers the inbox has, once; it may be on its way still.</summary>
    private async Task CheckInbox(Person person)
    {
        var end = world.Cluster.Loop.Now + Patience.Ticks;
        while (true)
        {
            var told = Told(person);
            var taken = (await client.Grains.Inbox(person.Id).Page(null, 100)).Items.Sum(item => item.Count);
            if (taken == told) return;
            world.Require(
                taken < told && world.Cluster.Loop.Now < end,
                $"{person.Id} was told of {taken} new followers; its log says {told}.");
            await Task.Delay(TimeSpan.FromSeconds(5), client.Node.Time);
        }
    }

    private int Told(Person person)
    {
        var told = 0;
        foreach (var row in Rows(new LogId(UserServices.UserLog, person.Id.ToString())))
        {
            using var events = JsonDocument.Parse(row.Payload);
            told += events.RootElement.EnumerateArray()
                .Where(raised => raised.GetProperty(JournalJson.Kind).GetString() == "user.followers_told")
                .Sum(raised => raised.GetProperty("count").GetInt32());
        }

        return told;
    }

    private void CheckClaims()
    {
        foreach (var handle in model.Taken)
        {
            world.Require(
                model.Owners.ContainsKey(handle), $"{handle} was said to be taken, and nobody was told to own it.");
        }
    }

    /// <summary>A hash that was replaced is nowhere any more.</summary>
    private void CheckHashes(Person person)
    {
        if (person.Handle is not { } handle) return;
        var text = new StringBuilder();
        foreach (var row in Rows(new LogId(UserServices.AccountLog, handle)))
            text.Append(Encoding.UTF8.GetString(row.Payload.Span));
        var stored = text.ToString();
        world.Require(
            stored.Contains(person.Hash, StringComparison.Ordinal),
            $"The log of {handle} does not hold {person.Hash}.");
        var old = person.OldHashes.Find(hash => stored.Contains(hash, StringComparison.Ordinal));
        world.Require(old is null, $"The log of {handle} still holds {old}.");
    }

    private void CheckLogs()
    {
        foreach (var id in world.Journal.ListAsync(null, int.MaxValue, default).Result)
        {
            long next = 1;
            foreach (var row in Rows(id))
            {
                world.Require(row.FirstVersion == next, $"Log {id} goes on with {row.FirstVersion} before {next}.");
                next = row.LastVersion + 1;
                using var events = JsonDocument.Parse(row.Payload);
                world.Require(
                    events.RootElement.GetArrayLength() == row.Count,
                    string.Create(CultureInfo.InvariantCulture, $"Log {id}: the row of {row.FirstVersion} lies."));
            }
        }
    }

    private IReadOnlyList<JournalRow> Rows(LogId id)
        => world.Journal.ReadAsync(id, new VersionRange(1), int.MaxValue, default).Result;

    private IReadOnlyList<ProjectionRow> Query(ProjectionQuery query)
        => world.Journal.QueryAsync(query, default).Result;
}
