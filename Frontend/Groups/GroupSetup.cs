namespace RedNote.Frontend.Groups;

/// <summary>Registration of what groups need on a front end.</summary>
internal static class GroupSetup
{
    public static void AddGroups(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GroupPortOptions>().BindConfiguration(GroupPortOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IGroupStreams, GroupStreams>();
        services.AddSingleton<CatchUpGate>();
        services.AddSingleton<GroupPorts>();
        services.AddSingleton<GroupCalls>();
        services.AddSingleton<GroupListing>();
        services.AddSingleton<NewGroups>();
    }
}
