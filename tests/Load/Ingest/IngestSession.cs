using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Ingest;

/// <summary>Both servers are up all the time and take turns; the one that is not measured has nothing to do.</summary>
internal sealed class IngestSession(
    IngestOptions options, ITargetServer baseline, IRoomServer ours, CancellationToken ct)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);

    /// <summary>A runtime compiles hot code anew beside the work, in three steps; on a core that is full it does not
    /// get to it. Without pauses likes were seen to be three times slower for half a minute.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.7);

    private readonly List<IngestResult> _results = [];
    private readonly List<string> _problems = [];
    private readonly EmptyCalls _empty = new(baseline.RoomId, options.TextBytes);
    private readonly DanmakuCalls _danmaku = new(ours.RoomId, options.TextBytes);
    private readonly LikeCalls _likes = new(ours.RoomId, options.Connections);

    /// <summary>A room that nobody is in, and that need not exist.</summary>
    private readonly LeaveCalls _leave = new("1");

    public IReadOnlyList<IngestResult> Results => _results;

    /// <summary>What was not right.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    public async Task Measure(ProgressBoard board)
    {
        var others = await baseline.OpenAccounts(options.Connections + 1, ct);
        var paths = await ours.OpenAccounts(options.Connections + 1, ct);
        await OwnThread.Run(() => Drive(board, others, paths), ct);
        await Compare();
    }

    private void Drive(ProgressBoard board, string[] others, string[] paths)
    {
        Cores.PinThisThread(options.GeneratorCore);
        using var plain = new IngestLoop(baseline.RoomId, options.Connections, options.Window, ct);
        using var rednote = new IngestLoop(ours.RoomId, options.Connections, options.Window, ct);
        plain.Open(baseline.Process.EndPoint, others);
        rednote.Open(ours.Process.EndPoint, paths);
        for (var run = 1 - options.SettleRounds; run <= options.Runs; run++)
        {
            using var line = board.Begin(run < 1 ? "settling" : $"run {run} of {options.Runs}");
            var time = run < 1 ? Settling : TimeSpan.FromSeconds(options.Seconds);
            var part = 0.0;
            Take(IngestReport.Empty, () => plain.Run(_empty, baseline.Process, Warmup(run), time, rednote.Tend));
            Take(IngestReport.Cheapest, () => rednote.Run(_leave, ours.Process, Warmup(run), time, plain.Tend));
            foreach (var kind in options.Kinds)
            {
                Take(kind, () => kind == IngestOptions.Votes
                    ? Vote(rednote, run, time, plain.Tend)
                    : rednote.Run(CallsOf(kind), ours.Process, Warmup(run), time, plain.Tend));
            }

            void Take(string kind, Func<IngestReading> measure)
            {
                line.Report(kind, part++ / (options.Kinds.Length + 2));
                Keep(kind, run, measure());
                plain.Rest(run < 1 ? Pause : TimeSpan.Zero);
                rednote.Tend();
            }
        }

        Note(plain.Problem);
        Note(rednote.Problem);
    }

    private TimeSpan Warmup(int run) => run < 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(options.WarmupSeconds);

    private ICalls CallsOf(string kind) => kind == IngestOptions.Likes ? _likes : _danmaku;

    private void Keep(string kind, int run, IngestReading reading)
    {
        if (run > 0)
        {
            _results.Add(IngestResult.Of(kind, run, reading));
        }

        if (reading.Refused > 0)
        {
            _problems.Add($"{reading.Refused} calls of {kind} were not answered as they should be");
        }
    }

    private IngestReading Vote(IngestLoop loop, int run, TimeSpan time, Action tend)
    {
        // To settle takes less of them, and it does not matter when they run out.
        var rooms = run < 1 ? Math.Max(1, options.VoteRooms / 4) : options.VoteRooms;
        var polls = VoteStage.Open(ours, rooms, ct).GetAwaiter().GetResult();
        tend();
        loop.Watch(polls.Select(poll => poll.RoomId).ToHashSet());
        var reading = loop.Run(new VoteCalls(polls, options.Connections), ours.Process, Warmup(run), time, tend);
        Note(VoteStage.Wrong(ours, polls, ct).GetAwaiter().GetResult());
        return reading;
    }

    /// <summary>What callers were told against what the room counts.</summary>
    private async Task Compare()
    {
        var stats = await ours.Stats(ct);
        var verdicts = stats.GetProperty("verdicts");
        var received = verdicts.GetProperty("received").GetInt64();
        var parts = new[] { "pending", "shown", "merged", "sampled", "held" }
            .Sum(name => verdicts.GetProperty(name).GetInt64());
        var rejected = verdicts.GetProperty("rejected").EnumerateObject().Sum(it => it.Value.GetInt64());
        Note(parts == _danmaku.Accepted && received == parts + rejected
            ? null : $"{_danmaku.Accepted} danmaku were accepted, and the room says {verdicts}");
        var likes = stats.GetProperty("counters").GetProperty("likes").GetInt64();
        Note(likes == _likes.Accepted ? null : $"{_likes.Accepted} likes were accepted, and the room has {likes}");
    }

    private void Note(string? problem)
    {
        if (problem is not null)
        {
            _problems.Add(problem);
        }
    }
}
