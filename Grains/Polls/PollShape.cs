using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Polls;

/// <summary>The question and the options of a poll that is sound, cleaned.</summary>
internal sealed record PollShape(string Question, ImmutableArray<string> Options)
{
    /// <summary>Fewest options of a poll.</summary>
    public const int MinOptions = 2;

    /// <summary>Most options of a poll.</summary>
    public const int MaxOptions = 10;

    /// <summary>Null: the command is not sound.</summary>
    public static PollShape? Of(OpenPoll command, int maxSeconds)
    {
        if (TextRules.Clean(command.Question, TextRules.MaxPollQuestion, out var question) != TextCheck.Ok
            || command.Options.IsDefault
            || command.Options.Length is < MinOptions or > MaxOptions
            || command.Seconds < 1 || command.Seconds > maxSeconds
            || !TextRules.IsKey(command.Key)
            || command.PollId.Value <= 0)
        {
            return null;
        }

        var options = ImmutableArray.CreateBuilder<string>(command.Options.Length);
        foreach (var option in command.Options)
        {
            if (TextRules.Clean(option, TextRules.MaxPollOption, out var text) != TextCheck.Ok)
            {
                return null;
            }

            options.Add(text);
        }

        return new PollShape(question, options.MoveToImmutable());
    }

    /// <summary>A hash of what is asked for, to tell a repeated key from one that is used again.</summary>
    public long Check(OpenPoll command) => KeyLedger.Hash(string.Join(
        '\n', ["poll", Question, $"{command.Multiple} {command.Anonymous} {command.Seconds}", .. Options]));
}
