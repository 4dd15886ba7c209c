using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Deals;

/// <summary>A live room for tests of deals without grains; its clock stands where the test puts it, and the test tells
/// what a deal's grain would.</summary>
internal sealed class DealRoom
{
    public const long Start = 1_800_000_000_000;
    public static readonly UserId Host = new(1);
    public static readonly RoomId Id = new(9);
    private long _ids = 40;

    public DealRoom(LiveRoomOptions? options = null, bool isLive = true)
    {
        Room = new TestRoom(options);
        Room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), Now);
        if (isLive)
        {
            Room.Start(Host, Now);
        }
    }

    public TestRoom Room { get; private set; }

    public long Now { get; set; } = Start;

    public RoomCounters Counters => Room.Rules.Counters;

    /// <summary>All that is stored of it, as text.</summary>
    public string State => JsonSerializer.Serialize(Room.State.ToStored(), LiveRoomJson.Journal.StoredLiveRoom);

    public static DrawCondition Phrase(string phrase) => new(DrawConditionKind.Password, phrase, null);

    public static DrawCondition Condition(DrawConditionKind kind, int? seconds = null) => new(kind, null, seconds);

    /// <summary>Terms of a deal that opens at once.</summary>
    public static DealTerms Terms(DrawCondition? condition = null) => new(
        Id, Host, "A lipstick", new Money(1_990, "CNY"), null, 10, 2, 0, 600, 300, condition ?? DrawCondition.None);

    public (CommandStatus Status, DealId Id) Open(DealTerms? terms = null, string? key = null, long? number = null)
    {
        var id = default(DealId);
        var command = new OpenDeal(new DealId(number ?? ++_ids), terms ?? Terms(), key ?? $"k{_ids}");
        var status = Room.Decide(Now, events => Room.Rules.OpenDeal(command, Now, events, out id));
        return (status, id);
    }

    /// <summary>A deal that its grain has told to be open.</summary>
    public DealId Opened(DrawCondition? condition = null)
    {
        var (status, id) = Open(Terms(condition));
        Assert.Equal(CommandStatus.Done, status);
        Assert.True(Tell(id, 1));
        return id;
    }

    public Deal Card(DealId deal) => Room.Rules.FindDeal(deal)!.Card;

    /// <summary>The deal's grain tells how it is.</summary>
    public bool Tell(
        DealId deal, long version, DealState state = DealState.Open, int sold = 0, int reserved = 0, int orders = 0,
        OrderNews? news = null, Func<Deal, Deal>? change = null)
    {
        var card = (Room.Rules.FindDeal(deal)?.Card ?? new Deal(
            deal, Id, "Of nobody", new Money(1, "CNY"), null, 10, 10, 0, 0, 0, 1, Now, Now + 1, 1, DrawCondition.None,
            state)) with
        {
            State = state,
            Sold = sold,
            Reserved = reserved,
            Left = 10 - sold - reserved,
        };
        var report = new DealReport(
            version, change?.Invoke(card) ?? card, orders, card.Price with { Amount = card.Price.Amount * sold }, news);
        return Room.Decide(Now, events => Room.Rules.ReportDeal(report, Now, events));
    }

    public bool IsEligible(DealId deal, long user)
        => Assert.IsType<BuyerAdmitted>(Submit(Admit(deal, user))[0]).IsEligible;

    public ImmutableArray<RoomAnswer> Submit(params RoomCommand[] commands) => Room.Submit([.. commands], Now);

    public static AdmitBuyer Admit(DealId deal, long user) => new(deal) { User = new UserId(user) };

    public static SendDanmaku Say(long user, string text)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = new UserId(user) };

    /// <summary>Seals frames until there is nothing new, and gives them.</summary>
    public List<RoomFrame> Frames()
    {
        var frames = new List<RoomFrame>();
        while (Room.Rules.Frames.HasNews(Counters))
        {
            frames.Add(Room.Seal(Now));
        }

        return frames;
    }

    public List<RoomEvent> Events() => [.. Frames().SelectMany(frame => frame.Events ?? [])];

    /// <summary>Goes on as another activation would.</summary>
    public void Restart() => Room = Room.Restored(Now);
}
