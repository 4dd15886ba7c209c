using Microsoft.Data.Sqlite;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Hosting;

/// <summary>The real process, where something stands in the way of its start: one line that says what, exit code 1.
/// </summary>
public sealed class StartupTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("rednote-test-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Start_OnADirectoryThatAnotherProcessHolds_IsRefused()
    {
        await using var first = await FrontendProcess.Start([]);

        await ExpectRefusal("is held by another process", [], first.DataDirectory);

        // The first one was not disturbed, and leaves nothing behind that would be in the way, even when it is killed.
        await first.Restart();
    }

    [Fact]
    public async Task Start_OnANewerSchema_IsRefused()
    {
        await using var server = await FrontendProcess.Start([]);
        await server.Kill();
        SQLitePCL.Batteries_V2.Init();
        await using (var journal = new SqliteConnection($"Data Source={server.DataDirectory}/journal.db;Pooling=False"))
        {
            await journal.OpenAsync();
            await using var command = journal.CreateCommand();
            command.CommandText = "UPDATE journal_schema SET version = 1000";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        await ExpectRefusal("schema", [], server.DataDirectory);
    }

    [Fact]
    public Task Start_WithoutItsDatabase_IsRefused() => ExpectRefusal(
        "PostgreSQL at 127.0.0.1:1",
        new()
        {
            ["RedNote__Storage"] = "postgres",
            ["ConnectionStrings__RedNote"] = "Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d",
        });

    [Fact]
    public Task Start_WithSettingsThatContradictEachOther_IsRefused() => ExpectRefusal(
        "BusyTimeoutMs has to be below", new() { ["RedNote__Journal__AppendTimeoutMs"] = "1000" });

    [Fact]
    public Task Start_WithAnUnknownKindOfStorage_IsRefused()
        => ExpectRefusal("RedNote:Storage", new() { ["RedNote__Storage"] = "paper" });

    [Fact]
    public async Task Start_OnADataDirectoryThatIsAFile_IsRefused()
    {
        var file = Path.Combine(_data.FullName, "file");
        await File.WriteAllTextAsync(file, "");

        await ExpectRefusal("data directory", [], file);
    }

    private async Task ExpectRefusal(string why, Dictionary<string, string> settings, string? dataDirectory = null)
    {
        var (exitCode, output, errors) = await FrontendProcess.Run(settings, dataDirectory ?? _data.FullName);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("RedNote cannot start: ", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
