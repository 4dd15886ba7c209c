using System.Collections.Immutable;

namespace RedNote.Groups;

/// <summary>A message in memory, as it is after all events raised so far.</summary>
internal sealed class MessageCard(StoredMessage stored, string text, MessagePlace place)
{
    public long Seq => Stored.Seq;

    public StoredMessage Stored { get; private set; } = stored;

    /// <summary>Empty once it was taken back.</summary>
    public string Text { get; private set; } = text;

    public MessagePlace Place => place;

    /// <summary>Whether an event has changed it since it came into memory.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>How often each emoji stands under it; none stands there zero times.</summary>
    public ImmutableSortedDictionary<string, int> Reactions { get; private set; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public void Apply(MessageChanged changed)
        => (Stored, Text, IsChanged) = (changed.Message, changed.Text, true);

    public void Apply(MessageRecalled recalled)
    {
        (Stored, Text, IsChanged) = (recalled.Message, "", true);
        Reactions = Reactions.Clear();
    }

    public void Apply(MessageReacted reacted)
    {
        Count(reacted.Emoji, reacted.Count);
        IsChanged = true;
    }

    public void Count(string emoji, int count)
        => Reactions = count > 0 ? Reactions.SetItem(emoji, count) : Reactions.Remove(emoji);

    /// <summary>The message as readers see it.</summary>
    /// <param name="mine">With what the reader has reacted.</param>
    public Message ToMessage(ImmutableArray<string>? mine = null) => new(
        Stored.Seq,
        Stored.From,
        Stored.FromName,
        Text,
        Stored.At,
        Stored.ReplyTo,
        Stored.Mentions,
        Stored.Card,
        Stored.EditedAt,
        Stored.Recalled ? true : null,
        Reactions.IsEmpty ? null : Reactions,
        mine);
}
