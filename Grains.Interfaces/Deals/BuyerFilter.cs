using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace RedNote.Deals;

/// <summary>
/// A set of buyers that takes two bytes for each: it may take a stranger for one of them, once in about a thousand
/// times, and never one of them for a stranger. A Bloom filter (Burton H. Bloom, "Space/time trade-offs in hash coding
/// with allowable errors", 1970) with 16 bits a buyer and 8 probes.
/// </summary>
[GenerateSerializer, Immutable, Alias("deals.buyer-filter")]
public sealed record BuyerFilter(ImmutableArray<ulong> Words)
{
    private const int BitsPerBuyer = 16;
    private const int Probes = 8;

    public static BuyerFilter Of(IReadOnlyCollection<UserId> buyers)
    {
        var words = new ulong[Math.Max(1, ((long)buyers.Count * BitsPerBuyer / 64) + 1)];
        foreach (var buyer in buyers)
        {
            var (at, step) = Hash(buyer);
            for (var probe = 0; probe < Probes; probe++, at += step)
            {
                words[Word(at, words.Length)] |= 1UL << (int)(at & 63);
            }
        }

        return new BuyerFilter(ImmutableCollectionsMarshal.AsImmutableArray(words));
    }

    /// <summary>False: certainly none of them.</summary>
    public bool MayContain(UserId buyer)
    {
        var (at, step) = Hash(buyer);
        for (var probe = 0; probe < Probes; probe++, at += step)
        {
            if ((Words[Word(at, Words.Length)] & (1UL << (int)(at & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int Word(ulong at, int words) => (int)((at >> 6) % (ulong)words);

    /// <summary>Two hashes that stand for all (Kirsch and Mitzenmacher, "Less hashing, same performance", 2006); the
    /// mixing is that of SplitMix64.</summary>
    private static (ulong At, ulong Step) Hash(UserId buyer)
    {
        var first = Mix((ulong)buyer.Value + 0x9E3779B97F4A7C15);
        return (first, Mix(first + 0x9E3779B97F4A7C15) | 1);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
