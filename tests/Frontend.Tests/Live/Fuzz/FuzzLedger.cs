using System.Text.Json;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>Keeps book of what the server answered, to hold it against what the room says of itself.</summary>
internal sealed class FuzzLedger(FuzzRoom room)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Target, string Outcome), int> _outcomes = [];
    private readonly Dictionary<string, long> _danmaku = [];
    private readonly HashSet<(string User, string Key)> _likeKeys = [];

    /// <summary>How often each method came to each outcome, in the room or elsewhere.</summary>
    public IReadOnlyDictionary<(string Target, string Outcome), int> Outcomes => _outcomes;

    /// <summary>Danmaku with a verdict, by status, or by reason if they were rejected.</summary>
    public IReadOnlyDictionary<string, long> Danmaku => _danmaku;

    public HashSet<long> DanmakuSeqs { get; } = [];

    /// <summary>Messages that the group took.</summary>
    public HashSet<long> MessageSeqs { get; } = [];

    public HashSet<string> QuestionIds { get; } = [];

    public HashSet<(string Poll, string User)> Voters { get; } = [];

    public HashSet<string> Entrants { get; } = [];

    public HashSet<(string Question, string User)> Upvotes { get; } = [];

    /// <summary>Orders of the deal to buy from, by id: pieces, and whether they wait.</summary>
    public Dictionary<string, (int Quantity, bool Waits)> Orders { get; } = [];

    public long Likes { get; private set; }

    public long Cheers { get; private set; }

    public void Note(string user, FuzzCall call, JsonElement completion)
    {
        var target = FuzzCalls.Targets.FirstOrDefault(
            name => name.Equals(call.Target, StringComparison.OrdinalIgnoreCase));
        var outcome = DocumentedAnswers.OutcomeOf(target ?? call.Target, completion);
        lock (_gate)
        {
            _outcomes[(target ?? "", outcome)] = _outcomes.GetValueOrDefault((target ?? "", outcome)) + 1;
            if (completion.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
                && call.Arguments[0] == $"\"{room.Room}\"")
            {
                Count(user, target!, call.Arguments, outcome, result);
            }

            if (target == "SendMessage" && outcome == "accepted")
            {
                MessageSeqs.Add(completion.GetProperty("result").GetProperty("seq").GetInt64());
            }
        }
    }

    private void Count(string user, string target, string[] arguments, string outcome, JsonElement result)
    {
        var isAccepted = outcome == "accepted";
        switch (target)
        {
            case "SendDanmaku":
                _danmaku[outcome] = _danmaku.GetValueOrDefault(outcome) + 1;
                if (isAccepted)
                {
                    DanmakuSeqs.Add(result.GetProperty("seq").GetInt64());
                }

                break;
            case "Like":
                Likes += IsNew(user, "like", arguments[2]) ? result.GetProperty("accepted").GetInt64() : 0;
                break;
            case "Cheer":
                Cheers += IsNew(user, "cheer", arguments[4]) ? result.GetProperty("accepted").GetInt64() : 0;
                break;
            case "Ask" when isAccepted:
                QuestionIds.Add(result.GetProperty("questionId").GetString()!);
                break;
            case "Vote" when isAccepted:
                Assert.True(Voters.Add((arguments[1], user)), "A ballot was accepted twice.");
                break;
            case "UpvoteQuestion" when isAccepted:
                Upvotes.Add((arguments[1], user));
                break;
            case "Buy" when outcome is "accepted" or "waiting":
                var quantity = JsonDocument.Parse(arguments[2]).RootElement.GetProperty("quantity").GetInt32();
                Orders[result.GetProperty("orderId").GetString()!] = (quantity, !isAccepted);
                break;
            case "EnterDraw" when isAccepted:
                Entrants.Add(user);
                break;
        }
    }

    private bool IsNew(string user, string kind, string key) => key == "null" || _likeKeys.Add((user, kind + key));
}
