namespace RedNote.Live;

/// <summary>
/// The rules of one live room: no clock, no storage, no stream of its own. A rule decides on the state and says which
/// events follow; the grain raises them, tells the room (<see cref="Take(LiveRoomEvent)"/>), and answers when they are
/// durable. What need not survive is kept here: viewers, frames, and the memory of the last minutes.
/// </summary>
public sealed partial class LiveRoom
{
    private readonly LiveRoomOptions _options;
    private readonly RoomId _id;
    private readonly LiveRoomState _state;
    private Merger? _merger;
    private RoomCounters _counters = RoomCounters.Zero;
    private BlockedWords _blockedWords;
    private RoomSettings _rules;

    /// <param name="id">The room.</param>
    /// <param name="state">The room's state; it changes as events are applied to it.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="metrics">What is counted of all rooms together; null: nobody asks.</param>
    public LiveRoom(RoomId id, LiveRoomState state, LiveRoomOptions options, RoomMetrics? metrics = null)
    {
        _id = id;
        _state = state;
        _options = options;
        _blockedWords = new BlockedWords(state.Settings.BlockedWords);
        _rules = RulesOf(state.Settings);
        Memory = new RoomMemory(options);
        Gateways = GatewayBook.From(options, state.Gateways);
        Ledger = new VerdictLedger(metrics);
        Ledger.Inherit(state.Moderation.Held.Count);
        Frames = new RoomFrames(options, state.Epoch + 1, state.Recent);
    }

    public bool Exists => _state.Exists;

    public RoomState State => _state.State;

    public UserId HostId => _state.HostId;

    /// <summary>Whether the epoch of the frames is in the log, or on its way there: none may be sealed before, as
    /// another activation would use the same epoch.</summary>
    public bool HasBegun => _state.Epoch == Frames.Epoch;

    public GatewayBook Gateways { get; }

    public RoomFrames Frames { get; }

    /// <summary>Empty until it is restored; no batch may be decided on before that, unless the room is new.</summary>
    public RoomMemory Memory { get; set; }

    /// <summary>Made when somebody says something: most rooms that a silo knows are silent.</summary>
    private Merger Merger => _merger ??= new Merger(_options);

    /// <summary>The rules that hold.</summary>
    public RoomSettings PublicSettings => _rules;

    public HostSettings Settings => _state.Settings;

    /// <summary>The same object while nothing has changed: rooms are looked at every other second.</summary>
    public RoomCounters Counters
    {
        get
        {
            var danmaku = _state.DanmakuSeq + _state.Merged;
            if (_counters.Viewers != Gateways.Viewers || _counters.PeakViewers != _state.PeakViewers
                || _counters.Likes != _state.Likes || _counters.Danmaku != danmaku
                || _counters.Orders != _state.Deals.Orders || _counters.Sales != _state.Deals.Sales)
            {
                _counters = new RoomCounters(
                    Gateways.Viewers, _state.PeakViewers, _state.Likes, danmaku, Shares: 0, _state.Deals.Orders,
                    _state.Deals.Sales);
            }

            return _counters;
        }
    }

    public Room Card => new(
        _id, _state.Title, _state.State, _state.HostId, _state.HostName, Counters, _state.Cover, _state.StartsAt,
        _state.StartedAt, _state.EndedAt);

    public CommandStatus Create(CreateRoom command, long now, List<LiveRoomEvent> events)
    {
        if (Exists)
        {
            return _state.Token == command.Token ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (!TextRules.IsKey(command.Token)
            || TextRules.Clean(command.Title, TextRules.MaxRoomTitle, out var title) != TextCheck.Ok
            || TextRules.Clean(command.HostName, TextRules.MaxUserName, out var hostName) != TextCheck.Ok
            || (command.Cover is not null && !TextRules.IsImageAddress(command.Cover))
            || command.StartsAt is < 0)
        {
            return CommandStatus.Invalid;
        }

        events.Add(new RoomCreated(
            now, command.Token, command.HostId, hostName, title, command.Cover, command.StartsAt));
        return CommandStatus.Done;
    }

    public CommandStatus Start(UserId by, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (State == RoomState.Ended)
        {
            return CommandStatus.WrongState;
        }

        if (State == RoomState.Scheduled)
        {
            events.Add(new ShowStarted(now));
        }

        return CommandStatus.Done;
    }

    public CommandStatus End(UserId by, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (State != RoomState.Ended)
        {
            CloseDraws(now, events);
            events.AddRange(Closings(now, dueOnly: false));
            EndDeals(now, events);
            events.Add(new ShowEnded(now, _state.MediaTime(now)));
        }

        return CommandStatus.Done;
    }

    public CommandStatus ChangeSettings(UserId by, RoomSettingsChange change, long now, List<LiveRoomEvent> events)
    {
        var isShieldOnly = change is
        {
            SlowModeSeconds: null, FollowersOnly: null, BlockedWords: null, Hold: null, Shield: not null,
        };
        if ((isShieldOnly ? RefuseUnlessStaff(by) : RefuseUnlessHost(by)) is { } refusal)
        {
            return refusal;
        }

        if (State == RoomState.Ended)
        {
            return CommandStatus.WrongState;
        }

        var words = Settings.BlockedWords;
        if ((change.SlowModeSeconds is { } seconds && (seconds < 0 || seconds > _options.MaxSlowModeSeconds))
            || (change.Hold is { } hold && !Enum.IsDefined(hold))
            || (change.BlockedWords is { } list && !BlockedWords.TryClean(list, _options.BlockedWords, out words)))
        {
            return CommandStatus.Invalid;
        }

        var rules = new RulesChanged(
            now, change.SlowModeSeconds ?? Settings.SlowModeSeconds, change.FollowersOnly ?? Settings.FollowersOnly,
            words, change.Hold ?? Settings.Hold, change.Shield ?? Settings.Shield, by);
        if (rules.ToSettings() != Settings with { BlockedWords = words }
            || !words.AsSpan().SequenceEqual(Settings.BlockedWords.AsSpan()))
        {
            events.Add(rules);
        }

        return CommandStatus.Done;
    }

    /// <summary>
    /// Puts with what was decided what goes into the log at the first occasion: before everything else the epoch in
    /// which it will be shown, and behind it the most viewers there were.
    /// </summary>
    public void Complete(List<LiveRoomEvent> events, long now)
    {
        var creates = !Exists && events.Count > 0;
        if (!Exists && !creates)
        {
            return;
        }

        CloseDue(events, now);
        if (!HasBegun)
        {
            events.Insert(creates ? 1 : 0, new EpochBegan(now, Frames.Epoch));
        }

        if (Gateways.Viewers > _state.PeakViewers)
        {
            events.Add(new PeakReached(now, Gateways.Viewers));
        }
    }

    /// <summary>What an event that was applied to the state means for the rest: what is shown of it, and what is
    /// remembered.</summary>
    public void Take(LiveRoomEvent raised)
    {
        Memory.Take(raised);
        if (RoomTallies.Counts(raised))
        {
            (Frames.Tallies ??= new RoomTallies(_state, _options)).Take(raised);
        }

        TakeAudience(raised);
        switch (raised)
        {
            case PollEvent poll:
                TakePoll(poll);
                break;
            case QuestionEvent question:
                TakeQuestion(question);
                break;
            case PinSet pin:
                Frames.Announce(new ItemPinned(new RoomPin(pin.At, pin.Text, pin.PollId, pin.QuestionId, pin.DealId))
                {
                    At = pin.At,
                });
                break;
            case PinTaken taken:
                Frames.Announce(new ItemUnpinned { At = taken.At });
                break;
            case DanmakuSent sent:
                var danmaku = _state.Find(sent.Seq) is { Count: null } kept ? kept : sent.ToDanmaku();
                Merger.Sent(danmaku);
                Frames.Add(danmaku);
                break;
            case DrawEvent draw:
                TakeDraw(draw);
                break;
            case RoomDealEvent deal:
                TakeDeal(deal);
                break;
            case ShowStarted started:
                Frames.Announce(new RoomStarted { At = started.At });
                break;
            case ShowEnded ended:
                Frames.Announce(new RoomEnded { At = ended.At });
                break;
            case RulesChanged rules:
                Take(rules);
                break;
            default:
                TakeModeration(raised);
                break;
        }
    }

    private void Take(RulesChanged rules)
    {
        if (!rules.BlockedWords.AsSpan().SequenceEqual(_blockedWords.Words.AsSpan()))
        {
            _blockedWords = new BlockedWords(rules.BlockedWords);
        }

        var shown = RulesOf(rules.ToSettings());
        if (shown != _rules)
        {
            // Viewers are not told that only the blocked words changed.
            _rules = shown;
            Frames.Announce(new SettingsChanged(shown) { At = rules.At });
        }
    }
}
