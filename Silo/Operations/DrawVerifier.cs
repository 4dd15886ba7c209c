using System.Security.Cryptography;
using System.Text;
using RedNote.Live;

namespace RedNote.Silo.Operations;

/// <summary>
/// Recomputes a published draw from its entrant list: whether the seed is the one that was committed to, whether the
/// list is the one that was frozen, and whether the two make the winners.
/// </summary>
internal sealed class DrawVerifier(TextWriter output)
{
    private bool _isFair = true;

    /// <summary>Says what was found, line by line; whether all of it is as published.</summary>
    public async Task<bool> Verify(PublishedDraw draw, IReadOnlyList<string> entrants)
    {
        await Say(
            DrawProof.IsSeed(draw.Seed) && DrawProof.Commitment(draw.Seed) == draw.Commitment,
            "seed", "hashes to the commitment that was shown when the draw opened");
        await Say(entrants.Count == draw.Entrants, "entrants", $"{entrants.Count} listed, {draw.Entrants} published");
        await Say(IsSorted(entrants), "order", "ids are sorted ordinally, each once");
        var hash = Hash(string.Join('\n', entrants));
        await Say(hash == draw.EntrantsHash, "list", "hashes to the entrantsHash that was published");
        var winners = DrawProof.WinningPlaces(draw.Seed, hash, entrants.Count, draw.Winners)
            .Select(place => entrants[place]).ToList();
        await Say(
            winners.SequenceEqual(draw.WinnerIds, StringComparer.Ordinal),
            "winners", $"{winners.Count} recomputed, {draw.WinnerIds.Count} published");
        for (var i = 0; i < winners.Count; i++)
        {
            await output.WriteLineAsync($"  {i}: {winners[i]}");
        }

        await output.WriteLineAsync(_isFair ? "The draw is as it says." : "The draw is NOT as it says.");
        return _isFair;
    }

    private static bool IsSorted(IReadOnlyList<string> ids)
    {
        for (var i = 1; i < ids.Count; i++)
        {
            if (string.CompareOrdinal(ids[i - 1], ids[i]) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task Say(bool holds, string what, string detail)
    {
        _isFair &= holds;
        await output.WriteLineAsync($"{(holds ? "ok   " : "WRONG")} {what,-10} {detail}");
    }
}
