using System.Globalization;
using RedNote.Embedded.Simulation;
using RedNote.Journal;

namespace RedNote.Simulation.Ledger;

/// <summary>Compares what is stored with what was asked for and told.</summary>
internal sealed class LedgerCheck(SimulatedWorld world, LedgerModel model, int counters)
{
    /// <summary>In which everything that is owed has to arrive, and every alarm has to ring, when nothing goes wrong.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task Run(SimulatedClient client)
    {
        await Settle(client);
        var stored = Enumerable.Range(0, counters).Select(counter => StoredCounter.Read(world, counter)).ToList();
        foreach (var counter in stored)
        {
            CheckCommands(counter);
            CheckStoredAreAsked(counter);
            CheckShown(counter);
            CheckRows(counter);
            CheckEffects(stored, counter);
        }

        foreach (var counter in stored) await CheckAnswers(client, counter);

        // Another silo, whose grains have only snapshots and logs to go by, answers the same.
        world.Cluster.Kill(world.Cluster.Silo!);
        await world.Cluster.Calm();
        foreach (var counter in stored) await CheckAnswers(client, counter);
    }

    private async Task Settle(SimulatedClient client)
    {
        var end = world.Cluster.Loop.Now + Patience.Ticks;
        while (true)
        {
            var unsettled = Unsettled() ?? await Outdated(client);
            if (unsettled is null) return;
            world.Require(world.Cluster.Loop.Now < end, $"Within {Patience} {unsettled}");
            await Task.Delay(TimeSpan.FromSeconds(5), client.Node.Time);
        }
    }

    private async Task<string?> Outdated(SimulatedClient client)
    {
        for (var counter = 0; counter < counters; counter++)
        {
            var head = StoredCounter.ReadHead(world, counter);
            try
            {
                var reading = await Read(client, counter);
                if (reading.Version < head) return $"counter {counter} answered version {reading.Version} of {head}.";
            }
            catch (TryAgainException)
            {
                return $"counter {counter} did not answer.";
            }
        }

        return null;
    }

    private string? Unsettled()
    {
        var owed = world.Journal.QueryAsync(
            new ProjectionQuery(Outbox.Table) { Limit = 1 }, CancellationToken.None).Result;
        if (owed.Count > 0) return $"an effect of counter {owed[0].Grain} was not delivered.";
        for (var counter = 0; counter < counters; counter++)
        {
            var stored = StoredCounter.Read(world, counter);
            var silent = stored.Events.Find(set => set.Kind == "counter.alarm_set"
                && !stored.ByKey.ContainsKey(set.Key + CounterLog.RangSuffix));
            if (silent is not null) return $"alarm {silent.Key} of counter {counter} did not ring.";
        }

        return null;
    }

    private void CheckCommands(StoredCounter stored)
    {
        foreach (var asked in model.Of(stored.Counter))
        {
            var isStored = stored.ByKey.TryGetValue(asked.Key, out var found);
            world.Require(
                isStored || !asked.IsAcknowledged || !asked.WasDone,
                $"Counter {stored.Counter} lost {asked.Key}, which was acknowledged.");
            foreach (var amount in asked.Amounts)
            {
                world.Require(
                    stored.ByKey.ContainsKey(amount.Key) == isStored,
                    $"Counter {stored.Counter} took in a part of {asked.Key}.");
            }

            if (!isStored) continue;
            switch (asked.Kind)
            {
                case CommandKind.Alarm:
                    CheckRang(stored, found!);
                    break;
                case CommandKind.Erase:
                    var erased = stored.ByKey[asked.Erased];
                    world.Require(erased.Text.Length == 0, $"The note of {erased.Key} was erased and is still there.");
                    break;
            }
        }
    }

    private void CheckRang(StoredCounter stored, StoredEvent set)
    {
        var rang = stored.ByKey[set.Key + CounterLog.RangSuffix];
        world.Require(rang.Number >= set.Number, $"Alarm {set.Key} rang at {rang.Number}, before {set.Number}.");
        world.Require(
            world.Cluster.Reminders.Count <= model.Commands.Count, "There are more reminders than alarms.");
    }

    private void CheckStoredAreAsked(StoredCounter stored)
    {
        var amounts = model.Of(stored.Counter).SelectMany(asked => asked.Amounts)
            .ToDictionary(amount => amount.Key, StringComparer.Ordinal);
        var erased = stored.Events.Where(item => item.Kind == "counter.erased").Select(item => item.Text).ToHashSet();
        foreach (var item in stored.Events)
        {
            switch (item.Kind)
            {
                case "counter.added":
                    world.Require(
                        amounts.TryGetValue(item.Key, out var amount) && amount.Value == item.Amount
                            && (item.Text == amount.Note || erased.Contains(item.Key)),
                        $"Counter {stored.Counter} stored {item}, which nobody asked for.");
                    break;
                case "counter.paid" or "counter.alarm_set" or "counter.erased":
                    world.Require(
                        model.Commands.TryGetValue(item.Key, out var asked) && asked.Counter == stored.Counter,
                        $"Counter {stored.Counter} stored {item}, which nobody asked for.");
                    break;
            }
        }
    }

    private void CheckShown(StoredCounter stored)
    {
        foreach (var (_, key) in model.Shown.Where(shown => shown.Counter == stored.Counter))
        {
            world.Require(
                stored.ByKey.ContainsKey(key), $"Counter {stored.Counter} showed {key}, which is not stored.");
        }

        foreach (var ((_, version), total) in model.Told.Where(told => told.Key.Counter == stored.Counter))
        {
            world.Require(
                version <= stored.Head && stored.Totals[(int)version] == total,
                $"Counter {stored.Counter} told a total of {total} at version {version}, which is not what is stored.");
        }
    }

    private void CheckRows(StoredCounter stored)
    {
        var rows = world.Journal.QueryAsync(
            new ProjectionQuery(CounterRows.Rows)
            {
                Grain = stored.Counter.ToString(CultureInfo.InvariantCulture),
                OrderBy = ["version"],
                Limit = int.MaxValue,
            },
            CancellationToken.None).Result;
        world.Require(rows.Count == stored.Head, $"Counter {stored.Counter} has {rows.Count} rows, not {stored.Head}.");
        foreach (var (row, item) in rows.Zip(stored.Events))
        {
            var note = item.Kind == "counter.added" ? item.Text : "";
            world.Require(
                row.Values[0].Number == item.Version && row.Values[1].Text == item.Key && row.Values[2].Text == note,
                $"Counter {stored.Counter}: the row of version {item.Version} is not what the log says.");
        }
    }

    private void CheckEffects(List<StoredCounter> all, StoredCounter receiver)
    {
        var taken = new HashSet<(string Source, long Version)>();
        foreach (var item in receiver.Events.Where(item => item.Kind == "counter.received"))
        {
            world.Require(taken.Add((item.Text, item.Number)), $"Counter {receiver.Counter} took {item} twice.");
            var source = all.Find(other => new LogId(CounterLog.Name, $"{other.Counter}").ToString() == item.Text);
            var paid = item.Number <= source?.Head ? source.Events[(int)item.Number - 1] : null;
            world.Require(
                paid is { Kind: "counter.paid" } && paid.Number == receiver.Counter && paid.Amount == item.Amount,
                $"Counter {receiver.Counter} took {item}, which nobody paid.");
        }

        var owed = all.Sum(source => source.Events.Count(
            item => item.Kind == "counter.paid" && item.Number == receiver.Counter));
        world.Require(taken.Count == owed, $"Counter {receiver.Counter} took {taken.Count} payments of {owed}.");
    }

    private async Task CheckAnswers(SimulatedClient client, StoredCounter stored)
    {
        var reading = await Read(client, stored.Counter);
        world.Require(
            reading.Version == stored.Head && reading.Total == stored.Totals[^1]
                && reading.Keys.Order(StringComparer.Ordinal).SequenceEqual(
                    stored.ByKey.Keys.Order(StringComparer.Ordinal)),
            $"Counter {stored.Counter} answers version {reading.Version}, total {reading.Total}, {reading.Keys.Length} "
                + $"keys; stored are {stored.Head}, {stored.Totals[^1]}, {stored.ByKey.Count}.");
        foreach (var direction in Enum.GetValues<Direction>())
        {
            var history = await client.Grains.GetGrain<ICounterGrain>(stored.Counter)
                .History(2, stored.Head, 50, direction);
            var expected = stored.Events.Skip(1).Select(item => $"{item.Version} {item.Key}");
            if (direction == Direction.NewestFirst) expected = expected.Reverse();
            world.Require(
                history.SequenceEqual(expected.Take(50)),
                $"Counter {stored.Counter} tells another history than stored.");
        }
    }

    private static Task<CounterReading> Read(SimulatedClient client, long counter)
        => client.Grains.GetGrain<ICounterGrain>(counter).Read();
}
