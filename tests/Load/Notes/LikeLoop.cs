using System.Diagnostics;
using System.Net;
using System.Text;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.Load.Wire;

namespace RedNote.Load.Notes;

/// <summary>Users who like over REST, each on a connection of its own with one request under way; one thread. Either as
/// fast as they are answered, or on schedule.</summary>
internal sealed class LikeLoop : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _scratch = new byte[16 * 1024];
    private readonly Epoll _epoll = new();
    private readonly HttpLane[] _lanes;
    private readonly LikeBook _book;
    private readonly CancellationToken _stop;

    /// <summary>Per user, since when the requests count that are under way or wait for the one before.</summary>
    private readonly Queue<long>[] _since;
    private Histogram _latency = new();
    private int _underWay;
    private long _answered;

    public LikeLoop(IPEndPoint server, int users, LikeBook book, CancellationToken stop)
    {
        (_book, _stop) = (book, stop);
        _lanes = [.. Enumerable.Range(0, users).Select(id => HttpLane.Open(id, server, _epoll))];
        _since = [.. Enumerable.Range(0, users).Select(_ => new Queue<long>())];
    }

    /// <summary>The first thing that went wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Everybody asks again as soon as the answer is there.</summary>
    public LikeReading Race(ServerProcess server, TimeSpan warmup, TimeSpan time, Action tend)
    {
        for (var user = 0; user < _lanes.Length; user++)
        {
            Ask(user, Stopwatch.GetTimestamp());
        }

        PumpFor(warmup, tend);
        _latency = new Histogram();
        var (before, answered) = (Usage.Take(server), _answered);
        PumpFor(time, tend);
        var reading = new LikeReading(_answered - answered, Usage.Take(server).Since(before), _latency, LateMs: 0);
        Finish(tend);
        return reading;

        void PumpFor(TimeSpan length, Action meanwhile)
        {
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < length && Problem is null)
            {
                Pump(5, asksAgain: true);
                meanwhile();
            }
        }
    }

    /// <summary>Likes are due at that rate, whatever the server does; users take turns.</summary>
    public LikeReading Pace(ServerProcess server, double rate, TimeSpan warmup, TimeSpan time, Action tend)
    {
        var schedule = new OpenLoop(
            new OpenLoop.Phase(warmup, rate), new OpenLoop.Phase(time, rate));
        schedule.Start(Stopwatch.GetTimestamp());
        var (before, answered) = (Usage.Take(server), _answered);
        var counts = false;
        while (!schedule.IsDone && Problem is null)
        {
            while (schedule.TryTake(Stopwatch.GetTimestamp(), out var number))
            {
                if (!counts && number >= schedule.FirstOf(1))
                {
                    (counts, before, answered, _latency) = (true, Usage.Take(server), _answered, new Histogram());
                }

                Ask((int)(number % _lanes.Length), schedule.DueAt(number));
            }

            Pump(schedule.WaitMs(Stopwatch.GetTimestamp(), 5), asksAgain: false);
            tend();
        }

        var used = Usage.Take(server).Since(before);
        Finish(tend);
        return new LikeReading(
            _answered - answered, used, _latency, schedule.Lateness.Percentile(0.99) / 1_000.0);
    }

    public void Dispose()
    {
        Array.ForEach(_lanes, lane => lane.Dispose());
        _epoll.Dispose();
    }

    private void Ask(int user, long since)
    {
        _since[user].Enqueue(since);
        _underWay++;
        if (_since[user].Count == 1)
        {
            _lanes[user].Send(_book.Next(user));
        }
    }

    /// <summary>Waits for the answers that are still to come.</summary>
    private void Finish(Action tend)
    {
        var began = Stopwatch.GetTimestamp();
        while (_underWay > 0 && Problem is null)
        {
            Pump(5, asksAgain: false);
            tend();
            Problem ??= Stopwatch.GetElapsedTime(began) > Patience ? $"{_underWay} likes were not answered" : null;
        }
    }

    private void Pump(int milliseconds, bool asksAgain)
    {
        _stop.ThrowIfCancellationRequested();
        var ready = _epoll.Wait(milliseconds);
        for (var i = 0; i < ready && Problem is null; i++)
        {
            var user = _epoll.Id(i);
            if (_lanes[user].TryTake(_scratch, out var status, out var answer))
            {
                Take(user, status, answer, asksAgain);
            }
        }
    }

    private void Take(int user, int status, ReadOnlySpan<byte> answer, bool asksAgain)
    {
        _latency.Record((long)Stopwatch.GetElapsedTime(_since[user].Dequeue()).TotalMicroseconds);
        _underWay--;
        _answered++;
        if (!_book.Take(user, status, answer))
        {
            Problem = $"a like was answered {Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 600)])}";
            return;
        }

        if (asksAgain)
        {
            Ask(user, Stopwatch.GetTimestamp());
        }
        else if (_since[user].Count > 0)
        {
            _lanes[user].Send(_book.Next(user));
        }
    }
}

/// <summary>What was measured of one kind of likes.</summary>
/// <param name="Answered">In that time.</param>
/// <param name="Used">Of the processors.</param>
/// <param name="Latency">Until the answer: from the request, or from when it was due.</param>
/// <param name="LateMs">How late the generator was, p99.</param>
internal sealed record LikeReading(long Answered, Usage.Share Used, Histogram Latency, double LateMs);
