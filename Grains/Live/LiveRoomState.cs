using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// What the events of a room amount to. Bounded: of danmaku it holds the newest only, of gateways those that sent
/// lately. Keys and slow mode follow from the events too, but only from the last minutes': see
/// <see cref="RoomMemory"/>.
/// </summary>
public sealed class LiveRoomState : IEventState<LiveRoomEvent>
{
    private readonly SettledDanmaku _recent;
    private readonly GatewayMarks _gateways;

    public LiveRoomState(LiveRoomOptions options)
        : this(options, new StoredLiveRoom())
    {
    }

    public LiveRoomState(LiveRoomOptions options, StoredLiveRoom stored)
    {
        Token = stored.Token;
        HostId = stored.HostId ?? default;
        HostName = stored.HostName;
        Title = stored.Title;
        Cover = stored.Cover;
        State = stored.State;
        StartsAt = stored.StartsAt;
        StartedAt = stored.StartedAt;
        EndedAt = stored.EndedAt;
        Settings = stored.Settings;
        Epoch = stored.Epoch;
        DanmakuSeq = stored.DanmakuSeq;
        MediaAt = stored.MediaAt;
        Likes = stored.Likes;
        PeakViewers = stored.PeakViewers;
        Merged = stored.Merged;
        Moderation = new ModerationState(stored);
        _recent = new SettledDanmaku(options, stored.Recent, stored.Settled);
        _gateways = new GatewayMarks(options, stored.Gateways);
        Draws = new DrawBook(options, stored.Draws);
        Audience = new AudienceBook(options, stored.Audience, stored.StartedAt, stored.EndedAt);
        Polls = new PollBook(options, stored.Polls);
        Questions = new QuestionBook(options, stored.Questions);
        Deals = new DealShelf(options, stored.Deals);
        Pinned = stored.Pinned;
    }

    /// <summary>What the creator sent along; empty while the room does not exist.</summary>
    public string Token { get; private set; }

    public bool Exists => Token.Length > 0;

    public UserId HostId { get; private set; }

    public string HostName { get; private set; }

    public string Title { get; private set; }

    public string? Cover { get; private set; }

    public RoomState State { get; private set; }

    public long? StartsAt { get; private set; }

    public long? StartedAt { get; private set; }

    public long? EndedAt { get; private set; }

    public HostSettings Settings { get; private set; }

    /// <summary>The last epoch that was used; 0: none.</summary>
    public long Epoch { get; private set; }

    /// <summary>The last danmaku number given away; 0: none.</summary>
    public long DanmakuSeq { get; private set; }

    /// <summary>Media time of the last event that has one, ms.</summary>
    public long MediaAt { get; private set; }

    public long Likes { get; private set; }

    public int PeakViewers { get; private set; }

    /// <summary>The newest danmaku that were shown, or may have been, oldest first; at most
    /// <see cref="LiveRoomOptions.RecentDanmaku"/>.</summary>
    public ImmutableArray<Danmaku> Recent => _recent.Newest();

    /// <summary>The danmaku of a number that was raised lately and of which it is not known yet whether it is shown; or
    /// null.</summary>
    public Danmaku? Find(long seq) => _recent.FindOpen(seq);

    /// <summary>Gives back space that is held for more danmaku.</summary>
    public void TrimExcess() => _recent.TrimExcess();

    /// <summary>The last applied batch of each gateway that sent lately, the latest last.</summary>
    public ImmutableArray<GatewayMark> Gateways => _gateways.ToArray();

    public DrawBook Draws { get; }

    public AudienceBook Audience { get; }

    public PollBook Polls { get; }

    public QuestionBook Questions { get; }

    public DealShelf Deals { get; }

    public RoomPin? Pinned { get; private set; }

    /// <summary>Danmaku that were counted with a like one.</summary>
    public long Merged { get; private set; }

    public ModerationState Moderation { get; }

    /// <summary>Whether no rule about talking holds for this user: the host's own, and the moderators.</summary>
    public bool IsStaff(UserId user) => user == HostId || Moderation.IsModerator(user);

    /// <summary>
    /// Media time at that moment, ms since the room went live. It never goes back, whatever the clock does, so that the
    /// tape has one order and who reads it page by page misses nothing. After the end it stands still.
    /// </summary>
    public long MediaTime(long at)
        => StartedAt is { } started && EndedAt is null ? Math.Max(MediaAt, at - started) : MediaAt;

    public void Apply(LiveRoomEvent raised)
    {
        if (raised is IMediaEvent { MediaAt: var mediaAt })
        {
            MediaAt = mediaAt;
        }

        switch (raised)
        {
            case DanmakuSent danmaku:
                Apply(danmaku);
                break;
            case LikesCounted likes:
                Likes += likes.Count;
                MediaAt = likes.MediaAt;
                break;
            case BatchApplied batch:
                _gateways.Applied(batch.Gateway, batch.Number, batch.At);
                _recent.Settle(batch.Settled ?? 0);
                break;
            case DanmakuSampled sampled:
                _recent.LeaveOut(sampled.Runs);
                break;
            case PeakReached peak:
                PeakViewers = Math.Max(PeakViewers, peak.Viewers);
                break;
            case EpochBegan began:
                Epoch = began.Epoch;

                // What no frame left out by then, nobody will any more: viewers get it with their snapshot.
                _recent.Settle(DanmakuSeq);
                Audience.Apply(began);
                break;
            case RoomCreated created:
                Apply(created);
                break;
            case ShowStarted started:
                State = RoomState.Live;
                StartedAt = started.At;
                Audience.Apply(started);
                break;
            case ShowEnded ended:
                State = RoomState.Ended;
                EndedAt = ended.At;
                MediaAt = ended.MediaAt;
                Audience.Apply(ended);
                break;
            case RulesChanged rules:
                Settings = rules.ToSettings();
                break;
            case DanmakuMerged merged:
                Merged += merged.Senders.Length;
                _recent.Count(merged.Seq, merged.Count);
                break;
            case DanmakuRecalled recalled:
                _recent.Remove(recalled.Seq);
                break;
            default:
                ApplyPart(raised);
                break;
        }
    }

    /// <summary>All of it, for a snapshot; later events do not change what was returned.</summary>
    public StoredLiveRoom ToStored() => Moderation.Store(new StoredLiveRoom
    {
        Token = Token,
        HostId = Exists ? HostId : null,
        HostName = HostName,
        Title = Title,
        Cover = Cover,
        State = State,
        StartsAt = StartsAt,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        Settings = Settings,
        Epoch = Epoch,
        DanmakuSeq = DanmakuSeq,
        MediaAt = MediaAt,
        Likes = Likes,
        PeakViewers = PeakViewers,
        Merged = Merged,
        Recent = _recent.ToArray(),
        Settled = _recent.Settled,
        Gateways = Gateways,
        Draws = Draws.ToStored(),
        Audience = Audience.ToStored(),
        Polls = Polls.ToStored(),
        Questions = Questions.ToStored(),
        Deals = Deals.ToStored(),
        Pinned = Pinned,
    });

    /// <summary>The events of the parts that keep books of their own.</summary>
    private void ApplyPart(LiveRoomEvent raised)
    {
        switch (raised)
        {
            case DrawEvent draw:
                Draws.Apply(draw);
                break;
            case AudienceEvent audience:
                Audience.Apply(audience);
                break;
            case PollEvent poll:
                Polls.Apply(poll);
                break;
            case QuestionEvent question:
                Questions.Apply(question);
                break;
            case RoomDealEvent deal:
                Deals.Apply(deal);
                break;
            case PinSet pin:
                Pinned = new RoomPin(pin.At, pin.Text, pin.PollId, pin.QuestionId, pin.DealId);
                break;
            case PinTaken:
                Pinned = null;
                break;
            default:
                if (!Moderation.Apply(raised))
                {
                    // Passing an event over would make the state differ from the log without a word.
                    throw new NotSupportedException($"A room does not know {raised.GetType().Name}.");
                }

                break;
        }
    }

    private void Apply(RoomCreated created)
    {
        Token = created.Token;
        HostId = created.HostId;
        HostName = created.HostName;
        Title = created.Title;
        Cover = created.Cover;
        StartsAt = created.StartsAt;
    }

    private void Apply(DanmakuSent danmaku)
    {
        DanmakuSeq = danmaku.Seq;
        MediaAt = danmaku.MediaAt;
        _recent.Add(danmaku.ToDanmaku());
    }
}
