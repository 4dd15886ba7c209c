using Microsoft.Extensions.DependencyInjection;
using RedNote.Deals;
using RedNote.Groups;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Notes;
using RedNote.Users;

namespace RedNote;

/// <summary>What the grains need of a silo's services besides storage and clock.</summary>
public static class GrainServices
{
    /// <summary>
    /// Adds the journal and the kinds of logs of every feature; each stands beside its feature. Who composes the silo
    /// adds an <see cref="IJournalStore"/> made with <see cref="JournalServices.ProjectionTables"/>.
    /// </summary>
    public static IServiceCollection AddRedNoteGrains(this IServiceCollection services)
    {
        services.AddJournal();
        services.AddLiveRooms();
        services.AddRoomDirectory();
        services.AddUsers();
        services.AddInboxes();
        services.AddDeals();
        services.AddGroups();
        services.AddNotes();
        return services;
    }
}
