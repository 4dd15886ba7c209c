using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Chat;

/// <summary>The talk itself, on a thread of its own: once through, or with a kill -9 in the middle.</summary>
internal sealed class ChatTalk
{
    private readonly ChatOptions _options;
    private readonly IRoomServer _server;
    private readonly ChatStage _stage;
    private readonly Action<string, double> _progress;
    private readonly CancellationToken _stop;
    private readonly OpenLoop _schedule;
    private Usage.Share _used;

    public ChatTalk(
        ChatOptions options, IRoomServer server, ChatStage stage, Action<string, double> progress,
        CancellationToken stop)
    {
        (_options, _server, _stage, _progress, _stop) = (options, server, stage, progress, stop);
        _schedule = new OpenLoop(
            new OpenLoop.Phase(TimeSpan.FromSeconds(options.WarmupSeconds + options.Seconds), options.Rate));
        Book = new ChatBook(options.Online, options.Rate * options.WarmupSeconds, _schedule);
    }

    public ChatBook Book { get; }

    /// <summary>As <see cref="ChatLoop.Words"/>.</summary>
    public Func<long, string> Words { get; init; } = static _ => "";

    /// <summary>The first thing that went wrong with a connection, or null.</summary>
    public string? Problem { get; private set; }

    public void Run()
    {
        if (!_options.Kills)
        {
            using var all = Open();
            _schedule.Start(System.Diagnostics.Stopwatch.GetTimestamp());
            all.Talk(_options.Rate * _options.WarmupSeconds, Progress);
            var before = Usage.Take(_server.Process);
            all.Talk(_schedule.Total, Progress);
            all.Finish();
            _used = Usage.Take(_server.Process).Since(before);
            Problem = all.Problem;
            return;
        }

        using (var first = Open())
        {
            _schedule.Start(System.Diagnostics.Stopwatch.GetTimestamp());
            first.Talk(_schedule.Total / 2, Progress);
            Problem = first.Problem;
            _server.Kill().GetAwaiter().GetResult();
        }

        _server.Restart(_stop).GetAwaiter().GetResult();
        using var again = Open();
        var from = Usage.Take(_server.Process);
        again.Retry();
        again.Talk(_schedule.Total, Progress);
        again.Finish();
        _used = Usage.Take(_server.Process).Since(from);
        Problem ??= again.Problem;
    }

    public ChatResult Result(string? problem)
    {
        var strain = new Strain(
            _used.Server / Environment.ProcessorCount, _used.Generator, _used.Others,
            _schedule.Lateness.Percentile(0.99) / 1000.0);
        var measured = (double)_options.Rate * _options.Seconds * _options.Online;
        return new ChatResult(
            Book.Answered, Book.Deliveries, Latency.Of(Book.Delivery), Latency.Of(Book.Answer), _used.Server,
            _used.Generator, _used.ServerCpu.TotalMicroseconds / measured, strain.LimitedBy, problem);
    }

    private ChatLoop Open()
    {
        var loop = new ChatLoop(_stage.GroupId, _options, Book, _schedule, _stop) { Words = Words };
        loop.Open(_server.Process.EndPoint, _stage.Paths(_options.Online), share => _progress("open", share));
        return loop;
    }

    private void Progress(double share) => _progress("talk", share);
}
