using System.Collections.Immutable;

namespace RedNote.Load.Gala;

/// <summary>Who does what: everybody the same share of everything, but never all at once.</summary>
/// <param name="residents">Viewers who stay the whole evening.</param>
public sealed class GalaMix(int residents)
{
    /// <summary>The most taps of a call; what the contract allows. Clients gather theirs for a second.</summary>
    public const int MostTaps = 50;

    private readonly long _stride = StrideOf(residents);

    /// <summary>Of all interactions, by <see cref="GalaKind"/>.</summary>
    public static ImmutableArray<double> Shares { get; } = [0.80, 0.12, 0.06, 0.02];

    /// <summary>Whose turn the n-th one of a kind is: everybody once before anybody twice, neighbours far apart.
    /// </summary>
    public int Turn(long number)
    {
        var (round, place) = Math.DivRem(number, residents);
        return (int)(((place * _stride) + round) % residents);
    }

    /// <summary>Taps of a resident among the first so many: tap n is resident n mod residents'.</summary>
    public long TapsOf(int resident, long taps)
        => taps <= resident ? 0 : (taps - resident - 1 + residents) / residents;

    /// <summary>About the golden section of them, and without a common divisor, so that a round visits everybody.
    /// </summary>
    private static long StrideOf(int residents)
    {
        var stride = Math.Max(1, (long)(residents * 0.618));
        while (Gcd(stride, residents) != 1)
        {
            stride++;
        }

        return stride;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
