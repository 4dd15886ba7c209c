using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>The stored profile.</summary>
public sealed record ProfileDocument
{
    public string Name { get; init; } = "";
    public string Signature { get; init; } = "";
    public string? Avatar { get; init; }

    /// <summary>What the creator sent along; empty while the user does not exist.</summary>
    public string Token { get; init; } = "";
}

/// <summary>One direction of following. <paramref name="Version"/> grows with each change.</summary>
/// <param name="User">The other user.</param>
/// <param name="On">Whether it holds now; a dropped edge keeps its version, so that late repeats stay harmless.</param>
/// <param name="Version">From 1.</param>
/// <param name="Told">Whether the other user's grain has been told of this version.</param>
public sealed record FollowEdge(UserId User, bool On, long Version, bool Told);

/// <summary>The stored edges, in order of user id.</summary>
public sealed record FollowDocument
{
    public ImmutableArray<FollowEdge> Edges { get; init; } = [];
}

/// <summary>The stored logins, oldest first.</summary>
public sealed record LoginsDocument
{
    public ImmutableArray<OpenLogin> Logins { get; init; } = [];
}

/// <summary>A login; <paramref name="ExpiresAt"/> is Unix ms.</summary>
public sealed record OpenLogin(long LoginId, int Generation, long ExpiresAt);

/// <summary>The stored account of a handle.</summary>
public sealed record AccountDocument
{
    public Account? Account { get; init; }
}
