using System.Globalization;
using System.Security;
using System.Text;

namespace RedNote.Load.Measure;

/// <summary>A figure with a name below it, at a place on the horizontal axis.</summary>
/// <param name="X">Where, more than 0; the axis is logarithmic.</param>
/// <param name="Y">How much, 0 or more.</param>
/// <param name="Name">What stands below the axis there.</param>
public readonly record struct PlotPoint(double X, double Y, string Name);

/// <summary>Points that are joined.</summary>
public sealed record PlotLine(string Name, IReadOnlyList<PlotPoint> Points);

/// <summary>
/// A plot as SVG: a logarithmic axis across, one from zero up, and a dashed line that is not to be passed. Its colours
/// follow the reader's light or dark page. The same figures make the same bytes.
/// </summary>
/// <param name="Title">Above it.</param>
/// <param name="XTitle">With the unit.</param>
/// <param name="YTitle">With the unit.</param>
/// <param name="Lines">One to three.</param>
/// <param name="Limit">What the dashed line is at, and its words; null: there is none.</param>
public sealed record SvgPlot(
    string Title, string XTitle, string YTitle, IReadOnlyList<PlotLine> Lines, (double Y, string Name)? Limit = null)
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 80;
    private const int Right = 30;
    private const int Top = 90;
    private const int Bottom = 80;

    // Red, blue, green: dark enough for a white page and light enough for a dark one (contrast of 3 and more).
    private static readonly string[] Colors = ["#e0354f", "#3f7fd6", "#2f9e62"];

    private double MostY => Math.Max(Lines.Max(line => line.Points.Max(point => point.Y)), Limit?.Y ?? 0);

    public string Write()
    {
        var step = Step(MostY);
        var top = Math.Max(step, Math.Ceiling(MostY / step) * step);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\"");
        Add(svg, $" font-family=\"system-ui, sans-serif\" font-size=\"15\"><title>{Escape(Title)}</title>\n");
        svg.Append(
            """
            <style>
              text { fill: #222 } .grid { stroke: #bbb } .axis { stroke: #555 }
              @media (prefers-color-scheme: dark) { text { fill: #eee } .grid { stroke: #555 } .axis { stroke: #aaa } }
            </style>

            """);
        Text(svg, Left, 30, Title, "start", " font-size=\"18\" font-weight=\"600\"");
        AddVertical(svg, step, top);
        AddHorizontal(svg);
        AddLimit(svg, top);
        for (var line = 0; line < Lines.Count; line++)
        {
            AddLine(svg, line, top);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private void AddVertical(StringBuilder svg, double step, double top)
    {
        for (var tick = 0; tick * step <= top + (step / 2); tick++)
        {
            var y = Y(tick * step, top);
            Add(svg, $"<path class=\"grid\" d=\"M{Left} {y:0.0}H{Width - Right}\"/>\n");
            var label = (tick * step).ToString("0.###", CultureInfo.InvariantCulture);
            Text(svg, Left - 10, y + 5, label, "end");
        }

        var middle = Top + ((Height - Top - Bottom) / 2);
        Text(svg, 24, middle, YTitle, "middle", $" transform=\"rotate(-90 24 {middle})\"");
    }

    private void AddHorizontal(StringBuilder svg)
    {
        Add(svg, $"<path class=\"axis\" fill=\"none\" d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\"/>\n");
        foreach (var point in Lines[0].Points)
        {
            Add(svg, $"<path class=\"axis\" d=\"M{X(point.X):0.0} {Height - Bottom}v6\"/>\n");
            Text(svg, X(point.X), Height - Bottom + 24, point.Name, "middle");
        }

        Text(svg, (Left + Width - Right) / 2.0, Height - 22, XTitle, "middle");
    }

    private void AddLimit(StringBuilder svg, double top)
    {
        if (Limit is { } limit)
        {
            var y = Y(limit.Y, top);
            Add(svg, $"<path class=\"axis\" stroke-dasharray=\"7 5\" d=\"M{Left} {y:0.0}H{Width - Right}\"/>\n");
            Text(svg, Width - Right - 4, y - 8, limit.Name, "end");
        }
    }

    private void AddLine(StringBuilder svg, int line, double top)
    {
        var color = Colors[line];
        var path = string.Join('L', Lines[line].Points.Select(
            point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.0} {Y(point.Y, top):0.0}")));
        Add(svg, $"<path fill=\"none\" stroke=\"{color}\" stroke-width=\"2.5\" d=\"M{path}\"/>\n");
        foreach (var point in Lines[line].Points)
        {
            Add(svg, $"<circle cx=\"{X(point.X):0.0}\" cy=\"{Y(point.Y, top):0.0}\" r=\"4.5\" fill=\"{color}\"/>\n");
            var label = point.Y.ToString("0.##", CultureInfo.InvariantCulture);
            Text(svg, X(point.X), Y(point.Y, top) - 12, label, "middle");
        }

        var at = Left + (line * 220);
        Add(svg, $"<path stroke=\"{color}\" stroke-width=\"2.5\" d=\"M{at} 58h26\"/>\n");
        Text(svg, at + 34, 63, Lines[line].Name, "start");
    }

    private double X(double value)
    {
        var all = Lines[0].Points;
        var (first, last) = (Math.Log(all.Min(point => point.X)), Math.Log(all.Max(point => point.X)));
        var share = last > first ? (Math.Log(value) - first) / (last - first) : 0.5;

        // Names of the outer points need some room on either side.
        return Left + 50 + (share * (Width - Left - Right - 100));
    }

    private static double Y(double value, double top) => Height - Bottom - (value / top * (Height - Top - Bottom));

    /// <summary>1, 2 or 5 times a power of ten, so that there are four to ten of them.</summary>
    private static double Step(double most)
    {
        if (most <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return (most / power) switch
        {
            < 2 => power / 5,
            < 5 => power / 2,
            _ => power,
        };
    }

    private static void Text(
        StringBuilder svg, double x, double y, string text, string anchor, string more = "")
        => Add(svg, $"<text x=\"{x:0.0}\" y=\"{y:0.0}\" text-anchor=\"{anchor}\"{more}>{Escape(text)}</text>\n");

    private static void Add(StringBuilder svg, FormattableString text)
        => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    private static string Escape(string text) => SecurityElement.Escape(text);
}
