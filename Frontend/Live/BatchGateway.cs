using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace RedNote.Frontend.Live;

/// <summary>How much a gateway takes, and how patient it is.</summary>
/// <param name="Queue">What may wait.</param>
/// <param name="Batch">What is sent at once.</param>
/// <param name="Attempts">How often a batch is sent before its outcome is unknown.</param>
/// <param name="AnswerTimeout">How long an answer may take.</param>
/// <param name="Pause">Between two attempts.</param>
internal sealed record GatewayBounds(
    int Queue, int Batch, int Attempts, TimeSpan AnswerTimeout, TimeSpan Pause);

/// <summary>
/// A way into one grain. What finds it idle is sent at once; what comes while a batch is under way makes up the next
/// one, in its order. A batch that was not answered is sent again as it was, under the same number: the grain has to
/// take it twice without doing it twice.
/// </summary>
/// <typeparam name="TItem">What is sent.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
internal sealed partial class BatchGateway<TItem, TAnswer>
{
    private readonly string _target;
    private readonly GatewayBounds _bounds;
    private readonly TAnswer _unknown;
    private readonly Func<ImmutableArray<TItem>, long, Task<ImmutableArray<TAnswer>>> _ask;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GatewayQueue<TItem, TAnswer> _queue;
    private readonly List<Pending<TItem, TAnswer>> _batch = [];
    private long _number;

    /// <param name="target">Whose way in it is, for the log.</param>
    /// <param name="bounds">How much, how often.</param>
    /// <param name="unknown">The answer when the grain gave none: the outcome is unknown.</param>
    /// <param name="ask">Sends a batch with its number, from 1; as many answers as items.</param>
    /// <param name="time">The clock for that.</param>
    /// <param name="logger">Where failures go.</param>
    public BatchGateway(
        string target, GatewayBounds bounds, TAnswer unknown,
        Func<ImmutableArray<TItem>, long, Task<ImmutableArray<TAnswer>>> ask, TimeProvider time, ILogger logger)
    {
        (_target, _bounds, _unknown, _ask, _time, _logger) = (target, bounds, unknown, ask, time, logger);
        _queue = new GatewayQueue<TItem, TAnswer>(bounds.Queue, bounds.Batch, TryAdd, Send, time);
    }

    public bool IsIdle => _queue.IsIdle;

    /// <summary>Takes something to be sent, unless too much waits already or the host is stopping.</summary>
    public Admission TrySubmit(TItem item, out ValueTask<TAnswer> answer) => _queue.TrySubmit(item, out answer);

    /// <summary>Takes nothing more and completes when what is under way is answered.</summary>
    public Task Close() => _queue.Close();

    private bool TryAdd(Pending<TItem, TAnswer> pending)
    {
        if (_batch.Count == _bounds.Batch)
        {
            return false;
        }

        _batch.Add(pending);
        return true;
    }

    private async Task Send()
    {
        var items = new TItem[_batch.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = _batch[i].Item;
        }

        var answers = await Ask(ImmutableCollectionsMarshal.AsImmutableArray(items), ++_number);
        for (var i = 0; i < _batch.Count; i++)
        {
            _batch[i].Complete(answers.IsDefault ? _unknown : answers[i]);
        }

        _batch.Clear();
    }

    /// <summary>Default when the grain did not answer as often as it was asked.</summary>
    private async ValueTask<ImmutableArray<TAnswer>> Ask(ImmutableArray<TItem> items, long number)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answers = await _ask(items, number).WaitAsync(_bounds.AnswerTimeout, _time);
                if (answers.Length == items.Length)
                {
                    return answers;
                }

                LogMismatch(_logger, _target, answers.Length, items.Length);
                return default;
            }
            catch (Exception failure)
            {
                LogUnanswered(_logger, failure, _target, items.Length, attempt);
                if (attempt >= _bounds.Attempts)
                {
                    return default;
                }
            }

            await Task.Delay(_bounds.Pause, _time);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Target} did not answer a batch of {Items} (attempt {Attempt}).")]
    private static partial void LogUnanswered(
        ILogger logger, Exception failure, string target, int items, int attempt);

    [LoggerMessage(LogLevel.Error, "{Target} gave {Answers} answers to a batch of {Items}.")]
    private static partial void LogMismatch(ILogger logger, string target, int answers, int items);
}
