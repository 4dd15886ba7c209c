using System.Text;
using RedNote.Load.Notes;
using RedNote.Load.Wire;
using Spectre.Console;

namespace RedNote.Load.Tests;

public sealed class NoteLikesTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false)]
    [InlineData("", false)]
    public void Answer_InAnyForm_IsWholeWhenNothingIsMissing(string answer, bool isWhole)
        => Assert.Equal(isWhole, HttpLane.IsWhole(Encoding.ASCII.GetBytes(answer)));

    [Fact]
    public void Book_UsersInTurn_LikesAndNoLongerAndKnowsTheTotals()
    {
        var book = new LikeBook(["5", "6"], ["a", "b"], "host:1");
        Assert.StartsWith(
            "PUT /api/notes/5/like HTTP/1.1\r\nHost: host:1\r\n", Next(book, 0), StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer a\r\n", Next(book, 0), StringComparison.Ordinal);
        Assert.StartsWith("PUT /api/notes/6/", Next(book, 1), StringComparison.Ordinal);

        Assert.True(Take(book, 0, "{\"likes\":1,\"liked\":true}"));
        Assert.StartsWith("PUT /api/notes/6/", Next(book, 0), StringComparison.Ordinal);
        Assert.True(Take(book, 0, "{\"likes\":1,\"liked\":true}"));
        Assert.StartsWith("DELETE /api/notes/5/", Next(book, 0), StringComparison.Ordinal);
        Assert.True(Take(book, 0, "{\"likes\":0,\"liked\":false}"));
        Assert.Equal([("5", 0), ("6", 1)], book.Totals);
    }

    [Theory]
    [InlineData(200, "{\"likes\":0,\"liked\":false}")]
    [InlineData(200, "{\"likes\":0,\"liked\":true}")]
    [InlineData(200, "{\"likes\":3,\"liked\":true}")]
    [InlineData(503, "{\"likes\":1,\"liked\":true}")]
    [InlineData(200, "{}")]
    public void Book_AnswerThatCannotBe_IsNotTaken(int status, string answer)
    {
        var book = new LikeBook(["5"], ["a", "b"], "host:1");
        Assert.False(book.Take(0, status, Encoding.ASCII.GetBytes(answer)));
        Assert.Equal([("5", 0)], book.Totals);
    }

    [Fact]
    public void Report_OfRuns_ShowsMediansAndRatios()
    {
        var options = NoteLikesOptions.Parse(new Arguments([]));
        NoteLikesResult Of(string kind, int run, double perSecond)
            => new(kind, run, perSecond, 10, 1, 2, 0.95, 0.3, 0, 0);
        var report = new NoteLikesReport(
            options,
            [
                .. Enumerable.Range(1, 3).SelectMany(run => new[]
                {
                    Of(NoteLikesReport.Empty, run, 80_000), Of(NoteLikesReport.One, run, 10_000 * run),
                    Of(NoteLikesReport.Many, run, 16_000), Of(NoteLikesReport.Paced, run, 2_000),
                }),
            ],
            [12, 200],
            ("a hot row", 1_000, 90));
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Out = new AnsiConsoleOutput(written),
        });
        console.Profile.Width = 300;
        report.Print(console);

        Assert.Equal([0.25, 20, 0.2, 16], report.Ratios.Select(ratio => Math.Round(ratio.Times, 3)));
        Assert.Contains("20,000", written.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "106 ms after the last answer (median; at most 200)", written.ToString(), StringComparison.Ordinal);
        Assert.Contains("the server's core was full (3)", written.ToString(), StringComparison.Ordinal);
    }

    private static string Next(LikeBook book, int user) => Encoding.ASCII.GetString(book.Next(user));

    private static bool Take(LikeBook book, int user, string answer)
        => book.Take(user, 200, Encoding.ASCII.GetBytes(answer));
}
