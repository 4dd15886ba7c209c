using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A Guid that names something, a stream subscription for one.</summary>
[Serializable, GenerateSerializer, Immutable]
public sealed class GuidId : IEquatable<GuidId>, IComparable<GuidId>
{
    [Id(0)]
    [SuppressMessage("Design", "CA1051", Justification = "Orleans has it as a field.")]
    public readonly Guid Guid;

    private GuidId(Guid guid) => Guid = guid;

    public static GuidId GetGuidId(Guid guid) => new(guid);

    public bool Equals(GuidId? other) => other is not null && Guid == other.Guid;

    public override bool Equals(object? obj) => Equals(obj as GuidId);

    public override int GetHashCode() => Guid.GetHashCode();

    public int CompareTo(GuidId? other) => other is null ? 1 : Guid.CompareTo(other.Guid);

    public override string ToString() => Guid.ToString();

    public static bool operator ==(GuidId? left, GuidId? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(GuidId? left, GuidId? right) => !(left == right);
}
