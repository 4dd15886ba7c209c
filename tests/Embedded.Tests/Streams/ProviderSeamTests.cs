using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;
using RedNote.Embedded.Tests.Engine;
using RedNote.Embedded.Tests.Storage;

namespace RedNote.Embedded.Tests.Streams;

/// <summary>
/// Storage in SQLite, streams and reminders on one thread, in virtual time and in an order that a seed fixes: the
/// scheduler fails what comes to it from another thread.
/// </summary>
public sealed class ProviderSeamTests
{
    [Fact]
    public void Providers_UnderManualScheduler_RunOnOneThread()
    {
        var diary = RunScenario(seed: 1);
        Assert.Single(diary.Threads);
        Assert.Equal(3 * 11, diary.Lines.Count(line => line.Contains("event", StringComparison.Ordinal)));
        Assert.Equal(3, diary.Lines.Count(line => line.EndsWith("activated with 12 pages", StringComparison.Ordinal)));
        Assert.Equal(3 * 2, diary.Lines.Count(line => line.Contains("alarm", StringComparison.Ordinal)));
    }

    [Fact]
    public void Providers_WithSameSeed_RepeatThemselves()
        => Assert.Equal(RunScenario(seed: 5).Lines, RunScenario(seed: 5).Lines);

    private static Diary RunScenario(int seed)
    {
        using var folder = new TempFolder();
        var scheduler = new ManualScheduler(seed);
        var diary = new Diary(scheduler.Time);
        scheduler.Run(async () =>
        {
            var silo = await StartAsync(scheduler, diary, $"Data Source={folder.File("seam.db")}");
            var client = silo.GetRequiredService<IClusterClient>();
            for (var key = 0; key < 3; key++)
            {
                await client.GetGrain<IDiaryGrain>(key).Begin();
            }

            var stream = client.GetStreamProvider(TestStreams.Provider).GetStream<Tick>("diary", "shared");
            for (var number = 0; number < 10; number++)
            {
                await stream.OnNextAsync(new Tick(number));
                await Task.Delay(TimeSpan.FromMilliseconds(1), scheduler.Time);
            }

            // Long enough that the reminders wake the grains, these are collected again, and the stream is forgotten.
            await Task.Delay(TimeSpan.FromHours(2.5), scheduler.Time);
            await stream.OnNextAsync(new Tick(10));
            await Task.Delay(TimeSpan.FromSeconds(1), scheduler.Time);
            await StopAsync(silo);
        });
        return diary;
    }

    private static async Task<ServiceProvider> StartAsync(ManualScheduler scheduler, Diary diary, string database)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IWorkScheduler>(scheduler);
        services.AddSingleton<TimeProvider>(scheduler.Time);
        services.AddSingleton<IBlockingLanes>(new ManualLanes(scheduler));
        services.AddSingleton(diary);
        services.AddOrleans(silo =>
        {
            foreach (var name in new[] { "PubSubStore", "diaries" })
            {
                silo.AddAdoNetGrainStorage(name, options =>
                {
                    options.Invariant = Silos.Sqlite;
                    options.ConnectionString = database;
                });
            }

            silo.UseAdoNetReminderService(options =>
            {
                options.Invariant = Silos.Sqlite;
                options.ConnectionString = database;
            });
            silo.AddMemoryStreams(TestStreams.Provider);
        });
        var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(default);
        }

        return provider;
    }

    private static async Task StopAsync(ServiceProvider provider)
    {
        foreach (var service in provider.GetServices<IHostedService>())
        {
            await service.StopAsync(default);
        }

        await provider.DisposeAsync();
    }
}

/// <summary>What happened, when, and on which threads.</summary>
public sealed class Diary(TimeProvider time)
{
    public List<string> Lines { get; } = [];

    public HashSet<int> Threads { get; } = [];

    public void Add(string line)
    {
        Lines.Add($"{time.GetUtcNow():HH:mm:ss.fff} {line}");
        Threads.Add(Environment.CurrentManagedThreadId);
    }
}

public interface IDiaryGrain : IGrainWithIntegerKey
{
    Task Begin();
}

internal sealed class DiaryGrain(Diary diary, [PersistentState("diary", "diaries")] IPersistentState<Basket> pages)
    : Grain, IDiaryGrain, IRemindable, IAsyncObserver<Tick>
{
    private IAsyncStream<Tick> Stream
        => this.GetStreamProvider(TestStreams.Provider).GetStream<Tick>("diary", "shared");

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        diary.Add($"{this.GetPrimaryKeyLong()} activated with {pages.State.Items.Count} pages");
        foreach (var handle in await Stream.GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync(this);
        }
    }

    public async Task Begin()
    {
        await Stream.SubscribeAsync(this);
        await this.RegisterOrUpdateReminder("alarm", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
    }

    public Task OnNextAsync(Tick item, StreamSequenceToken? token = null) => Write($"event {item.Number}");

    public Task ReceiveReminder(string reminderName, TickStatus status) => Write(reminderName);

    public Task OnErrorAsync(Exception ex) => Write(ex.Message);

    private async Task Write(string line)
    {
        pages.State.Items.Add(line);
        await pages.WriteStateAsync();
        diary.Add($"{this.GetPrimaryKeyLong()} {line}, page {pages.Etag}");
    }
}
