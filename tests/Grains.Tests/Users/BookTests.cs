using System.Text.Json;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>Follows and logins over plain memory.</summary>
public sealed class BookTests
{
    [Fact]
    public void Following_RefusalOfAnOlderFollow_LeavesTheNewOne()
    {
        var book = new FollowingBook();
        var user = new UserId(5);
        book.Begin(user, 1);
        book.End(user);
        book.Begin(user, 2);
        book.TakeBack(user, 1);
        Assert.True(book.Holds(user));
        book.TakeBack(user, 2);
        Assert.Equal((0, 2), (book.Count, book.LastNumber));
    }

    [Fact]
    public void Followers_LateRepeat_ChangesNothing()
    {
        var book = new FollowerBook();
        var follower = new UserId(5);
        book.Take(follower, follows: true, 7);
        book.Take(follower, follows: false, 9);
        Assert.False(book.IsNew(follower, 9));
        book.Take(follower, follows: true, 7);
        Assert.Equal((0, false), (book.Count, book.Holds(follower)));
        book.Take(follower, follows: true, 10);
        Assert.Equal((1, true), (book.Count, book.Holds(follower)));
    }

    [Fact]
    public void Followers_SnapshotWithListsOfUnequalLength_IsNotRead()
        => Assert.Throws<JsonException>(() => FollowerBook.From(new FollowersDocument { Users = [1, 2], Words = [1] }));

    [Fact]
    public void Logins_TokenUsedOnce_Rotates()
    {
        var book = Opened(1);
        Assert.Equal(LoginUse.Renewed, book.Check(new Login(1, 1), 10));
        book.Renew(1, 2);
        Assert.Equal(LoginUse.Renewed, book.Check(new Login(1, 2), 20));
    }

    [Fact]
    public void Logins_TokenUsedAgain_IsReuseAndClosingEndsIt()
    {
        var book = Opened(1);
        book.Renew(1, 2);
        Assert.Equal(LoginUse.Reused, book.Check(new Login(1, 1), 20));
        book.Close(1);
        Assert.Equal(LoginUse.Unknown, book.Check(new Login(1, 2), 30));
    }

    [Fact]
    public void Logins_Expired_AreUnknown()
    {
        var book = Opened(1);
        Assert.Equal(LoginUse.Renewed, book.Check(new Login(1, 1), 999));
        Assert.Equal(LoginUse.Unknown, book.Check(new Login(1, 1), 1_000));
    }

    [Fact]
    public void Logins_OneMoreOpened_ForgetsTheExpired()
    {
        var book = Opened(1);
        book.Open(new LoginOpened(2, 3_000, At: 1_000));
        Assert.Equal([2L], book.ToDocument().Select(login => login.LoginId));
    }

    [Fact]
    public void Logins_MoreThanTheLimit_TheOldestEnds()
    {
        var book = Opened([.. Enumerable.Range(1, LoginBook.MaxLogins + 1)]);
        Assert.Equal(LoginUse.Unknown, book.Check(new Login(1, 1), 1));
        Assert.Equal(LoginUse.Renewed, book.Check(new Login(2, 1), 1));
        Assert.Equal(LoginBook.MaxLogins, book.ToDocument().Length);
    }

    private static LoginBook Opened(params int[] ids)
    {
        var book = new LoginBook([]);
        foreach (var id in ids)
        {
            book.Open(new LoginOpened(id, ExpiresAt: 1_000, At: 0));
        }

        return book;
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
