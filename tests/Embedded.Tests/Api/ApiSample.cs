namespace RedNote.Embedded.Tests.Api;

/// <summary>A type with something of everything, for the test of <see cref="AssemblyFacts"/>.</summary>
public abstract class ApiSample<T> : IDisposable
    where T : class, new()
{
    public const int Limit = 7;

    protected ApiSample(int first, string second = "x") => Text = second + first;

    public T? Shared { get; protected set; }

    public string Text { get; init; }

    public abstract bool Get<TKey>(TKey key, out T found, params object[] rest)
        where TKey : struct, IComparable<TKey>;

    public void Dispose() => GC.SuppressFinalize(this);

    public override string ToString() => Text;

    protected virtual Dictionary<string, T[]> Hook(CancellationToken stop = default) => [];
}
