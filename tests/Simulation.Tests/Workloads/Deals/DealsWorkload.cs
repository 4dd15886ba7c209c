using Microsoft.Extensions.DependencyInjection;
using RedNote.Deals;
using RedNote.Embedded.Simulation;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Simulation.Deals;

/// <summary>
/// Too many buyers press "buy" for too few pieces, with keys that they use again, pay, change their minds, or wait in
/// line; a host ends a deal before its time. Payments go all the ways in which payments go.
/// </summary>
public sealed class DealsWorkload : IWorkload
{
    private const int Buyers = 10;

    /// <summary>How long what deals tell is listened to.</summary>
    private static readonly TimeSpan Listening = TimeSpan.FromMinutes(2);

    internal static readonly UserId Host = new(1);

    internal static readonly RoomId Room = new(8);

    private readonly List<DealView> _deals = [];
    private readonly List<Buyer> _buyers = [];
    private SimulatedPayments? _payments;

    public void Configure(ISiloBuilder silo)
    {
        silo.Services.Configure<DealOptions>(options =>
        {
            // Small, so that a short run comes to them.
            options.OrdersPerEvent = 16;
            options.WaitingPerPiece = 2;
        });
        silo.Services.Configure<JournalOptions>(journal =>
        {
            journal.InlineRows = 1;
            journal.LateMs = 700;
            journal.LateRowsAtOnce = 4;
            journal.LateRows = 8;
        });
        silo.Services.AddSingleton<IPaymentProvider>(services => new SiloPayments(
            _payments!, services.GetRequiredService<SimulationNode>()));
    }

    public async Task Run(SimulatedWorld world)
    {
        _payments = new SimulatedPayments(world, world.AddClient("provider"), world.Random.Fork("provider"));
        var host = world.AddClient("host");
        await host.Node.Start(() => Open(world, host));
        for (var i = 0; i < Buyers; i++)
        {
            var client = world.AddClient($"buyer{i}");
            _buyers.Add(new Buyer(world, new UserId(10 + i), client, world.Random.Fork(client.Node.Name), _deals));
        }

        var ears = world.AddClient("front end");
        var until = world.Cluster.Loop.Now + Listening.Ticks;
        await Task.WhenAll(
            _buyers.Select(buyer => buyer.Client.Node.Start(() => buyer.Live(world.Bounds.Commands / Buyers)))
                .Append(host.Node.Start(() => EndEarly(world, host)))
                .Concat(_deals.Select(deal => ears.Node.Start(() => new DealEar(world, ears, deal).Listen(until)))));
    }

    public Task Check(SimulatedWorld world)
    {
        var client = world.AddClient("checker");
        return client.Node.Start(() => new DealsCheck(world, _deals, _buyers, _payments!, client).Run());
    }

    /// <summary>Repeats a call until it is answered.</summary>
    internal static Task<T> Ask<T>(
        SimulatedWorld world, SimulatedClient client, string what, Func<IGrainFactory, Task<T>> call)
        => Calls.UntilAnswered(world, client, what, call, answer => answer is not (
            DealOutcome { Status: CommandStatus.TryAgain } or OrderOutcome { Status: CommandStatus.TryAgain }
            or PayOutcome { Status: PayStatus.TryAgain }));

    private async Task Open(SimulatedWorld world, SimulatedClient client)
    {
        var random = world.Random.Fork("deals");
        await Calls.UntilAnswered(
            world, client, "the room", grains => grains.LiveRoom(Room).Create(
                new CreateRoom(Host, "host", "A shop", null, null, "token")),
            outcome => outcome.Status == CommandStatus.Done);
        for (var i = 1; i <= 3; i++)
        {
            var now = client.Node.Time.GetUtcNow().ToUnixTimeMilliseconds();
            var terms = new DealTerms(
                Room, Host, $"deal {i}", new Money(100 * i, "CNY"), null, 1 + random.Next(8),
                1 + random.Next(3), now + random.Next(20_000), 20 + random.Next(200), 1 + random.Next(40),
                DrawCondition.None);
            var key = $"deal-{i}";
            var outcome = await Ask(world, client, $"deal {i}", async grains => await grains.LiveRoom(Room).OpenDeal(
                new OpenDeal(await grains.DealDirectory().NextNumber(), terms, key)));
            world.Require(outcome.Status == CommandStatus.Done, $"Deal {i} was answered {outcome}.");
            world.Require(
                _deals.All(deal => deal.Id != outcome.Deal!.DealId), $"{outcome.Deal!.DealId} was given away twice.");
            _deals.Add(new DealView(outcome.Deal!.DealId, terms));
        }
    }

    private async Task EndEarly(SimulatedWorld world, SimulatedClient client)
    {
        var random = world.Random.Fork("host");
        await Task.Delay(random.Delay(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)), client.Node.Time);
        if (random.Chance(0.3) && world.Take("the host begins deal 2"))
            await Ask(world, client, "begin", grains => grains.Deal(_deals[1].Id).Begin(Host));
        await Task.Delay(random.Delay(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)), client.Node.Time);
        if (random.Chance(0.5) && world.Take("the host ends deal 1"))
        {
            var outcome = await Ask(world, client, "end", grains => grains.Deal(_deals[0].Id).End(Host));
            world.Require(
                outcome is { Status: CommandStatus.Done, Deal.State: DealState.Ended },
                $"Ending was answered {outcome}.");
        }
    }
}

/// <summary>A deal as everybody knows it.</summary>
internal sealed record DealView(DealId Id, DealTerms Terms);
