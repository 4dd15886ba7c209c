namespace Orleans;

/// <summary>A state on its way between a grain and a storage provider.</summary>
public interface IGrainState<T>
{
    /// <summary>The state; null stands for a state that was never set.</summary>
    T? State { get; set; }

    /// <summary>The version known to the holder; null if there is none.</summary>
    string? ETag { get; set; }

    /// <summary>Whether the store holds the state.</summary>
    bool RecordExists { get; set; }
}

/// <summary>The usual <see cref="IGrainState{T}"/>.</summary>
[Serializable]
[GenerateSerializer]
public sealed class GrainState<T> : IGrainState<T>
{
    public GrainState()
    {
    }

    public GrainState(T? state)
        : this(state, null)
    {
    }

    public GrainState(T? state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    [Id(0)]
    public T? State { get; set; }

    [Id(1)]
    public string? ETag { get; set; }

    [Id(2)]
    public bool RecordExists { get; set; }
}
