using System.Text;
using RedNote.Load.Crowd;
using RedNote.Load.Fanout;

namespace RedNote.Load.Ingest;

/// <summary>Calls of one kind, and what their answers have to be. Not thread-safe.</summary>
internal interface ICalls
{
    /// <summary>A caller's next call under that number, valid until the next one; empty: it has none left.</summary>
    ReadOnlySpan<byte> Next(int caller, int slot);

    /// <summary>Whether that answer to the caller's last call under that number is as it should be.</summary>
    bool Take(int caller, int slot, ReadOnlySpan<byte> answer);
}

/// <summary>A method that takes what a danmaku takes, and answers an empty result.</summary>
internal sealed class EmptyCalls(string roomId, int textBytes) : ICalls
{
    private readonly TextCall _call = new("Nothing", roomId, textBytes);

    public ReadOnlySpan<byte> Next(int caller, int slot) => _call.Next(slot);

    public bool Take(int caller, int slot, ReadOnlySpan<byte> answer) => answer.IndexOf("\"result\":{}"u8) >= 0;
}

/// <summary>The cheapest method of ours: who is not in a room leaves it.</summary>
internal sealed class LeaveCalls(string roomId) : ICalls
{
    private readonly CallRecord _call = new("LeaveRoom", $"\"{roomId}\"");

    public ReadOnlySpan<byte> Next(int caller, int slot) => _call.Numbered(slot);

    public bool Take(int caller, int slot, ReadOnlySpan<byte> answer) => answer.IndexOf("\"error\":"u8) < 0;
}

/// <summary>Danmaku, all different.</summary>
internal sealed class DanmakuCalls(string roomId, int textBytes) : ICalls
{
    private readonly TextCall _call = new("SendDanmaku", roomId, textBytes);

    public long Accepted { get; private set; }

    public ReadOnlySpan<byte> Next(int caller, int slot) => _call.Next(slot);

    public bool Take(int caller, int slot, ReadOnlySpan<byte> answer)
    {
        var isAccepted = answer.IndexOf("\"status\":\"accepted\""u8) >= 0;
        Accepted += isAccepted ? 1 : 0;
        return isAccepted;
    }
}

/// <summary>Likes, 1 to 50 a call.</summary>
internal sealed class LikeCalls(string roomId, int callers) : ICalls
{
    private const int MostLikes = 50;

    private readonly CallRecord[] _calls =
        [.. Enumerable.Range(1, MostLikes).Select(count => new CallRecord("Like", $"\"{roomId}\",{count},null"))];

    private readonly int[] _last = new int[callers * CallRecord.MaxSlots];
    private int _next;

    /// <summary>Likes that were counted, by the answers.</summary>
    public long Accepted { get; private set; }

    public ReadOnlySpan<byte> Next(int caller, int slot)
    {
        _next = (_next % MostLikes) + 1;
        _last[(caller * CallRecord.MaxSlots) + slot] = _next;
        return _calls[_next - 1].Numbered(slot);
    }

    public bool Take(int caller, int slot, ReadOnlySpan<byte> answer)
    {
        var accepted = JsonBits.Number(answer, "\"accepted\":"u8);
        Accepted += accepted;
        return accepted == _last[(caller * CallRecord.MaxSlots) + slot];
    }
}

/// <summary>
/// Votes: everybody has one in each poll. All callers go through the polls in the same order, so that one room at a
/// time has the votes of all of them.
/// </summary>
internal sealed class VoteCalls(IReadOnlyList<OpenPoll> polls, int callers) : ICalls
{
    private const int Choices = 2;

    private readonly CallRecord[][] _calls =
    [
        .. polls.Select(poll => Enumerable.Range(0, Choices).Select(choice => new CallRecord(
            "Vote", $"\"{poll.RoomId}\",\"{poll.PollId}\",[{choice}]")).ToArray()),
    ];

    private readonly int[] _next = new int[callers];
    private readonly int[] _last = new int[callers * CallRecord.MaxSlots];

    public ReadOnlySpan<byte> Next(int caller, int slot)
    {
        var number = _next[caller];
        if (number == polls.Count)
        {
            return default;
        }

        _next[caller]++;
        _last[(caller * CallRecord.MaxSlots) + slot] = number;
        return _calls[number][ChoiceOf(caller, number)].Numbered(slot);
    }

    public bool Take(int caller, int slot, ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf("\"status\":\"accepted\""u8) < 0)
        {
            return false;
        }

        var number = _last[(caller * CallRecord.MaxSlots) + slot];
        polls[number].Accepted[ChoiceOf(caller, number)]++;
        return true;
    }

    private static int ChoiceOf(int caller, int number) => (caller + number) % Choices;
}

/// <summary>A poll with two options, and what was accepted for each.</summary>
internal sealed record OpenPoll(string RoomId, string PollId)
{
    public long[] Accepted { get; } = new long[2];
}

/// <summary>A call with a room and a text that differs from call to call.</summary>
internal sealed class TextCall
{
    /// <summary>Eight digits number the texts; then they begin anew.</summary>
    private const int Texts = 100_000_000;

    private readonly CallRecord _call;
    private readonly int _at;
    private readonly int _textBytes;
    private int _next;

    public TextCall(string target, string roomId, int textBytes)
    {
        var before = $"\"{roomId}\",{{\"text\":\"";
        _call = new CallRecord(target, $"{before}{new string('x', textBytes)}\"}}");
        _at = _call.Bytes.IndexOf(Encoding.ASCII.GetBytes(before)) + before.Length;
        _textBytes = textBytes;
    }

    public ReadOnlySpan<byte> Next(int slot)
    {
        DanmakuMarker.Write(_call.Bytes.Slice(_at, _textBytes), _next);
        _next = (_next + 1) % Texts;
        return _call.Numbered(slot);
    }
}
