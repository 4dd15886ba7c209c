using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>Leads to the silo that is running, also after a restart; null when there is none.</summary>
internal sealed class SiloLink
{
    private volatile EmbeddedSilo? _current;

    internal EmbeddedSilo? Current
    {
        get => _current;
        set => _current = value;
    }

    internal EmbeddedSilo Required
        => _current ?? throw new SiloUnavailableException("There is no running silo to call.");
}

/// <summary>
/// One caller's way to the silo, with the caller's own timeout and outgoing filters: that of the silo's grains and
/// co-hosted client, or that of an attached client.
/// </summary>
internal sealed class ReferenceRuntime
{
    private readonly SiloLink _link;
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), ReferenceShared> _shared = new();
    private readonly ConcurrentDictionary<(Type Interface, GrainType Type), ReferenceShared> _byType = new();
    private readonly long _timeoutMs;

    internal ReferenceRuntime(SiloLink link, TimeSpan responseTimeout, IEnumerable<IOutgoingGrainCallFilter> filters)
    {
        _link = link;
        _timeoutMs = (long)responseTimeout.TotalMilliseconds;
        OutgoingFilters = [.. filters];
        Timeout = responseTimeout;
    }

    internal TimeSpan Timeout { get; }

    internal IOutgoingGrainCallFilter[] OutgoingFilters { get; }

    internal EmbeddedSilo Silo => _link.Required;

    internal ReferenceShared SharedFor(Type interfaceType, string? classPrefix = null)
        => _shared.TryGetValue((interfaceType, classPrefix), out var shared)
            ? shared
            : _shared.GetOrAdd((interfaceType, classPrefix), CreateShared);

    /// <summary>For a grain id that is known, where the interface need not name a class.</summary>
    internal GrainReference Reference(Type interfaceType, GrainId grainId)
    {
        var key = (interfaceType, grainId.Type);
        if (!_byType.TryGetValue(key, out var shared))
            shared = _byType.GetOrAdd(key, new ReferenceShared(this, interfaceType, grainId.Type));
        return shared.Create(grainId);
    }

    internal object Cast(GrainReference reference, Type interfaceType)
        => interfaceType.IsInstanceOfType(reference) ? reference : Reference(interfaceType, reference.GrainId);

    /// <summary>Sends a request; whatever goes wrong on the way becomes its answer.</summary>
    internal void Send(GrainRequest request, GrainReference reference)
    {
        request.Prepare(reference);
        if (!request.ListenForCancellation()) return;
        try
        {
            if (reference.Target is { IsEnded: false } target)
            {
                SetTimeout(request, target.Silo);
                target.Post(request);
            }
            else
            {
                var silo = _link.Required;
                SetTimeout(request, silo);
                silo.Dispatch(request);
            }
        }
        catch (Exception exception) when (exception is OrleansException or ArgumentException)
        {
            request.Fail(exception);
        }
    }

    private void SetTimeout(GrainRequest request, EmbeddedSilo silo)
    {
        if (request.Is(RequestFlags.OneWay)) return;
        var timeoutMs = request.Method.Timeout is { } own ? (long)own.TotalMilliseconds : _timeoutMs;
        if (timeoutMs <= 0) return;
        if (timeoutMs < 4 * silo.SweepPeriodMs) silo.NeedSweepFor(TimeSpan.FromMilliseconds(timeoutMs));
        request.TimeoutMs = timeoutMs;
    }

    private ReferenceShared CreateShared((Type Interface, string? Prefix) key)
    {
        var grainType = _link.Required.Classes.ForInterface(key.Interface, key.Prefix).GrainType;
        return new ReferenceShared(this, key.Interface, grainType);
    }
}
