using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>Follows and logins over plain memory.</summary>
public sealed class BookTests
{
    [Fact]
    public void Follows_TurnedOnAndOff_CountEqualsTheSet()
    {
        var book = new FollowBook();
        var random = new Random(7);
        var expected = new HashSet<long>();
        for (var i = 0; i < 2_000; i++)
        {
            var user = random.Next(1, 40);
            var on = random.Next(2) == 0;
            book.Turn(new UserId(user), on);
            _ = on ? expected.Add(user) : expected.Remove(user);
            Assert.Equal(expected.Count, book.Count);
        }

        Assert.All(expected, user => Assert.True(book.Holds(new UserId(user))));
        Assert.Equal(book.Count, FollowBook.From(book.ToDocument()).Count);
    }

    [Fact]
    public void Follows_LateRepeat_IsDropped()
    {
        var book = new FollowBook();
        var follower = new UserId(5);
        Assert.True(book.Absorb(new FollowerChange(follower, true, 1)));
        Assert.True(book.Absorb(new FollowerChange(follower, false, 2)));
        Assert.False(book.Absorb(new FollowerChange(follower, true, 1)));
        Assert.False(book.Absorb(new FollowerChange(follower, false, 2)));
        Assert.Equal(0, book.Count);
    }

    [Fact]
    public void Follows_ToldOfAnOlderVersion_StayUntold()
    {
        var book = new FollowBook();
        var first = book.Turn(new UserId(5), true);
        book.Turn(new UserId(5), false);
        Assert.False(book.MarkTold(first));
        Assert.Single(book.Untold());
        Assert.True(book.MarkTold(book.Find(new UserId(5))!));
        Assert.Empty(book.Untold());
    }

    [Fact]
    public void Logins_TokenUsedOnce_Rotates()
    {
        var book = new LoginBook(new LoginsDocument());
        var login = book.Open(new LoginRequest(1, 1_000), now: 0);
        Assert.Equal(LoginUse.Renewed, book.Renew(login, 10, out var second));
        Assert.Equal(LoginUse.Renewed, book.Renew(second!, 20, out _));
    }

    [Fact]
    public void Logins_TokenUsedAgain_EndsTheLogin()
    {
        var book = new LoginBook(new LoginsDocument());
        var first = book.Open(new LoginRequest(1, 1_000), now: 0);
        book.Renew(first, 10, out var second);
        Assert.Equal(LoginUse.Reused, book.Renew(first, 20, out _));
        Assert.Equal(LoginUse.Unknown, book.Renew(second!, 30, out _));
    }

    [Fact]
    public void Logins_Expired_AreUnknown()
    {
        var book = new LoginBook(new LoginsDocument());
        var login = book.Open(new LoginRequest(1, 1_000), now: 0);
        Assert.Equal(LoginUse.Unknown, book.Renew(login, 1_000, out _));
    }

    [Fact]
    public void Logins_MoreThanTheLimit_TheOldestEnds()
    {
        var book = new LoginBook(new LoginsDocument());
        for (var id = 1; id <= LoginBook.MaxLogins + 1; id++)
        {
            book.Open(new LoginRequest(id, 1_000), now: 0);
        }

        Assert.Equal(LoginUse.Unknown, book.Renew(new Login(1, 1), 1, out _));
        Assert.Equal(LoginUse.Renewed, book.Renew(new Login(2, 1), 1, out _));
        Assert.Equal(LoginBook.MaxLogins, book.ToDocument().Logins.Length);
    }

    [Theory]
    [InlineData("Mei.Lin", true, "mei.lin")]
    [InlineData(" abc ", true, "abc")]
    [InlineData("ab", false, "ab")]
    [InlineData("a b c", false, "a b c")]
    [InlineData("名字名字", false, "名字名字")]
    [InlineData(null, false, "")]
    public void Handle_Normalized_ComparesWithoutCase(string? handle, bool expected, string normalized)
    {
        Assert.Equal(expected, Handle.TryNormalize(handle, out var stored));
        Assert.Equal(normalized, stored);
    }
}
