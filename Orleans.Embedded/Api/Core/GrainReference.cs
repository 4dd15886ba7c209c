using RedNote.Embedded;

namespace Orleans.Runtime;

/// <summary>A grain's address with an interface to call it by. Equal when the grain ids are.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>, ISpanFormattable
{
    private readonly GrainId _grainId;

    internal GrainReference(ReferenceShared shared, GrainId grainId)
    {
        Shared = shared;
        _grainId = grainId;
    }

    public GrainId GrainId => _grainId;

    public GrainInterfaceType InterfaceType => Shared.InterfaceType;

    public virtual string InterfaceName => InterfaceType.ToString();

    internal ReferenceShared Shared { get; }

    /// <summary>The activation that took the last call, to spare the next one the directory.</summary>
    internal Activation? Target { get; set; }

    public virtual TGrainInterface Cast<TGrainInterface>() where TGrainInterface : IAddressable
        => (TGrainInterface)Shared.Runtime.Cast(this, typeof(TGrainInterface));

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public bool Equals(GrainReference? other) => other is not null && _grainId.Equals(other._grainId);

    public override int GetHashCode() => _grainId.GetHashCode();

    public uint GetUniformHashCode() => _grainId.GetUniformHashCode();

    public sealed override string ToString() => $"GrainReference:{GrainId}:{InterfaceType}";

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
        => destination.TryWrite($"GrainReference:{GrainId}:{InterfaceType}", out charsWritten);

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2)
        => reference1 is null ? reference2 is null : reference1.Equals(reference2);

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2)
        => !(reference1 == reference2);
}
