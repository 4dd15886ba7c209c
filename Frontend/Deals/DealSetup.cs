namespace RedNote.Frontend.Deals;

/// <summary>Registration of what deals need on a front end.</summary>
internal static class DealSetup
{
    public static void AddDeals(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<DealPortOptions>().BindConfiguration(DealPortOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IDealStreams, DealStreams>();
        services.AddSingleton<DealPorts>();
        services.AddSingleton<IDealWatch>(provider => provider.GetRequiredService<DealPorts>());
        services.AddSingleton<NewDeals>();
        services.AddSingleton<SaleListing>();
    }
}
