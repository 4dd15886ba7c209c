using System.Diagnostics;
using Microsoft.Data.Sqlite;
using RedNote.PostgresServer;
using RedNote.Silo.Tests;

namespace RedNote.Frontend.Tests.Faults;

/// <summary>What may happen to where a running server's data is: see <see cref="FaultRun"/>.</summary>
public sealed class DataFaultTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rednote-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Disk_IsFullForAWhile_NothingAcknowledgedIsLost()
    {
        using var disk = SmallDisk.Mount(Path.Combine(_folder.FullName, "disk"), megabytes: 16);
        await using var run = await FaultRun.Start(new() { ["RedNote__DataDirectory"] = disk.File("data") });

        // The server takes the rest, whatever it writes just now.
        var filler = disk.Fill(leaveBytes: 200_000);
        await run.IsRefused("the disk is full");
        File.Delete(filler);

        await run.GoesOn();
        await run.IsWhole();
    }

    [Fact]
    public async Task File_IsHeldByAnotherProcess_NothingAcknowledgedIsLost()
    {
        await using var run = await FaultRun.Start([]);
        SQLitePCL.Batteries_V2.Init();
        await using (var other = new SqliteConnection($"Data Source={run.Folder}/journal.db;Pooling=False"))
        {
            await other.OpenAsync();
            await Execute(other, "PRAGMA busy_timeout = 10000");
            await Execute(other, "BEGIN EXCLUSIVE");
            await run.IsRefused("another program holds it locked");
            await run.StandsStill();
            await Execute(other, "ROLLBACK");
        }

        await run.GoesOn();
        await run.IsWhole();
    }

    [Fact]
    public async Task Folder_TurnsReadOnlyForAWhile_NothingAcknowledgedIsLost()
    {
        await using var run = await FaultRun.Start([]);
        // Who is root may write all the same, and what is open stays writable: but nobody may write what is immutable.
        string[] things =
        [
            run.Folder, .. Directory.GetFiles(run.Folder, "*.db"), .. Directory.GetFiles(run.Folder, "*.db-wal"),
        ];
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("chattr", ["+i", .. things]),
            "Needs a file system with immutable files, and the right to make some.");
        try
        {
            await run.IsRefused("may not be written");
            await run.StandsStill();
        }
        finally
        {
            Assert.True(Run("chattr", ["-i", .. things]));
        }

        await run.GoesOn();
        await run.IsWhole();
    }

    [Fact]
    public async Task Database_IsGoneAndComesBack_NothingAcknowledgedIsLost()
    {
        Assert.SkipUnless(PrivatePostgres.WhyNot is null, PrivatePostgres.WhyNot ?? "");
        // Its processes are ended and not the machine, so that what it wrote is there without a wait for the disk. With
        // one it would, before it starts again, sync each of its thousand files, which takes minutes on a slow disk.
        await using var database = await PrivatePostgres.StartAsync();
        await using var run = await FaultRun.Start(new()
        {
            ["RedNote__Storage"] = "postgres",
            ["ConnectionStrings__RedNote"] = database.ConnectionString,
        });

        await database.Stop();
        await run.IsRefused("PostgreSQL at 127.0.0.1");
        await run.StandsStill();
        await database.Resume();

        await run.GoesOn();
        await run.IsWhole();
    }

    private static async Task Execute(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        // SQLite serves nobody in turn: where the disk is slow, the busy server hardly ever lets go of the lock.
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
    }

    private static bool Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
