using System.Runtime.InteropServices;

namespace RedNote.Load.Gala;

/// <summary>A call that is under way.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Due">When it was to be made, a timestamp.</param>
/// <param name="Who">The connection.</param>
/// <param name="Count">Interactions in it.</param>
/// <param name="Item">The poll or deal, or null.</param>
/// <param name="Choice">The option voted for.</param>
internal readonly record struct GalaCall(GalaKind Kind, long Due, int Who, int Count, GalaItem? Item, int Choice);

/// <summary>Calls under way by the number that their answers bear; numbers are used again. Not thread-safe.</summary>
internal sealed class GalaCalls
{
    private readonly List<GalaCall> _calls = [];
    private readonly Stack<int> _free = new();

    /// <summary>Calls that were not answered.</summary>
    public int Count => _calls.Count - _free.Count;

    public ref readonly GalaCall this[int id] => ref CollectionsMarshal.AsSpan(_calls)[id];

    public int Add(GalaCall call)
    {
        if (_free.TryPop(out var id))
        {
            _calls[id] = call;
            return id;
        }

        _calls.Add(call);
        return _calls.Count - 1;
    }

    /// <summary>Takes the call that was answered; false: there is none under that number.</summary>
    public bool TryTake(int id, out GalaCall call)
    {
        call = id >= 0 && id < _calls.Count ? _calls[id] : default;
        if (call.Count == 0)
        {
            return false;
        }

        _calls[id] = default;
        _free.Push(id);
        return true;
    }
}
