using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Tests.Users;

public sealed class AccessTokensTests
{
    private static readonly DateTimeOffset End = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    private readonly EphemeralDataProtectionProvider _protection = new();

    [Fact]
    public void Unprotect_WhatWasProtected_IsTheSameUserLoginAndEnd()
    {
        var tokens = new AccessTokens(_protection, "Bearer");

        var token = tokens.Protect(Ticket(new UserId(long.MaxValue), 42));
        var read = tokens.Unprotect(token)!;

        Assert.True(read.Principal.TryGetUserId(out var user));
        Assert.True(read.Principal.TryGetLoginId(out var login));
        Assert.Equal((new UserId(long.MaxValue), 42L, End), (user, login, read.Properties.ExpiresUtc!.Value));
        Assert.True(read.Principal.Identity!.IsAuthenticated);

        // Every connection of the hub holds it in its address.
        Assert.InRange(token.Length, 1, 200);
    }

    [Fact]
    public void Unprotect_AnythingElse_IsNull()
    {
        var tokens = new AccessTokens(_protection, "Bearer");
        var token = tokens.Protect(Ticket(new UserId(7), 42));
        var foreign = new AccessTokens(new EphemeralDataProtectionProvider(), "Bearer").Protect(
            Ticket(new UserId(7), 42));
        var place = token.Length / 2;
        var changed = string.Concat(token.AsSpan(0, place), token[place] == 'A' ? "B" : "A", token.AsSpan(place + 1));

        Assert.All(
            [null, "", "x", "not base64!", foreign, changed, token + "AAAA", new string('A', 2_000)],
            text => Assert.Null(tokens.Unprotect(text)));
    }

    [Theory]
    [InlineData("?access_token=abc", "abc", null)]
    [InlineData("?id=1%2F2&ACCESS_TOKEN=a%2Bc&access_token=other", "a+c", "1/2")]
    [InlineData("?id=1&id=2", null, "1,2")]
    [InlineData("", null, null)]
    public void Take_Address_GivesTheTokenAndLeavesTheRest(string query, string? token, string? id)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);

        Assert.Equal(token, AddressToken.Take(context));

        Assert.Equal(id, context.Request.Query.TryGetValue("id", out var left) ? left.ToString() : null);
        Assert.False(context.Request.Query.ContainsKey("access_token"));
    }

    private static AuthenticationTicket Ticket(UserId user, long login) => new(
        UserClaims.Create(user, login, "Bearer"), new AuthenticationProperties { ExpiresUtc = End }, "Bearer");
}
