using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>The form in which snapshots hold a <see cref="GroupState"/>; see there for what members mean.</summary>
internal sealed record StoredGroup
{
    public string Token { get; init; } = "";

    public GroupKind Type { get; init; }

    public string Name { get; init; } = "";

    public Announcement? Announcement { get; init; }

    public JoinPolicy JoinPolicy { get; init; }

    /// <summary>Null while the group does not exist.</summary>
    public UserId? Creator { get; init; }

    public long CreatedAt { get; init; }

    public long Epoch { get; init; }

    public long LastSeq { get; init; }

    /// <summary>Messages that were taken back: eight bytes of memory each, for ever.</summary>
    public ImmutableArray<long> Recalled { get; init; } = [];

    /// <summary>In order of ids.</summary>
    public ImmutableArray<StoredMember> Members { get; init; } = [];

    /// <summary>In order of ids.</summary>
    public ImmutableArray<JoinRequest> Requests { get; init; } = [];

    /// <summary>In the order in which they were made.</summary>
    public ImmutableArray<InviteEntry> Invites { get; init; } = [];

    /// <summary>In the order in which they were opened.</summary>
    public ImmutableArray<StoredGroupPoll> Polls { get; init; } = [];
}

/// <summary>The JSON of a group's events, snapshots, rows and effects.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(GroupLogEvent))]
[JsonSerializable(typeof(StoredGroup))]
[JsonSerializable(typeof(StoredMessage))]
[JsonSerializable(typeof(GroupEffect))]
internal sealed partial class GroupJson : JsonSerializerContext
{
    /// <summary>In the form of the journal.</summary>
    public static GroupJson Journal { get; } = new(JournalJson.CreateOptions());
}
