using Microsoft.Extensions.Hosting;
using RedNote.Silo;

return await RedNoteProgram.RunAsync(() =>
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.AddRedNoteSilo();
    return builder.Build();
});
