using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>What happens to a handle; log <c>account</c>. It holds password hashes, never passwords.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(AccountClaimed), "account.claimed")]
[JsonDerivedType(typeof(AccountRehashed), "account.rehashed")]
public abstract record AccountEvent;

/// <summary>The handle belongs to a user from here on.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="Name">What the user is to be called.</param>
/// <param name="PasswordHash">Empty once a later hash has taken its place.</param>
/// <param name="CreationKey">See <see cref="UserCreated"/>.</param>
public sealed record AccountClaimed(UserId UserId, string Name, string PasswordHash, string CreationKey)
    : AccountEvent;

/// <summary>A stronger hash of the same password; empty once a later one has taken its place.</summary>
public sealed record AccountRehashed(string PasswordHash) : AccountEvent;

[JsonSerializable(typeof(AccountEvent))]
[JsonSerializable(typeof(AccountDocument))]
internal sealed partial class AccountJson : JsonSerializerContext
{
    public static AccountJson Instance { get; } = new(JournalJson.CreateOptions());
}
