using Microsoft.Extensions.Hosting;
using RedNote.Silo;

var builder = Host.CreateApplicationBuilder(args);
builder.AddRedNoteSilo();
await builder.Build().RunAsync();
