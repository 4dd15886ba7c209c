namespace RedNote.Frontend.Notes;

/// <summary>Registration of what notes need on a front end.</summary>
internal static class NoteSetup
{
    public static void AddNotes(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<NotePortOptions>().BindConfiguration(NotePortOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<INoteStreams, NoteStreams>();
        services.AddSingleton<NotePorts>();
        services.AddSingleton<NoteCalls>();
        services.AddSingleton<NewNotes>();
    }
}
