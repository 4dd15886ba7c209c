using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>
/// An inbox as its events made it. Of each log that notices come from it knows the last version taken, as logs deliver
/// in that order; so a notice that comes again is told from a new one without a memory of each.
/// </summary>
public sealed class InboxState : IEventState<InboxEvent>
{
    /// <summary>Logs or groups that one event forgets at most.</summary>
    private const int ForgottenAtOnce = 16;

    /// <summary>In order of their numbers, the oldest first.</summary>
    private readonly List<StoredNotification> _items;
    private readonly SortedDictionary<long, GroupMembership> _groups = [];
    private readonly SortedDictionary<string, StoredSource> _sources = new(StringComparer.Ordinal);

    public InboxState()
        : this(new InboxDocument())
    {
    }

    public InboxState(InboxDocument document)
    {
        (LastId, ReadUpTo) = (document.LastId, document.ReadUpTo);
        _items = [.. document.Notifications];
        foreach (var group in document.Groups)
        {
            _groups.Add(group.GroupId.Value, group);
        }

        foreach (var source in document.Sources)
        {
            _sources.Add(source.Source, source);
        }
    }

    /// <summary>The last number given to a notification; 0: none.</summary>
    public long LastId { get; private set; }

    /// <summary>Notifications up to that number are read.</summary>
    public long ReadUpTo { get; private set; }

    public int Count => _items.Count;

    /// <summary>How many notifications are not read.</summary>
    public int Unread => _items.Count - FirstAfter(ReadUpTo);

    /// <summary>Those of them that are about messages.</summary>
    public ImmutableArray<UnreadMessage> UnreadMessages =>
    [
        .. _items.Skip(FirstAfter(ReadUpTo)).Where(item => item.Notice is { GroupId: not null, Seq: not null })
            .Select(item => new UnreadMessage(item.Id, item.Notice.GroupId!.Value, item.Notice.Seq!.Value)),
    ];

    /// <summary>Logs that are remembered.</summary>
    public int Sources => _sources.Count;

    /// <summary>The groups the user is in, those joined last first.</summary>
    public ImmutableArray<GroupId> Groups =>
    [
        .. _groups.Values.Where(group => group.IsMember).OrderByDescending(group => group.At)
            .ThenByDescending(group => group.GroupId.Value).Select(group => group.GroupId),
    ];

    public bool IsNew(GroupMembership change)
        => change.Version > (_groups.TryGetValue(change.GroupId.Value, out var known) ? known.Version : 0);

    public bool IsNew(NewNotice notice)
        => notice.Version > (_sources.TryGetValue(notice.Source, out var known) ? known.Version : 0);

    /// <summary>What a change of the user's groups makes happen.</summary>
    public MembershipChanged Decide(GroupMembership change, InboxOptions options)
    {
        var before = Before(change.At, options);
        ImmutableArray<GroupId> forgotten =
        [
            .. _groups.Values.Where(group => !group.IsMember && group.At < before && group.GroupId != change.GroupId)
                .Take(ForgottenAtOnce).Select(group => group.GroupId),
        ];
        return new MembershipChanged(
            change.GroupId, change.IsMember, change.Version, change.At, forgotten.IsEmpty ? null : forgotten);
    }

    /// <summary>What a notice makes happen.</summary>
    public NoticeTaken Decide(NewNotice notice, InboxOptions options)
    {
        var gathers = FindUnread(notice);
        var before = Before(notice.At, options);
        ImmutableArray<string> forgotten =
        [
            .. _sources.Values.Where(source => source.At < before && source.Source != notice.Source)
                .Take(ForgottenAtOnce).Select(source => source.Source),
        ];
        var surplus = _items.Count + (gathers is null ? 1 : 0) - options.Notifications;
        return new NoticeTaken(
            LastId + 1,
            notice,
            notice.Count + (gathers?.Count ?? 0),
            gathers?.Id,
            surplus > 0 ? KeptFrom(surplus, gathers?.Id) : null,
            forgotten.IsEmpty ? null : forgotten);
    }

    public void Apply(InboxEvent raised)
    {
        switch (raised)
        {
            case MembershipChanged changed:
                _groups[changed.GroupId.Value] =
                    new GroupMembership(changed.GroupId, changed.IsMember, changed.Version, changed.At);
                foreach (var group in changed.Forgotten ?? [])
                {
                    _groups.Remove(group.Value);
                }

                break;
            case NoticeTaken taken:
                Apply(taken);
                break;
            case NotificationsRead read:
                ReadUpTo = Math.Max(ReadUpTo, read.UpTo);
                break;
            default:
                throw new ArgumentException($"An inbox does not know {raised.GetType().Name}.", nameof(raised));
        }
    }

    /// <summary>The notification that came last.</summary>
    public Notification Newest => ToNotification(_items[^1]);

    /// <summary>Notifications older than that one (null: from the newest).</summary>
    public NotificationPage Page(long? after, int limit)
    {
        var end = after is { } id ? FirstAfter(id - 1) : _items.Count;
        var items = ImmutableArray.CreateBuilder<Notification>(Math.Min(limit, end));
        for (var i = end - 1; i >= 0 && items.Count < limit; i--)
        {
            items.Add(ToNotification(_items[i]));
        }

        var hasMore = items.Count < end;
        return new NotificationPage(items.DrainToImmutable(), Unread, hasMore, UnreadMessages);
    }

    public InboxDocument ToDocument() => new()
    {
        LastId = LastId,
        ReadUpTo = ReadUpTo,
        Notifications = [.. _items],
        Groups = [.. _groups.Values],
        Sources = [.. _sources.Values],
    };

    private static long Before(long at, InboxOptions options)
        => at - (long)TimeSpan.FromDays(options.ForgetAfterDays).TotalMilliseconds;

    /// <summary>Who follows is one notification whoever they are: a well-known user would see nothing else.</summary>
    private static bool IsAlike(NewNotice one, NewNotice other) => one.Kind == other.Kind
        && (one.Kind == NoticeKind.Follow || one.GroupId == other.GroupId)
        && (one.Kind == NoticeKind.Follow || one.GroupId is not null || one.From == other.From);

    private void Apply(NoticeTaken taken)
    {
        LastId = taken.Id;
        if (taken.Gathers is { } before)
        {
            _items.RemoveAt(FirstAfter(before - 1));
        }

        _items.Add(new StoredNotification(taken.Id, taken.Count, taken.Notice));
        if (taken.KeptFrom is { } kept)
        {
            _items.RemoveRange(0, FirstAfter(kept - 1));
        }

        var notice = taken.Notice;
        _sources[notice.Source] = new StoredSource(notice.Source, notice.Version, notice.At);
        foreach (var source in taken.Forgotten ?? [])
        {
            _sources.Remove(source);
        }
    }

    private StoredNotification? FindUnread(NewNotice notice)
    {
        for (var i = _items.Count - 1; i >= 0 && _items[i].Id > ReadUpTo; i--)
        {
            if (IsAlike(_items[i].Notice, notice))
            {
                return _items[i];
            }
        }

        return null;
    }

    /// <summary>The number from which on notifications stay when so many of the oldest go; the new one always
    /// does.</summary>
    private long KeptFrom(int surplus, long? gathers)
    {
        // One of the oldest that is gathered goes anyway, and counts for none of them.
        var first = gathers <= _items[Math.Min(surplus, _items.Count) - 1].Id ? surplus + 1 : surplus;
        return first < _items.Count ? _items[first].Id : LastId + 1;
    }

    private Notification ToNotification(StoredNotification item) => new(
        item.Id, item.Notice.Kind, item.Notice.At, item.Count, item.Id <= ReadUpTo, item.Notice.GroupId,
        item.Notice.GroupName, item.Notice.From, item.Notice.FromName, item.Notice.Seq, item.Notice.Text);

    /// <summary>Where the first notification with a higher number is; their count if there is none.</summary>
    private int FirstAfter(long id)
    {
        var (from, to) = (0, _items.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = _items[middle].Id > id ? (from, middle) : (middle + 1, to);
        }

        return from;
    }
}
