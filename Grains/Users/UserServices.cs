using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>The logs of users and their accounts.</summary>
public static class UserServices
{
    /// <summary>Name of the log of a user; it is in databases.</summary>
    public const string UserLog = "user";

    /// <summary>Name of the log of a handle; it is in databases.</summary>
    public const string AccountLog = "account";

    public static IServiceCollection AddUsers(this IServiceCollection services) => services
        .AddEventLog(_ => new EventLogDefinition<UserState, UserEvent>
        {
            Name = UserLog,
            Create = () => new UserState(),
            Event = UserJson.Instance.UserEvent,
            Snapshot = new SnapshotForm<UserState, UserDocument>(
                UserJson.Instance.UserDocument, state => state.ToDocument(), UserState.From),
            Effects = UserEffect.Of,
            Wake = (grains, key) => grains.User(new UserId(long.Parse(key, CultureInfo.InvariantCulture)))
                .DeliverEffects(),
        })
        .AddEventLog(_ => new EventLogDefinition<AccountState, AccountEvent>
        {
            Name = AccountLog,
            Create = () => new AccountState(),
            Event = AccountJson.Instance.AccountEvent,
            Snapshot = new SnapshotForm<AccountState, AccountDocument>(
                AccountJson.Instance.AccountDocument, state => state.ToDocument(), AccountState.From),
            // The hash before is in snapshots.
            Redacts = raised => raised is AccountRehashed,
        });
}
