namespace RedNote.Embedded;

/// <summary>
/// The requests of an activation that the gate holds back, in order of arrival. The object is also the lock that guards
/// it and the list of requests under way: only calls that wait or that await come here.
/// </summary>
internal sealed class WaitingRequests
{
    private LinkedList<GrainRequest>? _requests;

    /// <summary>How many of them may interleave with something: only then is it worth looking past the first.</summary>
    private int _interleaving;

    internal int Count => _requests?.Count ?? 0;

    internal IEnumerable<GrainRequest> Requests => _requests ?? Enumerable.Empty<GrainRequest>();

    internal void Add(GrainRequest request)
    {
        (_requests ??= new()).AddLast(request);
        if (MayInterleave(request)) _interleaving++;
    }

    /// <summary>Takes the first request that may run now; null when none may.</summary>
    internal GrainRequest? TakeFirst(Func<GrainRequest, bool> mayRun)
    {
        for (var node = _requests?.First; node is not null; node = node.Next)
        {
            if (node.Value.IsAnswered || mayRun(node.Value)) return Take(node);
            if (_interleaving == 0) return null;
        }

        return null;
    }

    internal GrainRequest? TakeFirst() => _requests?.First is { } node ? Take(node) : null;

    private static bool MayInterleave(GrainRequest request)
        => request.Is(RequestFlags.ReadOnly) || request.Is(RequestFlags.AlwaysInterleave);

    private GrainRequest Take(LinkedListNode<GrainRequest> node)
    {
        _requests!.Remove(node);
        if (MayInterleave(node.Value)) _interleaving--;
        return node.Value;
    }
}
