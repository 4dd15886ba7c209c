namespace RedNote.Embedded.Simulation;

/// <summary>
/// Storage that outlives every process of a simulation. An operation takes effect at one moment, all at once, some time
/// after it was asked for and some time before its answer; or not at all; or with an error for an answer. What a dead
/// process has asked for may still take effect, as with a database behind a network.
/// </summary>
public sealed class SimulatedDisk
{
    private readonly SimulationNode _world;
    private readonly SimulationFaults _faults;
    private readonly SimulationRandom _random;
    private readonly SimulationOptions _options;

    internal SimulatedDisk(
        SimulationNode world, SimulationFaults faults, SimulationRandom random, SimulationOptions options)
        => (_world, _faults, _random, _options) = (world, faults, random, options);

    /// <summary>While true every operation fails and changes nothing.</summary>
    public bool IsDown { get; internal set; }

    /// <summary>Operations that took effect.</summary>
    public long Operations { get; private set; }

    /// <summary>Reads. Fails with an <see cref="IOException"/>.</summary>
    public Task<T> Read<T>(SimulationNode node, Func<T> read)
    {
        var delay = Delay(_faults.Strikes(FaultKind.ReadSlow));
        return Operate(node, delay, read, _faults.Strikes(FaultKind.ReadFailed), isUnanswered: false);
    }

    /// <summary>
    /// Changes what is stored. An <see cref="IOException"/> leaves open whether it did; what <paramref name="write"/>
    /// itself throws is a refusal, and tells the truth.
    /// </summary>
    public Task<T> Write<T>(SimulationNode node, Func<T> write)
    {
        var delay = Delay(_faults.Strikes(FaultKind.WriteSlow));
        var isRefused = _faults.Strikes(FaultKind.WriteRefused);
        return Operate(node, delay, write, isRefused, !isRefused && _faults.Strikes(FaultKind.WriteUnanswered));
    }

    private TimeSpan Delay(bool isSlow)
        => isSlow
            ? _random.Between(TimeSpan.FromSeconds(1), _options.SlowStorageDelay)
            : _random.Delay(TimeSpan.FromMicroseconds(20), _options.StorageDelay);

    private Task<T> Operate<T>(
        SimulationNode node, TimeSpan delay, Func<T> operation, bool isRefused, bool isUnanswered)
    {
        var answer = new TaskCompletionSource<T>();
        _world.After(delay, () =>
        {
            if (!node.IsAlive && !_faults.Strikes(FaultKind.WriteOutlives)) return;
            if (isRefused || IsDown)
            {
                answer.SetException(new IOException(IsDown ? "Storage is away." : "The operation failed."));
                return;
            }

            T result;
            try
            {
                Operations++;
                result = operation();
            }
            catch (Exception refusal)
            {
                _world.After(Delay(isSlow: false), () => answer.SetException(refusal));
                return;
            }

            _world.After(Delay(isSlow: false), () =>
            {
                if (isUnanswered) answer.SetException(new IOException("The answer was lost."));
                else answer.SetResult(result);
            });
        });
        return answer.Task;
    }
}
