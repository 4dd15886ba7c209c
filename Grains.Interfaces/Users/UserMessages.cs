using System.Buffers;

namespace RedNote.Users;

/// <summary>What makes a user. <paramref name="Token"/>: random, so that a repeated call is told from a taken
/// id.</summary>
[GenerateSerializer, Immutable, Alias("users.new-user")]
public sealed record NewUser(string Name, string Token);

/// <summary>A profile as one reader sees it.</summary>
[GenerateSerializer, Immutable, Alias("users.profile")]
public sealed record UserProfile(
    UserId UserId,
    string Name,
    string Signature,
    string? Avatar,
    int Level,
    int Followers,
    int Following,
    int Notes,
    long LikesReceived,
    bool IsFollowing);

/// <summary>New values; null leaves a field as it is. An empty signature or avatar clears it.</summary>
[GenerateSerializer, Immutable, Alias("users.profile-change")]
public sealed record ProfileChange(string? Name, string? Signature, string? Avatar);

/// <summary>The profile is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("users.profile-outcome")]
public sealed record ProfileOutcome(CommandStatus Status, UserProfile? Profile);

/// <summary>
/// <paramref name="Follower"/> follows, or no longer. <paramref name="Version"/> is that of the event in the follower's
/// log, so that a late repeat of an older one is dropped. <paramref name="Name"/> is the follower's.
/// </summary>
[GenerateSerializer, Immutable, Alias("users.follower-change")]
public sealed record FollowerChange(UserId Follower, bool Follows, long Version, string? Name = null);

/// <summary>A login and which refresh token of it is the valid one.</summary>
[GenerateSerializer, Immutable, Alias("users.login")]
public sealed record Login(long LoginId, int Generation);

/// <summary>Asks for a login with a random id, valid until <paramref name="ExpiresAt"/> (Unix ms).</summary>
[GenerateSerializer, Immutable, Alias("users.login-request")]
public sealed record LoginRequest(long LoginId, long ExpiresAt);

/// <summary>Who owns a handle. <paramref name="Name"/> is kept so that a login can finish a registration that was cut
/// off between the account and the user.</summary>
[GenerateSerializer, Immutable, Alias("users.account-record")]
public sealed record Account(UserId UserId, string Name, string PasswordHash, string Token);

/// <summary>The rules of handles: 3 to 32 of <c>a-z 0-9 _ . -</c>, compared without case.</summary>
public static class Handle
{
    public const int MinLength = 3;
    public const int MaxLength = 32;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>Gives the stored form of a handle, or false if it breaks the rules.</summary>
    public static bool TryNormalize(string? handle, out string normalized)
    {
        normalized = handle?.Trim().ToLowerInvariant() ?? "";
        return normalized.Length is >= MinLength and <= MaxLength
            && !normalized.AsSpan().ContainsAnyExcept(Allowed);
    }
}
