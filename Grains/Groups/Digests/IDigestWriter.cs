using System.Collections.Immutable;

namespace RedNote.Groups;

/// <summary>
/// Where a language model is plugged in: says in a few sentences what was talked about. Register one of your own in the
/// silo's services to have it; without one, digests pick from what was written and say nothing of their own.
/// </summary>
public interface IDigestWriter
{
    /// <summary>What to say, or null. It may take a while and may fail: then the digest goes without.</summary>
    Task<string?> Write(DigestMaterial material, CancellationToken cancellationToken);
}

/// <summary>What a digest is about.</summary>
/// <param name="Group">The group's name; empty for a conversation.</param>
/// <param name="Reader">The name of who asks.</param>
/// <param name="Lines">What was written, oldest first; without what was taken back.</param>
public sealed record DigestMaterial(string Group, string Reader, ImmutableArray<DigestLine> Lines);

/// <summary>A message; <paramref name="At"/> is Unix ms.</summary>
public sealed record DigestLine(string Name, string Text, long At);

/// <summary>Says nothing.</summary>
internal sealed class NoDigestWriter : IDigestWriter
{
    public Task<string?> Write(DigestMaterial material, CancellationToken cancellationToken)
        => Task.FromResult<string?>(null);
}
