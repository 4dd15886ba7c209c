using System.Net;

namespace RedNote.Load.Gala;

/// <summary>What a passer does next.</summary>
internal enum GalaPasser
{
    /// <summary>Nothing: the way in takes longer than the turn comes round.</summary>
    Waits,

    /// <summary>Leaves the room and keeps the connection.</summary>
    Leaves,

    /// <summary>Comes back to the room.</summary>
    Comes,

    /// <summary>Loses the connection and comes with a new one.</summary>
    ClosesPage,
}

/// <summary>Those who come and go, in turn: out of the room and in again, then away altogether and back.</summary>
/// <param name="first">The first of their connections.</param>
/// <param name="count">How many there are.</param>
internal sealed class GalaPassers(int first, int count)
{
    private readonly long[] _due = new long[count];
    private readonly bool[] _isOut = new bool[count];
    private readonly int[] _rounds = new int[count];

    public IPEndPoint Server { get; set; } = new(IPAddress.Loopback, 0);

    public string[] Paths { get; set; } = [];

    /// <summary>Turns so far.</summary>
    public long Acts { get; set; }

    /// <summary>Those on their way in.</summary>
    public int Coming { get; private set; }

    /// <summary>What the next one does, at that time.</summary>
    public GalaPasser Next(long due, out int connection)
    {
        connection = first;
        if (count == 0)
        {
            return GalaPasser.Waits;
        }

        var passer = (int)(Acts % count);
        connection = first + passer;
        if (_due[passer] != 0)
        {
            return GalaPasser.Waits;
        }

        if (!_isOut[passer] && _rounds[passer]++ % 2 == 0)
        {
            _isOut[passer] = true;
            return GalaPasser.Leaves;
        }

        var was = _isOut[passer] ? GalaPasser.Comes : GalaPasser.ClosesPage;
        _isOut[passer] = false;
        _due[passer] = due;
        Coming++;
        return was;
    }

    /// <summary>Somebody is in; false if nobody was on the way there.</summary>
    public bool TryArrive(int connection, out long due)
    {
        due = 0;
        if (connection < first || _due[connection - first] == 0)
        {
            return false;
        }

        due = _due[connection - first];
        _due[connection - first] = 0;
        Coming--;
        return true;
    }
}
