using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>Reads what clients of groups send. Nothing that does not fit gets further.</summary>
internal static class GroupDrafts
{
    /// <summary>More than a group has any use for; how many it allows is the group's to say.</summary>
    private const int MaxMentions = 100;

    /// <summary>Bytes of one emoji; the longest, families and flags, have fewer.</summary>
    private const int MaxEmojiBytes = 32;

    /// <summary>Checks a message; a reason if it is not one.</summary>
    public static GroupReason? Read(MessageDraft? draft, UserId from, string? name, out SendMessage message)
    {
        message = null!;
        if (draft is null || !TextRules.IsKey(draft.Key) || draft.ReplyTo is < 1
            || ReadMentions(draft.Mentions) is not { } mentions || !TryReadCard(draft.Card, out var card))
        {
            return GroupReason.Invalid;
        }

        var check = TextRules.Clean(draft.Text, TextRules.MaxGroupMessage, out var text);
        if (Refuse(check) is { } reason && !(check == TextCheck.Empty && card is not null))
        {
            return reason;
        }

        if (name is null)
        {
            return GroupReason.NotFound;
        }

        message = new SendMessage(from, name, text, draft.ReplyTo, mentions, card, draft.Key!);
        return null;
    }

    /// <summary>Checks a message's new text.</summary>
    public static GroupReason? Read(string? text, out string clean)
        => Refuse(TextRules.Clean(text, TextRules.MaxGroupMessage, out clean));

    /// <summary>Whether it is one character as people see it, and no letter, digit or sign that one types.</summary>
    public static bool IsEmoji(string? text)
    {
        if (text is not { Length: > 0 and <= MaxEmojiBytes } || Encoding.UTF8.GetByteCount(text) > MaxEmojiBytes
            || StringInfo.GetNextTextElementLength(text) != text.Length)
        {
            return false;
        }

        return Rune.TryGetRuneAt(text, 0, out var first) && (!first.IsAscii || text.Length > 1)
            && !text.AsSpan().ContainsAnyInRange('\0', ' ') && !Rune.IsLetter(first);
    }

    public static bool TryReadPolicy(string? text, out JoinPolicy policy)
    {
        (var known, policy) = text switch
        {
            null or "open" => (true, JoinPolicy.Open),
            "approval" => (true, JoinPolicy.Approval),
            "invite" => (true, JoinPolicy.Invite),
            _ => (false, default),
        };
        return known;
    }

    public static bool TryReadRole(string? text, out GroupRole role)
    {
        (var known, role) = text switch
        {
            "member" => (true, GroupRole.Member),
            "admin" => (true, GroupRole.Admin),
            "owner" => (true, GroupRole.Owner),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>Ids of users, each once; null when one is none.</summary>
    public static ImmutableArray<UserId>? ReadUsers(IReadOnlyList<string?> ids)
    {
        var users = ImmutableArray.CreateBuilder<UserId>(ids.Count);
        foreach (var id in ids)
        {
            if (!EntityId.TryParse<UserId>(id, out var user))
            {
                return null;
            }

            if (!users.Contains(user))
            {
                users.Add(user);
            }
        }

        return users.DrainToImmutable();
    }

    private static ImmutableArray<UserId>? ReadMentions(string?[]? mentions)
        => mentions is null ? [] : mentions.Length > MaxMentions ? null : ReadUsers(mentions);

    private static bool TryReadCard(CardDraft? draft, out Card? card)
    {
        card = null;
        if (draft is null)
        {
            return true;
        }

        CardKind? kind = draft.Kind switch
        {
            "note" => CardKind.Note,
            "room" => CardKind.Room,
            "deal" => CardKind.Deal,
            "poll" => CardKind.Poll,
            _ => null,
        };
        if (kind is null || !EntityId.TryParse<GroupId>(draft.Id, out var id))
        {
            return false;
        }

        card = new Card(kind.Value, id.Value);
        return true;
    }

    private static GroupReason? Refuse(TextCheck check) => check switch
    {
        TextCheck.Ok => null,
        TextCheck.Empty => GroupReason.Empty,
        TextCheck.TooLong => GroupReason.TooLong,
        _ => GroupReason.Invalid,
    };
}
