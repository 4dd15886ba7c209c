using RedNote.Journal;

namespace RedNote.Users;

/// <summary>A handle as its events made it.</summary>
public sealed class AccountState : IEventState<AccountEvent>
{
    private long _version;

    /// <summary>Null: the handle is free.</summary>
    public Account? Account { get; private set; }

    /// <summary>
    /// The event that holds the valid hash, without it: what is to take the event's place when another hash becomes
    /// valid. The log is kept for ever, and a hash that was replaced for being weak must not be kept with it.
    /// </summary>
    public LoggedEvent<AccountEvent>? WithoutHash { get; private set; }

    public void Apply(AccountEvent raised)
    {
        _version++;
        switch (raised)
        {
            case AccountClaimed claimed:
                Account = new Account(claimed.UserId, claimed.Name, claimed.PasswordHash, claimed.CreationKey);
                WithoutHash = new(_version, claimed with { PasswordHash = "" });
                break;
            case AccountRehashed rehashed:
                Account = Account! with { PasswordHash = rehashed.PasswordHash };
                WithoutHash = new(_version, rehashed with { PasswordHash = "" });
                break;
            default:
                throw new ArgumentException($"An account does not know {raised.GetType().Name}.", nameof(raised));
        }
    }

    public AccountDocument ToDocument()
        => new() { Account = Account, Version = _version, WithoutHash = WithoutHash?.Event };

    public static AccountState From(AccountDocument document) => new()
    {
        Account = document.Account,
        _version = document.Version,
        // Every event of an account brings a hash, so that the last one holds the valid hash.
        WithoutHash = document.WithoutHash is { } bare ? new(document.Version, bare) : null,
    };
}

/// <summary>A snapshot of a handle.</summary>
public sealed record AccountDocument
{
    public Account? Account { get; init; }

    public long Version { get; init; }

    public AccountEvent? WithoutHash { get; init; }
}
