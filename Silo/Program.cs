using Microsoft.Extensions.Hosting;
using RedNote.Silo;
using RedNote.Silo.Operations;

if (OperationsHost.IsCommand(args))
{
    return await OperationsHost.Run(args);
}

return await RedNoteProgram.RunAsync(() =>
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.AddRedNoteSilo();
    return builder.Build();
});
