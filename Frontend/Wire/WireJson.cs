using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using RedNote.Deals;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Groups;
using RedNote.Frontend.Live;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Groups;
using RedNote.Live;
using RedNote.Users;

namespace RedNote.Frontend.Wire;

/// <summary>How everything is written that leaves this server: camelCase, absent rather than null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(GuestRequest))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(LoginCredentials))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(SessionTokens))]
[JsonSerializable(typeof(UserProfile))]
[JsonSerializable(typeof(ProfileChange))]
[JsonSerializable(typeof(NewRoomRequest))]
[JsonSerializable(typeof(Room))]
[JsonSerializable(typeof(RoomList))]
[JsonSerializable(typeof(RoomSettingsChange))]
[JsonSerializable(typeof(HostSettings))]
[JsonSerializable(typeof(RoomFrame))]
[JsonSerializable(typeof(RoomHead))]
[JsonSerializable(typeof(RoomJoined))]
[JsonSerializable(typeof(ResumePoint))]
[JsonSerializable(typeof(DanmakuDraft))]
[JsonSerializable(typeof(LikeResult))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(TapePage))]
[JsonSerializable(typeof(NewDrawRequest))]
[JsonSerializable(typeof(Draw))]
[JsonSerializable(typeof(DrawEntrantList))]
[JsonSerializable(typeof(FanCards))]
[JsonSerializable(typeof(Fan))]
[JsonSerializable(typeof(RoomStatsView))]
[JsonSerializable(typeof(NewPollRequest))]
[JsonSerializable(typeof(Poll))]
[JsonSerializable(typeof(BallotPage))]
[JsonSerializable(typeof(NewPkRequest))]
[JsonSerializable(typeof(Pk))]
[JsonSerializable(typeof(AnswerRequest))]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(QuestionList))]
[JsonSerializable(typeof(PinRequest))]
[JsonSerializable(typeof(RoomPin))]
[JsonSerializable(typeof(MuteRequest))]
[JsonSerializable(typeof(Deal))]
[JsonSerializable(typeof(HeldPage))]
[JsonSerializable(typeof(ApprovedDanmaku))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(NewDealRequest))]
[JsonSerializable(typeof(DealList))]
[JsonSerializable(typeof(DealBoard))]
[JsonSerializable(typeof(SaleList))]
[JsonSerializable(typeof(BuyRequest))]
[JsonSerializable(typeof(BuyAnswer))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderPage))]
[JsonSerializable(typeof(OrderNotice))]
[JsonSerializable(typeof(PayRequest))]
[JsonSerializable(typeof(PaidOrder))]
[JsonSerializable(typeof(HostSales))]
[JsonSerializable(typeof(NotificationList))]
[JsonSerializable(typeof(NotificationNews))]
[JsonSerializable(typeof(NotificationsReadRequest))]
[JsonSerializable(typeof(UnreadCount))]
[JsonSerializable(typeof(Group))]
[JsonSerializable(typeof(GroupId))]
[JsonSerializable(typeof(GroupList))]
[JsonSerializable(typeof(GroupOpened))]
[JsonSerializable(typeof(ImmutableArray<GroupEvent>))]
[JsonSerializable(typeof(MessageDraft))]
[JsonSerializable(typeof(SendAnswer))]
[JsonSerializable(typeof(MarkAnswer))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(MemberPage))]
[JsonSerializable(typeof(Receipts))]
[JsonSerializable(typeof(Digest))]
[JsonSerializable(typeof(NewGroupRequest))]
[JsonSerializable(typeof(GroupChangeRequest))]
[JsonSerializable(typeof(ConversationRequest))]
[JsonSerializable(typeof(RoleRequest))]
[JsonSerializable(typeof(GroupMuteRequest))]
[JsonSerializable(typeof(NewInviteRequest))]
[JsonSerializable(typeof(Invite))]
[JsonSerializable(typeof(InviteList))]
[JsonSerializable(typeof(JoinRequestList))]
[JsonSerializable(typeof(JoinedGroup))]
[JsonSerializable(typeof(GroupPoll))]
[JsonSerializable(typeof(NewNoteRequest))]
[JsonSerializable(typeof(NoteChangeRequest))]
[JsonSerializable(typeof(NoteView))]
[JsonSerializable(typeof(NoteId))]
[JsonSerializable(typeof(NoteCountsView))]
[JsonSerializable(typeof(LikedNote))]
[JsonSerializable(typeof(CollectedNote))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(ImmutableArray<long>))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Sets options of REST and hub alike; what is not listed above falls back to reflection.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}

/// <summary>Registers <see cref="WireJson"/> for REST; the hub's protocol applies it itself.</summary>
internal static class WireJsonSetup
{
    public static void AddWireJson(this IServiceCollection services)
        => services.ConfigureHttpJsonOptions(options => WireJson.Apply(options.SerializerOptions));
}
