using System.Collections.Immutable;

namespace RedNote.Groups;

/// <summary>Numbers of messages in order, each once.</summary>
internal sealed class SeqList
{
    private readonly List<long> _seqs;

    public SeqList()
        : this([])
    {
    }

    public SeqList(ImmutableArray<long> stored) => _seqs = [.. stored];

    public int Count => _seqs.Count;

    public long First => _seqs[0];

    /// <summary>How many are above that one.</summary>
    public int CountAfter(long seq) => _seqs.Count - PlaceAfter(seq);

    public bool Contains(long seq) => _seqs.BinarySearch(seq) >= 0;

    /// <summary>False: it was in already.</summary>
    public bool Add(long seq)
    {
        if (_seqs.Count == 0 || _seqs[^1] < seq)
        {
            _seqs.Add(seq);
            return true;
        }

        var place = _seqs.BinarySearch(seq);
        if (place < 0)
        {
            _seqs.Insert(~place, seq);
        }

        return place < 0;
    }

    public void Remove(long seq)
    {
        var place = _seqs.BinarySearch(seq);
        if (place >= 0)
        {
            _seqs.RemoveAt(place);
        }
    }

    /// <summary>Takes out that one and all below.</summary>
    public void RemoveUpTo(long seq) => _seqs.RemoveRange(0, PlaceAfter(seq));

    public ImmutableArray<long> ToStored() => [.. _seqs];

    private int PlaceAfter(long seq)
    {
        var place = _seqs.BinarySearch(seq);
        return place < 0 ? ~place : place + 1;
    }
}
