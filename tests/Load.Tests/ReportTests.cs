using System.Text.Json;
using RedNote.Load.Measure;

namespace RedNote.Load.Tests;

public sealed class ReportTests
{
    [Theory]
    [InlineData(0.5, 0.5, 0, 0, 0, "nothing")]
    [InlineData(0.95, 0.5, 0, 0, 0, "the server's core was full")]
    [InlineData(0.95, 0.81, 0, 0, 0, "the generator's core")]
    [InlineData(0.95, 0.81, 0.3, 0, 0, "other programs")]
    [InlineData(0.5, 0.5, 0, 6, 0, "sends left late")]
    [InlineData(0.5, 0.5, 0, 0, 1, "something was lost")]
    public void LimitedBy_NamesWhatMattersMost(
        double server, double generator, double others, double lateMs, int missing, string expected)
        => Assert.StartsWith(
            expected, new Strain(server, generator, others, lateMs, missing).LimitedBy, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.66, 0.65, true, true)]
    [InlineData(0.64, 0.65, true, false)]
    [InlineData(0.64, 0.65, false, true)]
    [InlineData(0.66, 0.65, false, false)]
    [InlineData(double.NaN, 0.65, true, false)]
    [InlineData(double.NaN, 0.65, false, false)]
    public void Promise_IsKept_OnItsOwnSideOfTheBound(double value, double bound, bool isAtLeast, bool isKept)
        => Assert.Equal(isKept, new Promise("x", value, bound, isAtLeast).IsKept);

    [Fact]
    public async Task Json_HasScenarioMachineAndPromises_AndNotANumberInWords()
    {
        var file = Path.GetTempFileName();
        try
        {
            var report = new JsonReport("x", new { viewers = 3 })
            {
                Ratios = new { cpu = double.NaN },
                Promises = [Promise.AtMost("cpu", double.NaN, 0.5)],
            };
            await report.Write(file, CancellationToken.None);
            var json = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;

            Assert.Equal("x", json.GetProperty("scenario").GetString());
            Assert.Equal(3, json.GetProperty("options").GetProperty("viewers").GetInt32());
            Assert.Equal(
                Environment.ProcessorCount, json.GetProperty("machine").GetProperty("cores").GetInt32());
            Assert.Equal("NaN", json.GetProperty("ratios").GetProperty("cpu").GetString());
            Assert.False(json.GetProperty("promises")[0].GetProperty("isKept").GetBoolean());
            Assert.False(json.TryGetProperty("runs", out _));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Arguments_WordsAndFiles_AreChecked()
    {
        var arguments = new Arguments(["--a", "x,y", "--b", "x,z", "--c", "x,x", "--d", "/no/such/folder/file"]);

        Assert.Equal(["x", "y"], arguments.Words("a", [], "x", "y"));
        Assert.Throws<LoadException>(() => arguments.Words("b", [], "x", "y"));
        Assert.Throws<LoadException>(() => arguments.Words("c", [], "x", "y"));
        Assert.Throws<LoadException>(() => arguments.OutputFile("d"));
        Assert.Null(arguments.OutputFile("e"));
    }
}
