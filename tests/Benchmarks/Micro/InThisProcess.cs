using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace RedNote.Benchmarks.Micro;

/// <summary>
/// How everything here is measured. BenchmarkDotNet would build a project of its own for each benchmark, which this
/// solution's layout of artifacts does not allow. Few and short rounds: all benchmarks together take some minutes, and
/// differences under a tenth mean nothing.
/// </summary>
internal sealed class InThisProcess : ManualConfig
{
    public InThisProcess()
    {
        AddJob(Job.ShortRun
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationCount(5)
            .WithIterationTime(TimeInterval.FromMilliseconds(150)));
        HideColumns(Column.Error, Column.Gen0, Column.Gen1, Column.Gen2);
    }
}
