using RedNote.Simulation;
using RedNote.Simulation.Runner;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Seeds when they are asked for; else the tests, as every other test program.
if (RunnerProgram.IsAsked(args)) return RunnerProgram.Run(args);
return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
