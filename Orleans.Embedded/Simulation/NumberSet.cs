using System.Globalization;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// Numbers from 0 on, written as <c>0-4,9,12-</c>; the last range may have no end. Names the faults or the commands
/// that a run does without.
/// </summary>
public sealed class NumberSet
{
    // Sorted, apart from each other, both ends included; int.MaxValue stands for no end.
    private readonly (int First, int Last)[] _ranges;

    private NumberSet((int First, int Last)[] ranges) => _ranges = ranges;

    /// <summary>No number.</summary>
    public static NumberSet None { get; } = new([]);

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>Every number that is not among those given; all from their largest on, too.</summary>
    public static NumberSet AllBut(IEnumerable<int> kept)
    {
        var ranges = new List<(int, int)>();
        var next = 0;
        foreach (var number in kept.Order().Distinct())
        {
            if (number > next) ranges.Add((next, number - 1));
            next = number + 1;
        }

        ranges.Add((next, int.MaxValue));
        return new NumberSet([.. ranges]);
    }

    /// <summary>Reads what <see cref="ToString"/> writes. False: it is not written so, or does not rise.</summary>
    public static bool TryParse(string text, out NumberSet numbers)
    {
        ArgumentNullException.ThrowIfNull(text);
        numbers = None;
        var ranges = new List<(int, int)>();
        var next = 0L;
        foreach (var part in text.Length == 0 ? [] : text.Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryNumber(dash < 0 ? part : part[..dash], out var first)) return false;
            var last = first;
            if (dash == part.Length - 1) last = int.MaxValue;
            else if (dash >= 0 && !TryNumber(part[(dash + 1)..], out last)) return false;
            if (first < next || last < first) return false;
            ranges.Add((first, last));
            next = last + 1L;
        }

        numbers = new NumberSet([.. ranges]);
        return true;
    }

    public bool Contains(int number)
    {
        foreach (var (first, last) in _ranges)
            if (number >= first && number <= last) return true;
        return false;
    }

    public override string ToString() => string.Join(',', _ranges.Select(range => range switch
    {
        (int first, int.MaxValue) => string.Create(CultureInfo.InvariantCulture, $"{first}-"),
        (int first, int last) when first == last => first.ToString(CultureInfo.InvariantCulture),
        (int first, int last) => string.Create(CultureInfo.InvariantCulture, $"{first}-{last}"),
    }));

    private static bool TryNumber(string text, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
