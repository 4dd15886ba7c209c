using System.Collections.Immutable;

namespace RedNote.Groups;

/// <summary>Picks from messages what somebody who was away would look for first. Pure.</summary>
internal static class DigestPicker
{
    public const int MaxSenders = 5;
    public const int MaxReacted = 5;
    public const int MaxMentions = 20;
    public const int MaxQuestions = 10;
    public const int MaxLinks = 20;

    private const string Closing = ".,;:!?'\")]}>。，；：！？”’）】》」』、";

    /// <param name="reader">Who was away.</param>
    /// <param name="cards">Messages, oldest first; those that were taken back are passed over.</param>
    public static DigestPicks Pick(UserId reader, IReadOnlyList<MessageCard> cards)
    {
        var all = cards.Where(card => !card.Stored.Recalled).ToList();
        var others = all.Where(card => card.Stored.From != reader).ToList();
        return new DigestPicks(
            Senders(all),
            [
                .. all.Where(card => !card.Reactions.IsEmpty)
                    .OrderByDescending(card => card.Reactions.Values.Sum()).ThenByDescending(card => card.Seq)
                    .Take(MaxReacted).Select(card => card.ToMessage()),
            ],
            Last(others.Where(card => card.Stored.Called.Contains(reader)), MaxMentions),
            Last(others.Where(card => IsQuestion(card.Text)), MaxQuestions),
            [
                .. all.SelectMany(card => Links(card.Text).Select(url => new DigestLink(url, card.Seq)))
                    .TakeLast(MaxLinks),
            ]);
    }

    /// <summary>Whether a text asks something: by its mark, or by how a question ends in Chinese.</summary>
    public static bool IsQuestion(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // The mark in the middle of an address is none.
            if (text[i] is '?' or '？' && (i + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[i + 1])))
            {
                return true;
            }
        }

        return text.AsSpan().TrimEnd(" 。！!~～").EndsWith("吗") || text.AsSpan().TrimEnd(" 。！!~～").EndsWith("呢");
    }

    /// <summary>The addresses in a text, in order.</summary>
    public static IEnumerable<string> Links(string text)
    {
        for (var i = 0; (i = text.IndexOf("http", i, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            var end = i;
            while (end < text.Length && text[end] is > ' ' and < '\u2E80' and not ('<' or '"' or '”' or '“'))
            {
                end++;
            }

            var url = text[i..end].TrimEnd(Closing.ToCharArray());
            i = Math.Max(end, i + 1);
            if (url.Length <= TextRules.MaxUrl && Uri.TryCreate(url, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp))
            {
                yield return url;
            }
        }
    }

    private static ImmutableArray<DigestSender> Senders(List<MessageCard> cards) =>
    [
        .. cards.GroupBy(card => card.Stored.From)
            .Select(own => new DigestSender(own.Key, own.Last().Stored.FromName, own.Count()))
            .OrderByDescending(sender => sender.Messages).ThenBy(sender => sender.UserId.Value)
            .Take(MaxSenders),
    ];

    private static ImmutableArray<Message> Last(IEnumerable<MessageCard> cards, int most)
        => [.. cards.TakeLast(most).Select(card => card.ToMessage())];
}

/// <summary>What was picked; see <see cref="Digest"/>.</summary>
internal sealed record DigestPicks(
    ImmutableArray<DigestSender> Senders,
    ImmutableArray<Message> MostReacted,
    ImmutableArray<Message> Mentions,
    ImmutableArray<Message> Questions,
    ImmutableArray<DigestLink> Links);
