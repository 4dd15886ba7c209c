using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Notes;

/// <summary>Both servers are up all the time and take turns; the one that is not measured has nothing to do.</summary>
internal sealed class NoteLikesSession(
    NoteLikesOptions options, ITargetServer baseline, IRoomServer ours, CancellationToken ct)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);

    /// <summary>A runtime compiles hot code anew beside the work; on a core that is full it does not get to it.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.7);

    private readonly List<NoteLikesResult> _results = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<NoteLikesResult> Results => _results;

    /// <summary>What was not right.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>From the last answer until every watcher has the last count, of each run, in ms.</summary>
    public List<double> SettleMs { get; } = [];

    public async Task Measure(ProgressBoard board)
    {
        using var stage = await Prepare(board);
        var paths = await ours.OpenAccounts(options.Watchers, ct);
        var one = new LikeBook(stage.Notes[..1], stage.Tokens, ours.Process.EndPoint.ToString());
        var many = new LikeBook(stage.Notes[1..], stage.Tokens, ours.Process.EndPoint.ToString());
        // Nobody looks at these, but they are as long as ours.
        var tokens = stage.Tokens.Select(token => new string('x', token.Length)).ToArray();
        var nothing = new LikeBook(["1"], tokens, baseline.Process.EndPoint.ToString());
        await OwnThread.Run(() => Drive(board, stage.Notes[0], nothing, one, many, paths), ct);
        foreach (var (note, likes) in one.Totals.Concat(many.Totals))
        {
            var counted = await stage.Likes(note, ct);
            Note(counted == likes ? null : $"{likes} users like note {note}, which says {counted}");
        }
    }

    private async Task<NoteStage> Prepare(ProgressBoard board)
    {
        using var line = board.Begin("users and notes");
        return await NoteStage.Make(ours.Process.Address, options.Users, options.Notes + 1, line.Report, ct);
    }

    private void Drive(
        ProgressBoard board, string note, LikeBook nothing, LikeBook one, LikeBook many, string[] paths)
    {
        Cores.PinThisThread(options.GeneratorCore);
        using var empty = new LikeLoop(baseline.Process.EndPoint, options.Users, nothing, ct);
        using var hot = new LikeLoop(ours.Process.EndPoint, options.Users, one, ct);
        using var wide = new LikeLoop(ours.Process.EndPoint, options.Users, many, ct);
        using var watch = new NoteWatch(note, options.Watchers, ct);
        watch.Open(ours.Process.EndPoint, paths);
        for (var run = 1 - options.SettleRounds; run <= options.Runs && _problems.Count == 0; run++)
        {
            using var line = board.Begin(run < 1 ? "settling" : $"run {run} of {options.Runs}");
            var (warmup, time) = run < 1
                ? (TimeSpan.Zero, Settling)
                : (TimeSpan.FromSeconds(options.WarmupSeconds), TimeSpan.FromSeconds(options.Seconds));
            var part = 0.0;
            Take(NoteLikesReport.Empty, () => empty.Race(baseline.Process, warmup, time, watch.Tend));
            Take(NoteLikesReport.One, () => hot.Race(ours.Process, warmup, time, watch.Tend));
            Take(NoteLikesReport.Many, () => wide.Race(ours.Process, warmup, time, watch.Tend));
            Take(NoteLikesReport.Paced, () => hot.Pace(ours.Process, options.Rate, warmup, time, watch.Tend));
            var settled = watch.Settle(one.Totals.First().Likes);
            if (run > 0)
            {
                SettleMs.Add(settled.TotalMilliseconds);
            }

            Note(empty.Problem ?? hot.Problem ?? wide.Problem ?? watch.Problem);

            void Take(string kind, Func<LikeReading> measure)
            {
                line.Report(kind, part++ / 4);
                var reading = measure();
                if (run > 0)
                {
                    _results.Add(NoteLikesResult.Of(kind, run, reading));
                }
                else
                {
                    Thread.Sleep(Pause);
                }
            }
        }
    }

    private void Note(string? problem)
    {
        if (problem is not null)
        {
            _problems.Add(problem);
        }
    }
}
