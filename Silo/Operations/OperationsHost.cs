using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedNote.Deals;
using RedNote.Groups;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Silo.Operations;

/// <summary>Runs the commands of the silo program with the configuration a server would have.</summary>
public static class OperationsHost
{
    /// <summary>Whether these arguments are a command; those of a silo are settings, or none.</summary>
    public static bool IsCommand(string[] args) => OperationsProgram.IsCommand(args);

    /// <summary>Carries a command out and answers the exit code.</summary>
    public static async Task<int> Run(string[] args)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddRedNoteGrains();
        builder.Services.AddOptions<LiveRoomOptions>().Bind(builder.Configuration.GetSection("RedNote:Live"));
        builder.Services.AddOptions<DealOptions>().Bind(builder.Configuration.GetSection(DealOptions.Section));
        builder.Services.AddOptions<GroupOptions>().Bind(builder.Configuration.GetSection(GroupOptions.Section));
        await using var services = builder.Services.BuildServiceProvider();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await OperationsProgram.Run(
                args, builder.AddRedNoteOptions, services.GetServices<IEventLogKind>(), Console.Out, Console.Error,
                stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
    }
}
