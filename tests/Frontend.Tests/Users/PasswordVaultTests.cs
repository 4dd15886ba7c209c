using Microsoft.Extensions.Options;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Tests.Users;

public sealed class PasswordVaultTests
{
    private static TokenOptions Quick => new() { PasswordIterations = 100_000, PasswordThreads = 1, PasswordQueue = 2 };

    [Fact]
    public async Task Check_RightWrongAndNobodys_TellsThemApart()
    {
        using var vault = new PasswordVault(Options.Create(Quick));
        var hash = await vault.Hash("correct horse");

        Assert.Equal(new PasswordCheck(true, null), await vault.Check(hash, "correct horse"));
        Assert.Equal(new PasswordCheck(false, null), await vault.Check(hash, "Correct horse"));
        Assert.Equal(new PasswordCheck(false, null), await vault.Check(null, "nobody's password"));
    }

    [Fact]
    public async Task Check_HashOfWeakerRules_GivesAStrongerOne()
    {
        using var weak = new PasswordVault(Options.Create(Quick));
        var hash = await weak.Hash("correct horse");
        var settings = Quick;
        settings.PasswordIterations = 120_000;
        using var strong = new PasswordVault(Options.Create(settings));

        var check = await strong.Check(hash, "correct horse");

        Assert.True(check!.IsRight);
        Assert.Equal(new PasswordCheck(true, null), await strong.Check(check.NewHash, "correct horse"));
    }

    [Fact]
    public async Task Hash_MoreThanMayWait_IsTurnedAway()
    {
        using var vault = new PasswordVault(Options.Create(Quick));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => vault.Hash("correct horse")));

        // One may be in work and two waiting while the twelve come in, which takes less time than one hash.
        Assert.InRange(answers.Count(hash => hash is not null), 2, 11);
    }
}
