using System.Buffers.Binary;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Identities and references of grains, from inside (the grain object) and outside (a reference).</summary>
public static class GrainExtensions
{
    /// <summary>The reference to a grain by one of its interfaces.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
        => (TGrainInterface)grain.AsReference(typeof(TGrainInterface));

    public static object AsReference(this IAddressable grain, Type interfaceType)
    {
        var reference = ReferenceOf(grain);
        return reference.Shared.Runtime.Cast(reference, interfaceType);
    }

    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain)
        => grain.AsReference<TGrainInterface>();

    public static object Cast(this IAddressable grain, Type interfaceType) => grain.AsReference(interfaceType);

    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase { GrainContext: { } context } => context.GrainId,
        null => throw new ArgumentNullException(nameof(grain)),
        _ => throw NotGrain(grain),
    };

    public static bool IsPrimaryKeyBasedOnLong(this IAddressable grain)
        => grain.GetGrainId().TryGetIntegerKey(out _, out _);

    public static long GetPrimaryKeyLong(this IAddressable grain) => grain.GetPrimaryKeyLong(out _);

    public static long GetPrimaryKeyLong(this IAddressable grain, out string? keyExt)
    {
        var grainId = grain.GetGrainId();
        return grainId.TryGetIntegerKey(out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"The key of {grainId} is not an integer.");
    }

    public static Guid GetPrimaryKey(this IAddressable grain) => grain.GetPrimaryKey(out _);

    /// <summary>The Guid key; an integer key is answered as a Guid whose last eight bytes hold it.</summary>
    public static Guid GetPrimaryKey(this IAddressable grain, out string? keyExt)
    {
        var grainId = grain.GetGrainId();
        if (grainId.TryGetGuidKey(out var key, out keyExt)) return key;
        if (!grainId.TryGetIntegerKey(out var integer, out keyExt))
            throw new InvalidOperationException($"The key of {grainId} is not a Guid.");

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], integer);
        return new Guid(bytes);
    }

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    private static GrainReference ReferenceOf(IAddressable grain) => grain switch
    {
        GrainReference reference => reference,
        IGrainBase { GrainContext: { } context } => context.GrainReference,
        null => throw new ArgumentNullException(nameof(grain)),
        _ => throw NotGrain(grain),
    };

    private static ArgumentException NotGrain(IAddressable grain)
        => new($"{grain.GetType()} is neither a reference nor a grain that the silo made.", nameof(grain));
}
