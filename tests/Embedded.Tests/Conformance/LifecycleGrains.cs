using Orleans.Storage;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>Notes what happens to it: "made", "activated", "{reason} deactivating", "deactivated".</summary>
[Alias("conformance.life")]
public interface ILifeGrain : IGrainWithStringKey
{
    /// <summary>Which activation answers.</summary>
    Task<int> Activation();

    /// <summary>Asks to be deactivated when this call and those in progress have ended.</summary>
    Task<int> Leave();

    /// <summary>Lets an exception escape that says its stored state is stale.</summary>
    Task<int> FindStale();

    /// <summary>Lets any other exception escape.</summary>
    Task<int> Fail();

    /// <summary>Passes a gate.</summary>
    Task<int> Stay(string gate);

    /// <summary>Puts the collection off.</summary>
    Task<int> StayFor(TimeSpan time);
}

/// <summary>Its first activation fails, the second succeeds.</summary>
[Alias("conformance.late")]
public interface ILateGrain : IGrainWithStringKey
{
    Task<string> Greet();
}

public sealed class LifeGrain : Grain, ILifeGrain
{
    /// <summary>A grain whose key ends so passes the gate {key}/leave before it has left.</summary>
    public const string Lingering = "-lingering";

    private static int _activations;

    private readonly int _activation = Interlocked.Increment(ref _activations);
    private readonly Signals _signals;

    public LifeGrain(Signals signals)
    {
        _signals = signals;
        signals.Note(this.GetPrimaryKeyString(), "made");
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _signals.Note(this.GetPrimaryKeyString(), "activated");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _signals.Note(key, reason.ReasonCode + " deactivating");
        if (key.EndsWith(Lingering, StringComparison.Ordinal))
            await _signals.Pass(key + "/leave");
        _signals.Note(key, "deactivated");
    }

    public Task<int> Activation() => Task.FromResult(_activation);

    public Task<int> Leave()
    {
        DeactivateOnIdle();
        return Activation();
    }

    public Task<int> FindStale() => throw new InconsistentStateException("Somebody else wrote it.", "2", "1");

    public Task<int> Fail() => throw new InvalidOperationException("It is no matter of state.");

    public async Task<int> Stay(string gate)
    {
        await _signals.Pass(gate);
        return _activation;
    }

    public Task<int> StayFor(TimeSpan time)
    {
        DelayDeactivation(time);
        return Activation();
    }
}

public sealed class LateGrain(Signals signals) : Grain, ILateGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        signals.Note(key, "activating");
        return signals.Notes(key).Length == 1
            ? throw new NotSupportedException("Not the first time.")
            : Task.CompletedTask;
    }

    public Task<string> Greet() => Task.FromResult("here");
}
