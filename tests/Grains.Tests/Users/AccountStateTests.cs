using System.Text.Json;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

public sealed class AccountStateTests
{
    [Fact]
    public void Rehashed_Twice_TheEventToBlankIsTheOneWithTheValidHash()
    {
        var state = new AccountState();
        state.Apply(new AccountClaimed(new UserId(1), "Mei", "weak", "t"));
        Assert.Equal((1, new AccountClaimed(new UserId(1), "Mei", "", "t")), Bare(state));
        state.Apply(new AccountRehashed("strong"));
        Assert.Equal((2, new AccountRehashed("")), Bare(state));
        Assert.Equal(new Account(new UserId(1), "Mei", "strong", "t"), state.Account);
    }

    [Fact]
    public void Replay_OfABlankedLog_HasTheValidHash()
    {
        var state = new AccountState();
        state.Apply(new AccountClaimed(new UserId(1), "Mei", "", "t"));
        state.Apply(new AccountRehashed(""));
        state.Apply(new AccountRehashed("strong"));
        Assert.Equal("strong", state.Account!.PasswordHash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Replay_FromASnapshotAtAnyPoint_IsTheLiveState(int cut)
    {
        AccountEvent[] events =
        [
            new AccountClaimed(new UserId(1), "Mei", "weak", "t"), new AccountRehashed("strong"),
            new AccountRehashed("stronger"),
        ];
        var (live, restored) = (new AccountState(), new AccountState());
        foreach (var raised in events[..cut])
        {
            restored.Apply(raised);
        }

        restored = AccountState.From(
            JsonSerializer.Deserialize(Snapshot(restored), AccountJson.Instance.AccountDocument)!);
        foreach (var raised in events)
        {
            live.Apply(raised);
        }

        foreach (var raised in events[cut..])
        {
            restored.Apply(raised);
        }

        Assert.Equal(Snapshot(live), Snapshot(restored));
        Assert.Equal(Bare(live), Bare(restored));
    }

    private static (long, AccountEvent) Bare(AccountState state)
        => (state.WithoutHash!.Version, state.WithoutHash.Event);

    private static string Snapshot(AccountState state)
        => JsonSerializer.Serialize(state.ToDocument(), AccountJson.Instance.AccountDocument);
}
