using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>See <see cref="IAccountGrain"/>.</summary>
[Reentrant]
public sealed class AccountGrain(
    [PersistentState("account", StorageNames.Provider)] IPersistentState<AccountDocument> account,
    TimeProvider time,
    ILogger<AccountGrain> logger) : Grain, IAccountGrain
{
    /// <summary>Longest password hash that is stored, in characters.</summary>
    public const int MaxHash = 512;

    private Account? _account;
    private CommittedDocument<AccountDocument> _commits = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _account = account.State.Account;
        _commits = new CommittedDocument<AccountDocument>(account, () => new AccountDocument { Account = _account },
            DeactivateOnIdle, time, CommitPolicy.Default, logger);
        return Task.CompletedTask;
    }

    public async Task<CommandStatus> Claim(Account account)
    {
        var status = CommandStatus.Done;
        if (_account is not null)
        {
            status = _account.Token == account.Token ? CommandStatus.Done : CommandStatus.Conflict;
        }
        else if (!TextRules.IsKey(account.Token) || account.PasswordHash.Length is 0 or > MaxHash)
        {
            return CommandStatus.Invalid;
        }
        else
        {
            _account = account;
            _commits.Touch();
        }

        try
        {
            await _commits.WhenCommitted();
            return status;
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    public async Task<Account?> Get()
    {
        var answer = _account;
        await _commits.WhenCommitted();
        return answer;
    }

    public async Task Rehash(string passwordHash)
    {
        if (_account is not null && passwordHash.Length is > 0 and <= MaxHash)
        {
            _account = _account with { PasswordHash = passwordHash };
            _commits.Touch();
        }

        await _commits.WhenCommitted();
    }
}
