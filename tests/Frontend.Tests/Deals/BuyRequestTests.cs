using System.Text.Json;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Wire;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>What clients send to buy, and what others see of them.</summary>
public sealed class BuyRequestTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("-1", -1)]
    [InlineData("1000000000", 1_000_000_000)]
    [InlineData("1e9", 0)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("1.5", 0)]
    [InlineData("\"1\"", 0)]
    [InlineData("null", 0)]
    [InlineData("[1,{\"a\":2}]", 0)]
    [InlineData("{\"quantity\":1}", 0)]
    public void Quantity_Anything_IsReadAsANumberOrNone(string json, int expected)
    {
        var options = new JsonSerializerOptions();
        WireJson.Apply(options);
        var request = JsonSerializer.Deserialize<BuyRequest>($"{{\"quantity\":{json},\"key\":\"k\"}}", options);
        Assert.Equal(new BuyRequest(expected, "k"), request);
    }

    [Theory]
    [InlineData("小红薯12", "小红***")]
    [InlineData("小红薯123", "小红薯***")]
    [InlineData("A very long name", "A v***")]
    [InlineData("Ann", "A***")]
    [InlineData("A", "A***")]
    [InlineData("👩‍👩‍👧‍👧👍🏽ab", "👩‍👩‍👧‍👧👍🏽***")]
    public void Mask_Names_ShowsAtMostHalfAndAtMostThreeCharacters(string name, string masked)
        => Assert.Equal(masked, BuyerName.Mask(name));
}
