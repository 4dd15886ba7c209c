using RedNote.Deals;
using RedNote.Groups;
using RedNote.Live;
using RedNote.Notes;
using RedNote.Users;

namespace RedNote;

/// <summary>The one place that knows which key belongs to which grain.</summary>
public static class GrainFactoryExtensions
{
    public static IUserGrain User(this IGrainFactory grains, UserId user) => grains.GetGrain<IUserGrain>(user.Value);

    /// <param name="grains">The factory.</param>
    /// <param name="handle">A handle in its stored form (<see cref="Handle.TryNormalize"/>).</param>
    public static IAccountGrain Account(this IGrainFactory grains, string handle)
        => grains.GetGrain<IAccountGrain>(handle);

    public static ILiveRoomGrain LiveRoom(this IGrainFactory grains, RoomId room)
        => grains.GetGrain<ILiveRoomGrain>(room.Value);

    public static IDealGrain Deal(this IGrainFactory grains, DealId deal) => grains.GetGrain<IDealGrain>(deal.Value);

    /// <summary>The one list of deals.</summary>
    public static IDealDirectoryGrain DealDirectory(this IGrainFactory grains)
        => grains.GetGrain<IDealDirectoryGrain>(0);

    public static IBuyerOrdersGrain BuyerOrders(this IGrainFactory grains) => grains.GetGrain<IBuyerOrdersGrain>(0);

    /// <summary>The one list of rooms.</summary>
    public static IRoomDirectoryGrain RoomDirectory(this IGrainFactory grains)
        => grains.GetGrain<IRoomDirectoryGrain>(0);

    public static IGroupGrain Group(this IGrainFactory grains, GroupId group)
        => grains.GetGrain<IGroupGrain>(group.Value);

    public static INoteGrain Note(this IGrainFactory grains, NoteId note) => grains.GetGrain<INoteGrain>(note.Value);

    /// <summary>The conversation of two users; the same whoever asks.</summary>
    public static IConversationGrain Conversation(this IGrainFactory grains, UserId one, UserId other)
        => grains.GetGrain<IConversationGrain>(
            one.Value < other.Value ? $"{one}-{other}" : $"{other}-{one}");

    public static IInboxGrain Inbox(this IGrainFactory grains, UserId user)
        => grains.GetGrain<IInboxGrain>(user.Value);

    /// <summary>The grain that knows on which front ends that user is.</summary>
    public static IPresenceGrain Presence(this IGrainFactory grains, UserId user)
        => grains.GetGrain<IPresenceGrain>(PresenceShards.Of(user));
}
