using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>See <see cref="IAccountGrain"/>.</summary>
[Reentrant]
public sealed class AccountGrain([EventLog(UserServices.AccountLog)] IEventLog<AccountState, AccountEvent> log)
    : Grain, IAccountGrain
{
    /// <summary>Longest password hash that is stored, in characters.</summary>
    public const int MaxHash = 512;

    public async Task<CommandStatus> Claim(Account account)
    {
        try
        {
            if (log.State.Account is { } owner)
            {
                await log.WhenConfirmed();
                return owner.Token == account.Token ? CommandStatus.Done : CommandStatus.Conflict;
            }

            if (!TextRules.IsKey(account.Token) || !IsHash(account.PasswordHash))
            {
                await log.WhenConfirmed();
                return CommandStatus.Invalid;
            }

            await log.Raise(
                new AccountClaimed(account.UserId, account.Name, account.PasswordHash, account.Token));
            return CommandStatus.Done;
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    public async Task<Account?> Get()
    {
        var answer = log.State.Account;
        await log.WhenConfirmed();
        return answer;
    }

    public Task Rehash(string passwordHash)
    {
        if (log.State is not { Account: { } account, WithoutHash: { } bare }
            || !IsHash(passwordHash)
            || account.PasswordHash == passwordHash)
        {
            return log.WhenCurrent();
        }

        return log.RaiseRedacting(new AccountRehashed(passwordHash), bare);
    }

    private static bool IsHash(string passwordHash) => passwordHash.Length is > 0 and <= MaxHash;
}
