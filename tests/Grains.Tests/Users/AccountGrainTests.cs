using System.Text;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

public sealed class AccountGrainTests(UserCluster users) : IClassFixture<UserCluster>
{
    private static readonly Account Mei = new(new UserId(1), "Mei", "weak-hash", "t1");

    [Fact]
    public async Task Claim_Twice_BelongsToTheFirst()
    {
        var account = users.Grains.Account("mei.lin");
        Assert.Null(await account.Get());
        Assert.Equal(CommandStatus.Done, await account.Claim(Mei));
        Assert.Equal(CommandStatus.Done, await account.Claim(Mei));
        Assert.Equal(CommandStatus.Conflict, await account.Claim(new Account(new UserId(2), "Lin", "hash", "t2")));
        Assert.Equal(Mei, await account.Get());
    }

    [Theory]
    [InlineData("", "t")]
    [InlineData("hash", "")]
    [InlineData("hash", "not a key")]
    public async Task Claim_WithoutHashOrKey_IsInvalidAndKeepsNothing(string hash, string token)
    {
        var account = users.Grains.Account("invalid");
        Assert.Equal(CommandStatus.Invalid, await account.Claim(new Account(new UserId(1), "Mei", hash, token)));
        Assert.Null(await account.Get());
        Assert.Empty(await Payloads("invalid"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Claim_WriteFails_RetryGivesTheFirstResult(bool afterTakingEffect)
    {
        var handle = $"claimed-{afterTakingEffect}";
        users.Journal.FailNext(Log(handle), afterTakingEffect);
        Assert.Equal(CommandStatus.TryAgain, await users.Grains.Account(handle).Claim(Mei));
        Assert.Equal(CommandStatus.Done, await UserCluster.Retry(() => users.Grains.Account(handle).Claim(Mei)));
        Assert.Single(await Payloads(handle));
    }

    [Fact]
    public async Task Rehash_Stored_TheWeakerHashIsNowhere()
    {
        var account = users.Grains.Account("rehashed");
        await account.Claim(Mei);
        // At the same time, so that one has to be blanked that may not be stored yet; either may come last.
        await Task.WhenAll(account.Rehash("strong-hash"), account.Rehash("stronger-hash"));
        var valid = (await account.Get())!.PasswordHash;
        Assert.Contains(valid, (string[])["strong-hash", "stronger-hash"]);
        var stored = string.Concat(await Payloads("rehashed"));
        Assert.Equal(
            [valid], new[] { "weak-hash", "strong-hash", "stronger-hash" }.Where(hash => stored.Contains(hash)));
        Assert.Equal(3, await users.Journal.ReadHeadAsync(Log("rehashed"), CancellationToken.None));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Rehash_WriteFails_TheAccountIsOneOrTheOther(bool afterTakingEffect)
    {
        var handle = $"rehashed-{afterTakingEffect}";
        await users.Grains.Account(handle).Claim(Mei);
        users.Journal.FailNext(Log(handle), afterTakingEffect);
        await Assert.ThrowsAsync<TryAgainException>(() => users.Grains.Account(handle).Rehash("strong-hash"));
        Account? rebuilt = null;
        await UserCluster.Retry(async () =>
        {
            rebuilt = await users.Grains.Account(handle).Get();
            return CommandStatus.Done;
        });
        Assert.Equal(Mei with { PasswordHash = afterTakingEffect ? "strong-hash" : "weak-hash" }, rebuilt);
    }

    [Fact]
    public async Task Rehash_FreeHandleOrSameHash_WritesNothing()
    {
        await users.Grains.Account("free").Rehash("hash");
        Assert.Empty(await Payloads("free"));
        await users.Grains.Account("same").Claim(Mei);
        await users.Grains.Account("same").Rehash(Mei.PasswordHash);
        await users.Grains.Account("same").Rehash(new string('x', AccountGrain.MaxHash + 1));
        Assert.Single(await Payloads("same"));
    }

    private static LogId Log(string handle) => new(UserServices.AccountLog, handle);

    private async Task<List<string>> Payloads(string handle)
        => [.. (await users.Journal.ReadAsync(Log(handle), new VersionRange(1), 100, CancellationToken.None))
            .Select(row => Encoding.UTF8.GetString(row.Payload.Span))];
}
