namespace RedNote.Simulation.Rooms;

/// <summary>How a value changed with the versions of a log.</summary>
internal sealed class Timeline<T>(T initial)
{
    private readonly List<(long Version, T Value)> _values = [(0, initial)];

    public T Now => _values[^1].Value;

    public void Add(long version, T value) => _values.Add((version, value));

    /// <summary>Whether the value passed the test at any version from one to another, both included.</summary>
    public bool Held(long from, long to, Func<T, bool> test)
    {
        for (var i = _values.Count - 1; i >= 0; i--)
        {
            var (version, value) = _values[i];
            if (version > to) continue;
            if (test(value)) return true;
            if (version <= from) return false;
        }

        return false;
    }

    /// <summary>The version of the last change to a value that passes the test; 0: none.</summary>
    public long Last(Func<T, bool> test)
    {
        for (var i = _values.Count - 1; i >= 0; i--)
            if (test(_values[i].Value)) return _values[i].Version;
        return 0;
    }
}
