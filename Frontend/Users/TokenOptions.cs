using System.ComponentModel.DataAnnotations;

namespace RedNote.Frontend.Users;

/// <summary>Lifetimes of tokens and the cost of passwords: section <c>RedNote:Tokens</c>.</summary>
public sealed class TokenOptions
{
    public const string Section = "RedNote:Tokens";

    /// <summary>How long an access token is good for. Default 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a refresh token is good for. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>PBKDF2 (HMAC-SHA512) iterations of a new password hash. Default 210,000, as OWASP advises.</summary>
    [Range(100_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>Threads that hash passwords, apart from those that serve. 0: half of the cores. Default 0.</summary>
    [Range(0, 64)]
    public int PasswordThreads { get; set; }

    /// <summary>Passwords waiting to be hashed; more are told to try again. Default 128.</summary>
    [Range(1, 10_000)]
    public int PasswordQueue { get; set; } = 128;
}
