namespace RedNote.Frontend.Users;

public sealed record GuestRequest(string? Name);

/// <param name="Handle">3 to 32 of <c>a-z 0-9 _ . -</c>, compared without case.</param>
/// <param name="Password">8 to 128 characters.</param>
/// <param name="Name">1 to 24 characters, shown to others.</param>
public sealed record RegisterRequest(string? Handle, string? Password, string? Name);

public sealed record LoginCredentials(string? Handle, string? Password);

public sealed record RefreshRequest(string? RefreshToken);
