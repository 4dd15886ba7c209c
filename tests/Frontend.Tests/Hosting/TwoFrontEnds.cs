#if ORLEANS_EMBEDDED
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedNote.Embedded;
using RedNote.Silo.Journal;

namespace RedNote.Frontend.Tests;

/// <summary>Two front ends on one silo.</summary>
public sealed class TwoFrontEnds : IAsyncLifetime
{
    public TestServer First { get; private set; } = null!;

    public TestServer Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        First = await TestServer.Start();
        Second = await TestServer.Start(configure: builder =>
        {
            // The same keys: a token that one front end gave is good at the other.
            builder.Services.AddSingleton(First.Services.GetRequiredService<IProtectionKeyStore>());
            builder.UseOrleansClient(client => client
                .UseEmbeddedSilo(First.Services)
                .AddMemoryStreams(StreamNames.Provider));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }
}
#endif
