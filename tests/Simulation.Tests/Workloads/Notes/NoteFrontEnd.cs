using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Embedded.Simulation;
using RedNote.Frontend.Live;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Users;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>One front end process: the real notes' ports on a node of its own, and those who watch there.</summary>
internal sealed class NoteFrontEnd
{
    private const int Viewers = 2;

    private static readonly TimeSpan PatrolEvery = TimeSpan.FromMilliseconds(300);

    private readonly NotePorts _ports;

    public NoteFrontEnd(SimulatedWorld world, NoteCast cast, string name, SimulationRandom random)
    {
        Client = world.AddClient(name);
        var options = new NotePortOptions
        {
            // Lower than the time after which a call fails by itself, so that batches are late.
            AnswerTimeout = random.Between(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(6)),
            Attempts = 1 + random.Next(3),
            Linger = TimeSpan.FromSeconds(5),
            CheckEvery = TimeSpan.FromSeconds(1),
        };
        _ports = new NotePorts(
            Client.Grains, new SimulatedNoteStreams(world, cast, Client, random.Fork("streams")),
            new FrameEncoder(new Counts()), new Numbers(random.Fork("numbers")), Node.Time,
            Microsoft.Extensions.Options.Options.Create(options),
            Microsoft.Extensions.Options.Options.Create(new LiveOptions()),
            Client.Services.GetService<ILogger<NotePorts>>() ?? NullLogger<NotePorts>.Instance);
        Node.Time.CreateTimer(static ports => ((NotePorts)ports!).Patrol(), _ports, PatrolEvery, PatrolEvery);
        for (var i = 1; i <= Viewers; i++)
        {
            var viewer = new NoteViewer(world, cast, this, $"{name}-viewer-{i}", random.Fork($"viewer {i}"));
            Watching.Add(viewer);
            _ = Node.Start(viewer.Live);
        }
    }

    public SimulatedClient Client { get; }

    public SimulationNode Node => Client.Node;

    public List<NoteViewer> Watching { get; } = [];

    /// <summary>The port of a note; null when there is no silo to name it by, which only an attached client minds.
    /// </summary>
    public NotePort? Use(NoteId note)
    {
        try
        {
            return _ports.Use(note);
        }
        catch (SiloUnavailableException)
        {
            return null;
        }
    }

    public void Forget(NotePort port) => _ports.Forget(port);

    /// <summary>What the endpoint does, of several users at once. Null: the front end dies before it answers.</summary>
    public async Task<MarkCount[]?> Mark(NoteId note, IEnumerable<SetMark> marks)
    {
        var answers = Node.Run(async () =>
        {
            if (Use(note) is not { } port) return [];
            var counts = await Task.WhenAll(marks.Select(mark => Mark(port, mark)).ToList());
            if (counts.Any(count => count.Status == CommandStatus.NotFound)) _ports.Forget(port);
            return counts;
        });
        await Task.WhenAny(answers, Node.Died);
        return answers.IsCompleted ? await answers : null;
    }

    // Not AsTask, whose task goes on from the thread pool.
    private static async Task<MarkCount> Mark(NotePort port, SetMark mark) => await port.Mark(mark);

    /// <summary>Completes when what is under way is answered.</summary>
    public Task Drain() => Node.Start(_ports.Drain);

    /// <summary>Gateways are numbered, in no order, and none as another.</summary>
    private sealed class Numbers(SimulationRandom random) : IIdGenerator
    {
        public long NextId() => throw new NotSupportedException();

        public long NextSecretNumber() => (long)(random.Next() >> 2) + 1;

        public string NextToken() => throw new NotSupportedException();
    }

    /// <summary>What is written to a connection: the counts, for <see cref="NoteViewer"/> to read.</summary>
    private sealed class Counts : IHubProtocol
    {
        public string Name => "counts";

        public int Version => 1;

        public TransferFormat TransferFormat => TransferFormat.Text;

        public bool IsVersionSupported(int version) => true;

        public bool TryParseMessage(
            ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
            => throw new NotSupportedException();

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
        {
            var (likes, collects, _, deleted) = (NoteCountsView)((InvocationMessage)message).Arguments[1]!;
            output.Write(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{likes} {collects} {(deleted is true ? 1 : 0)}")));
        }

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => throw new NotSupportedException();
    }
}
