using RedNote.Frontend.Live;

namespace RedNote.Frontend.Groups;

/// <summary>The groups that one connection has open.</summary>
internal sealed class GroupSeats(UserId user, IFrameWriter writer)
{
    private readonly Lock _gate = new();

    // Few at most (GroupPortOptions.MaxGroupsPerConnection): looked through, not looked up.
    private readonly List<(GroupPort Port, GroupViewer Viewer)> _open = [];
    private bool _closed;

    /// <summary>Was the connection closed while it opened a group? Then nobody else takes the viewer out again.
    /// </summary>
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

    /// <summary>The viewer of a group, made when there is none; null when the connection has too many open, or is gone.
    /// </summary>
    public GroupViewer? Enter(GroupPort port, FrameEncoder encoder, GroupPortOptions options, TimeProvider time)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            var known = _open.FindIndex(one => one.Port.Group == port.Group);
            if (known >= 0 && _open[known].Port == port)
            {
                return _open[known].Viewer;
            }

            if (known < 0 && _open.Count >= options.MaxGroupsPerConnection
                && _open.RemoveAll(one => one.Viewer.IsGone) == 0)
            {
                return null;
            }

            var viewer = new GroupViewer(user, port.Channel, writer, encoder, options, time);
            if (known >= 0)
            {
                _open[known] = (port, viewer);
            }
            else
            {
                _open.Add((port, viewer));
            }

            return viewer;
        }
    }

    public void Leave(GroupId group)
    {
        (GroupPort Port, GroupViewer Viewer) left;
        lock (_gate)
        {
            var known = _open.FindIndex(one => one.Port.Group == group);
            if (known < 0)
            {
                return;
            }

            left = _open[known];
            _open.RemoveAt(known);
        }

        left.Port.Channel.Detach(left.Viewer);
    }

    /// <summary>The connection has ended.</summary>
    public void Close()
    {
        (GroupPort Port, GroupViewer Viewer)[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _open];
            _open.Clear();
        }

        foreach (var (port, viewer) in left)
        {
            port.Channel.Detach(viewer);
        }
    }
}
