using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Groups;

/// <summary>The groups that members have open on this front end.</summary>
internal sealed class GroupPorts
{
    private readonly PortTable<GroupId, GroupPort> _ports;

    public GroupPorts(
        IGrainFactory grains, IGroupStreams streams, FrameEncoder encoder, CatchUpGate catchUps, IIdGenerator ids,
        TimeProvider time, LiveMetrics metrics, IOptions<GroupPortOptions> options, IOptions<LiveOptions> live,
        ILogger<GroupPorts> logger)
    {
        // Another name in each run: what an earlier one reported ends by itself.
        var frontEnd = ids.NextToken();
        _ports = new PortTable<GroupId, GroupPort>(options.Value.MaxGroups, group => new GroupPort(
            group, frontEnd, grains.Group(group), streams, encoder, catchUps, options.Value, live.Value, time, metrics,
            logger));
    }

    /// <summary>The port of a group, or null when there are too many or the host is stopping.</summary>
    public GroupPort? Use(GroupId group) => _ports.Use(group);

    /// <summary>The port of a group that members have open here, or null.</summary>
    public GroupPort? Find(GroupId group) => _ports.Find(group);

    /// <summary>Looks after every group once; completes when all were asked, not when all have answered.</summary>
    public void Patrol()
    {
        foreach (var (group, port) in _ports.All)
        {
            if (!_ports.TryRetire(group, port))
            {
                _ = port.Patrol();
            }
        }
    }

    /// <summary>Opens no more groups.</summary>
    public void Close() => _ports.Close();

    /// <summary>Tells the groups that nobody looks on here any more: members are told in another way from now on.
    /// </summary>
    public Task Drain() => Task.WhenAll(_ports.All.Select(one => one.Value.Drain()));
}
