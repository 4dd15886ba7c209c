using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.Features;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Groups;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>One connection of the hub: whose it is, how to write to it, and the rooms it is in.</summary>
internal sealed class RoomVisitor(
    UserPresence user, IFrameWriter writer, OrderMailbox orders, NoticeOptions notices)
    : ISampledSender, IUserListener
{
    private readonly Lock _gate = new();

    // One as a rule, and few at most (LiveOptions.MaxRoomsPerConnection): looked through, not looked up.
    private (RoomPort Port, Viewer Viewer)[] _rooms = [];
    private GroupSeats? _groups;
    private WatchedNotes? _notes;
    private NoticeMailbox? _notifications;
    private bool _closed;
    private int _telling;

    public UserPresence User => user;

    public static RoomVisitor Of(IFeatureCollection features) => features.GetRequiredFeature<RoomVisitor>();

    /// <summary>The groups that the connection has open; made when first asked for, as many never open one.</summary>
    public GroupSeats Groups
    {
        get
        {
            lock (_gate)
            {
                if (_groups is null)
                {
                    _groups = new GroupSeats(user.Id, writer);
                    if (_closed)
                    {
                        _groups.Close();
                    }
                }

                return _groups;
            }
        }
    }

    /// <summary>The notes that the connection watches; made when first asked for, as those of groups.</summary>
    public WatchedNotes NotesUpTo(int most)
    {
        lock (_gate)
        {
            if (_notes is null)
            {
                _notes = new WatchedNotes(writer, most);
                if (_closed)
                {
                    _notes.Close();
                }
            }

            return _notes;
        }
    }

    /// <summary>The viewer of a room, made when there is none; null when the connection is in too many rooms or gone.
    /// </summary>
    public Viewer? Enter(RoomPort port, FrameEncoder encoder, LiveOptions options, LiveMetrics metrics)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            var known = IndexOf(port.Room);
            if (known >= 0 && _rooms[known].Port == port)
            {
                return _rooms[known].Viewer;
            }

            if (_rooms.Length >= options.MaxRoomsPerConnection)
            {
                return null;
            }

            var viewer = new Viewer(port.Room, writer, encoder, options, metrics);
            if (known >= 0)
            {
                _rooms[known].Port.Audience.Leave(user.Id);
                _rooms[known] = (port, viewer);
            }
            else
            {
                _rooms = [.. _rooms, (port, viewer)];
            }

            port.Audience.Enter(user.Id);
            return viewer;
        }
    }

    public void Leave(RoomId room)
    {
        (RoomPort Port, Viewer Viewer) left;
        lock (_gate)
        {
            var known = IndexOf(room);
            if (known < 0)
            {
                return;
            }

            left = _rooms[known];
            _rooms = [.. _rooms.AsSpan(0, known), .. _rooms.AsSpan(known + 1)];
        }

        left.Port.Channel.Detach(left.Viewer);
        left.Port.Audience.Leave(user.Id);
    }

    /// <summary>One notice at a time: a connection that takes nothing is told no more.</summary>
    public void TellSampled(RoomId room, ImmutableArray<long> seqs)
    {
        if (!IsClosed && Interlocked.Exchange(ref _telling, 1) == 0)
        {
            _ = Tell(room, seqs);
        }
    }

    public void TellOrder(OrderNotice notice) => orders.Push(notice);

    public void TellNotification(NotificationNews news)
    {
        NoticeMailbox mailbox;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            mailbox = _notifications ??= new NoticeMailbox(writer, notices);
        }

        mailbox.Push(news);
    }

    /// <summary>Was the connection closed while it joined? Then nobody else takes the viewer out again.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Close()
    {
        (RoomPort Port, Viewer Viewer)[] left;
        GroupSeats? groups;
        WatchedNotes? watched;
        lock (_gate)
        {
            _closed = true;
            (left, _rooms) = (_rooms, []);
            (groups, watched) = (_groups, _notes);
        }

        foreach (var (port, viewer) in left)
        {
            port.Channel.Detach(viewer);
            port.Audience.Leave(user.Id);
        }

        groups?.Close();
        watched?.Close();
        orders.Close();
        _notifications?.Close();
        user.Detach(this);
        user.Leave();
    }

    private int IndexOf(RoomId room)
    {
        for (var i = 0; i < _rooms.Length; i++)
        {
            if (_rooms[i].Port.Room == room)
            {
                return i;
            }
        }

        return -1;
    }

    private async Task Tell(RoomId room, ImmutableArray<long> seqs)
    {
        try
        {
            await writer.WriteSampled(room, seqs);
        }
        catch (Exception)
        {
            // The connection is going away.
        }
        finally
        {
            Volatile.Write(ref _telling, 0);
        }
    }
}
