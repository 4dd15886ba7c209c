using Microsoft.Extensions.DependencyInjection;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Groups;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Groups;

/// <summary>When members are told of messages who do not look on.</summary>
public sealed class KnockTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly GroupCluster _groups;

    public KnockTests() => _groups = new GroupCluster(new GrainCluster
    {
        Configure = services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.Configure<GroupOptions>(options => (options.KnockMs, options.Knocks) = (1_000, 2));
        },
    });

    public ValueTask InitializeAsync() => _groups.InitializeAsync();

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    [Fact]
    public async Task Knock_OfMoreThanAtOnce_GoesOnWithTheRest()
    {
        var group = await _groups.New(2, 3, 4, 5, 6);
        await _groups.Send(group, 1);
        await Eventually.Holds("all are told", async () =>
        {
            await Advance(group, 1);
            return (await Knocks(group)).Sum(users => users.Length) == 5;
        });
        Assert.Equal("2,3 4,5 6", string.Join(' ', (await Knocks(group)).Select(users => string.Join(',', users))));
    }

    [Fact]
    public async Task Knock_JournalIsFullForLong_IsTriedAgain()
    {
        await using var full = new GroupCluster(new GrainCluster
        {
            Configure = services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                services.Configure<GroupOptions>(options => options.KnockMs = 1_000);
            },
        });
        await full.InitializeAsync();
        var (group, one, another) = (await full.New(2, 3), await full.New(2), await full.New(2));
        await full.Send(group, 1);
        using (full.Journal.Hold())
        {
            var batches = full.Journal.Batches;
            _ = one.Send(GroupCluster.Message(1, "in the store", "a"));
            await Eventually.Holds("a batch under way", () => full.Journal.Batches > batches);
            _ = another.Send(GroupCluster.Message(1, "in the queue", "b"));
            await full.Cluster.WhenAppending(GroupCluster.Log(another));
            full.Cluster.JournalBounds.QueuedAppends = 1;
            var writer = full.Cluster.Services.GetRequiredService<JournalWriter>();
            await Eventually.Holds("a full queue", () => !writer.HasRoom);

            // Whoever waits for room longer than an append may take is sent away.
            for (var second = 0; second < 8; second++)
            {
                await Pass();
            }
        }

        await Eventually.Holds("both are told", async () =>
        {
            await Pass();
            return (await full.Events(group)).OfType<MembersKnocked>().Sum(knocked => knocked.Users.Length) == 2;
        });

        // No call to the group, which would wait for what the journal does not take.
        async Task Pass()
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private async Task<List<long[]>> Knocks(IGroupGrain group)
        => [.. (await _groups.Events(group)).OfType<MembersKnocked>()
            .Select(knocked => knocked.Users.Select(user => user.Value).ToArray())];

    /// <summary>Lets time go on, and what is due be done.</summary>
    private async Task Advance(IGroupGrain group, int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        // A call that waits for what was raised comes after the timers that have fired.
        await group.Get(GroupCluster.Owner);
        await group.Get(GroupCluster.Owner);
    }
}
