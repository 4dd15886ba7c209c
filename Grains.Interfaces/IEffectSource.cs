using Orleans.Concurrency;

namespace RedNote;

/// <summary>
/// A grain whose events make it owe something to other grains. It delivers by itself; the silo calls it when effects
/// were left lying, for example after a crash.
/// </summary>
[Alias("rednote.effect-source")]
public interface IEffectSource : IGrain
{
    /// <summary>Tries to deliver what is owed; returns without waiting for it.</summary>
    [Alias("deliver-effects"), AlwaysInterleave]
    Task DeliverEffects();
}
