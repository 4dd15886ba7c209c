using System.Globalization;
using System.Xml.Linq;
using RedNote.Load.Measure;

namespace RedNote.Load.Tests.Curve;

public sealed class SvgPlotTests
{
    private static readonly SvgPlot Plot = new(
        "Cost <of> an interaction", "rooms", "µs",
        [new PlotLine("ours", [new(1, 4, "1 x 100"), new(10, 6, "10 x 10"), new(100, 5, "100 x 1")])],
        (6, "1.5 times"));

    [Fact]
    public void Write_Twice_IsTheSameAndWellFormed()
    {
        var svg = XDocument.Parse(Plot.Write());

        Assert.Equal(Plot.Write(), Plot.Write());
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        var texts = svg.Descendants().Where(it => it.Name.LocalName == "text").Select(it => it.Value).ToList();
        Assert.Superset(
            new HashSet<string>(["Cost <of> an interaction", "rooms", "µs", "10 x 10", "ours", "1.5 times", "0", "6"]),
            texts.ToHashSet());
    }

    [Fact]
    public void Write_Points_AreWhereTheirValuesAre()
    {
        var circles = XDocument.Parse(Plot.Write()).Descendants().Where(it => it.Name.LocalName == "circle")
            .Select(it => (X: Number(it, "cx"), Y: Number(it, "cy"))).ToList();

        // The same factor across is the same way; twice as much is twice as high above the axis.
        Assert.Equal(3, circles.Count);
        Assert.Equal(circles[1].X - circles[0].X, circles[2].X - circles[1].X, precision: 0);
        const double axis = 340;
        Assert.Equal((axis - circles[0].Y) * 6 / 4, axis - circles[1].Y, precision: 0);
        Assert.All(circles, circle => Assert.InRange(circle.Y, 80, axis));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.037)]
    [InlineData(7)]
    [InlineData(123_456)]
    public void Write_AnySize_HasAFewTicksAndStaysInside(double most)
    {
        var plot = new SvgPlot("t", "x", "y", [new PlotLine("l", [new(1, most, "a")])]);

        var svg = XDocument.Parse(plot.Write());
        var ticks = svg.Descendants().Count(it => (string?)it.Attribute("class") == "grid");
        Assert.InRange(ticks, 2, 12);
        Assert.InRange(Number(svg.Descendants().Single(it => it.Name.LocalName == "circle"), "cy"), 89, 340);
    }

    private static double Number(XElement element, string name)
        => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
