using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>A snapshot of a user.</summary>
public sealed record UserDocument
{
    public string Name { get; init; } = "";

    public string Signature { get; init; } = "";

    public string? Avatar { get; init; }

    /// <summary>Empty while the user does not exist.</summary>
    public string CreationKey { get; init; } = "";

    public FollowingDocument Following { get; init; } = new();

    public FollowersDocument Followers { get; init; } = new();

    public NewFollowers? NewFollowers { get; init; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<OpenLogin> Logins { get; init; } = [];

    /// <summary>In order of the rooms.</summary>
    public ImmutableArray<RoomSales> Sales { get; init; } = [];
}

/// <summary>Whom a user follows: two lists of one length, numbers and not objects, because they are long.</summary>
public sealed record FollowingDocument
{
    public ImmutableArray<long> Users { get; init; } = [];

    public ImmutableArray<long> Numbers { get; init; } = [];

    public long LastNumber { get; init; }
}

/// <summary>Who follows or followed a user: two lists of one length. A word is the version of the last message from
/// that user, negative if it ended the follow.</summary>
public sealed record FollowersDocument
{
    public List<long> Users { get; init; } = [];

    public List<long> Words { get; init; } = [];
}

/// <summary>How many follow whom the user was not told of, and the last of them.</summary>
public sealed record NewFollowers(int Count, UserId Last, string Name);

/// <summary>A login; <paramref name="ExpiresAt"/> is Unix ms.</summary>
public sealed record OpenLogin(long LoginId, int Generation, long ExpiresAt);
