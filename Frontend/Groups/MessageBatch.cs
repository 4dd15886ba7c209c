using System.Collections.Immutable;
using System.Text;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>Keeps messages of the hub to a size.</summary>
internal static class MessageBatch
{
    /// <summary>What a message takes besides its text, about.</summary>
    private const int Frame = 320;

    /// <summary>The messages as events, in as few parts as the size allows.</summary>
    public static IEnumerable<ImmutableArray<GroupEvent>> Split(ImmutableArray<Message> messages, int maxBytes)
    {
        for (var at = 0; at < messages.Length;)
        {
            var count = Fitting(messages, at, 1, maxBytes);
            yield return [.. messages.Skip(at).Take(count).Select(
                message => new MessageSent(message) { At = message.At })];
            at += count;
        }
    }

    /// <summary>As many of them as fit, the first or the last.</summary>
    public static ImmutableArray<Message> Trim(ImmutableArray<Message> messages, int maxBytes, bool keepsLast)
        => messages.IsEmpty ? messages
            : keepsLast ? messages[^Fitting(messages, messages.Length - 1, -1, maxBytes)..]
            : messages[..Fitting(messages, 0, 1, maxBytes)];

    /// <summary>How many fit from there on; at least one.</summary>
    private static int Fitting(ImmutableArray<Message> messages, int first, int step, int maxBytes)
    {
        var bytes = 0;
        var count = 0;
        for (var at = first; at >= 0 && at < messages.Length; at += step)
        {
            bytes += BytesOf(messages[at]);
            if (count > 0 && bytes > maxBytes)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private static int BytesOf(Message message)
        => Frame + Encoding.UTF8.GetByteCount(message.Text) + (24 * (message.Mentions?.Length ?? 0))
            + (48 * (message.Reactions?.Count ?? 0));
}
