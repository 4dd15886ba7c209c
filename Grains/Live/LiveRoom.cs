namespace RedNote.Live;

/// <summary>
/// The rules of one live room over plain memory: no clock, no storage, no stream of its own. It decides at once; the
/// grain makes the decision durable and publishes it.
/// </summary>
public sealed partial class LiveRoom
{
    private readonly LiveRoomOptions _options;
    private readonly RoomId _id;
    private readonly HashSet<UserId> _muted;
    private readonly KeyLedger _keys;
    private readonly SlowMode _slowMode;
    private LiveRoomDocument _settled;
    private BlockedWords _blockedWords;
    private long _danmakuSeq;
    private long _likes;
    private int _peakViewers;

    /// <param name="id">The room.</param>
    /// <param name="document">What was stored; a new one for a room that does not exist.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="now">Unix ms.</param>
    public LiveRoom(RoomId id, LiveRoomDocument document, LiveRoomOptions options, long now)
    {
        _id = id;
        _options = options;
        _settled = document;
        _danmakuSeq = document.DanmakuSeq;
        _likes = document.Likes;
        _peakViewers = document.PeakViewers;
        _muted = [.. document.Muted];
        _blockedWords = new BlockedWords(document.Settings.BlockedWords);
        _slowMode = new SlowMode(options.SlowModeSenders);
        _keys = new KeyLedger(options);
        foreach (var entry in document.Keys)
        {
            _keys.Bind(entry);
        }

        Gateways = GatewayBook.From(options, document.Gateways, now);
        Frames = new RoomFrames(options, document.Epoch + 1, document.Recent);
    }

    public bool Exists => _settled.Token.Length > 0;

    public RoomState State => _settled.State;

    public UserId HostId => _settled.HostId;

    public bool FollowersOnly => _settled.Settings.FollowersOnly;

    public GatewayBook Gateways { get; }

    public RoomFrames Frames { get; }

    public RoomSettings PublicSettings => new(_settled.Settings.SlowModeSeconds, _settled.Settings.FollowersOnly);

    public HostSettings Settings => _settled.Settings;

    public RoomCounters Counters
        => new(Gateways.Viewers, _peakViewers, _likes, _danmakuSeq, Shares: 0, Orders: 0, Money.Zero);

    public Room Card => new(
        _id, _settled.Title, _settled.State, _settled.HostId, _settled.HostName, Counters, _settled.Cover,
        _settled.StartsAt, _settled.StartedAt, _settled.EndedAt);

    /// <summary>Everything that has to survive, as of now; later decisions do not change what was returned.</summary>
    public LiveRoomDocument ToDocument() => _settled with
    {
        Epoch = Frames.Epoch,
        DanmakuSeq = _danmakuSeq,
        Likes = _likes,
        PeakViewers = _peakViewers,
        Muted = [.. _muted.OrderBy(user => user.Value)],
        Recent = Frames.AllRecent(),
        Keys = _keys.Newest(),
        Gateways = Gateways.ToMarks(),
    };

    public CommandStatus Create(CreateRoom command)
    {
        if (Exists)
        {
            return _settled.Token == command.Token ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (!TextRules.IsKey(command.Token)
            || TextRules.Clean(command.Title, TextRules.MaxRoomTitle, out var title) != TextCheck.Ok
            || TextRules.Clean(command.HostName, TextRules.MaxUserName, out var hostName) != TextCheck.Ok
            || (command.Cover is not null && !TextRules.IsImageAddress(command.Cover))
            || command.StartsAt is < 0)
        {
            return CommandStatus.Invalid;
        }

        _settled = _settled with
        {
            Token = command.Token,
            HostId = command.HostId,
            HostName = hostName,
            Title = title,
            Cover = command.Cover,
            StartsAt = command.StartsAt,
        };
        return CommandStatus.Done;
    }

    public CommandStatus Start(UserId by, long now)
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
            _settled = _settled with { State = RoomState.Live, StartedAt = now };
            Frames.Announce(new RoomStarted { At = now });
        }

        return CommandStatus.Done;
    }

    public CommandStatus End(UserId by, long now)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (State != RoomState.Ended)
        {
            _settled = _settled with { State = RoomState.Ended, EndedAt = now };
            Frames.Announce(new RoomEnded { At = now });
        }

        return CommandStatus.Done;
    }

    public CommandStatus ChangeSettings(UserId by, RoomSettingsChange change, long now)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (State == RoomState.Ended)
        {
            return CommandStatus.WrongState;
        }

        var words = Settings.BlockedWords;
        if ((change.SlowModeSeconds is { } seconds && (seconds < 0 || seconds > _options.MaxSlowModeSeconds))
            || (change.BlockedWords is { } list && !BlockedWords.TryClean(list, _options.BlockedWords, out words)))
        {
            return CommandStatus.Invalid;
        }

        var before = PublicSettings;
        _settled = _settled with
        {
            Settings = new HostSettings(
                change.SlowModeSeconds ?? Settings.SlowModeSeconds,
                change.FollowersOnly ?? Settings.FollowersOnly,
                words),
        };
        _blockedWords = new BlockedWords(words);
        if (before != PublicSettings)
        {
            Frames.Announce(new SettingsChanged(PublicSettings) { At = now });
        }

        return CommandStatus.Done;
    }

    public CommandStatus SetMuted(UserId by, UserId target, bool muted, long now)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (muted && (target == HostId || (_muted.Count >= _options.Muted && !_muted.Contains(target))))
        {
            return CommandStatus.Invalid;
        }

        if (muted ? _muted.Add(target) : _muted.Remove(target))
        {
            Frames.Announce(new UserMuted(target, muted) { At = now });
        }

        return CommandStatus.Done;
    }

    /// <summary>Takes a front end's viewer count over; false if it is not acceptable.</summary>
    public bool Report(string gateway, int viewers, long now)
    {
        if (!Gateways.Report(gateway, viewers, now))
        {
            return false;
        }

        _peakViewers = Math.Max(_peakViewers, Gateways.Viewers);
        return true;
    }

    private CommandStatus? RefuseUnlessHost(UserId by)
        => !Exists ? CommandStatus.NotFound : by != HostId ? CommandStatus.Forbidden : null;
}
