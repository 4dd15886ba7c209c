using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace RedNote.Embedded.Streams;

/// <summary>Which grains <see cref="ImplicitStreamSubscriptionAttribute"/> subscribes to a stream.</summary>
internal sealed class ImplicitSubscribers(EmbeddedSilo silo)
{
    private readonly ConcurrentDictionary<string, GrainClass[]> _byNamespace = new(StringComparer.Ordinal);

    public IEnumerable<GrainId> Find(StreamId stream)
    {
        // As in Orleans, a stream without a namespace has no implicit subscribers.
        if (stream.GetNamespace() is not { } name || string.IsNullOrWhiteSpace(name))
        {
            return [];
        }

        if (!_byNamespace.TryGetValue(name, out var classes))
        {
            classes = _byNamespace.GetOrAdd(name, Classes);
        }

        return classes.Length == 0
            ? []
            : classes.Select(found => GrainId.Create(found.GrainType, KeyOf(found, stream)));
    }

    private GrainClass[] Classes(string name)
        => [.. silo.Classes.All().Where(found => found.Type
            .GetCustomAttributes<ImplicitStreamSubscriptionAttribute>(inherit: true)
            .Any(attribute => attribute.Predicate.IsMatch(name)))];

    /// <summary>The key of the grain for a stream; the namespace becomes the extension of a compound key.</summary>
    private static IdSpan KeyOf(GrainClass found, StreamId stream)
    {
        var key = stream.GetKeyAsString();
        var type = found.Type;
        if (typeof(IGrainWithGuidKey).IsAssignableFrom(type))
        {
            return GrainIdKeyExtensions.CreateGuidKey(ParseGuid(found, key));
        }

        if (typeof(IGrainWithGuidCompoundKey).IsAssignableFrom(type))
        {
            return GrainIdKeyExtensions.CreateGuidKey(ParseGuid(found, key), stream.GetNamespace());
        }

        if (typeof(IGrainWithIntegerKey).IsAssignableFrom(type))
        {
            return GrainIdKeyExtensions.CreateIntegerKey(ParseInteger(found, key));
        }

        return typeof(IGrainWithIntegerCompoundKey).IsAssignableFrom(type)
            ? GrainIdKeyExtensions.CreateIntegerKey(ParseInteger(found, key), stream.GetNamespace())
            : IdSpan.Create(key);
    }

    private static Guid ParseGuid(GrainClass found, string key)
        => Guid.TryParseExact(key, "N", out var parsed) ? parsed : throw NotKey(found, key, "Guid");

    private static long ParseInteger(GrainClass found, string key)
        => long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw NotKey(found, key, "integer");

    private static ArgumentException NotKey(GrainClass found, string key, string kind) => new(
        $"{found.Type} subscribes implicitly and has {kind} keys; '{key}', the key of a stream, is none.");
}
