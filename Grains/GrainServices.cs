using Microsoft.Extensions.DependencyInjection;
using RedNote.Live;

namespace RedNote;

/// <summary>What the grains need of a silo's services besides storage and clock.</summary>
public static class GrainServices
{
    /// <summary>Adds the kinds of logs of every feature; each stands beside its feature.</summary>
    public static IServiceCollection AddRedNoteGrains(this IServiceCollection services)
    {
        services.AddRoomDirectory();
        return services;
    }
}
