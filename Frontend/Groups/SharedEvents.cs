using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Live;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>Events of a group as they are written to connections: <c>group(groupId, GroupEvent[])</c>.</summary>
internal sealed class SharedEvents : SharedMessage
{
    private readonly GroupId _group;

    public SharedEvents(GroupId group, ImmutableArray<GroupEvent> events, FrameEncoder encoder)
        : base(encoder)
    {
        (_group, Events) = (group, events);
        foreach (var happened in events)
        {
            if (happened is MessageSent { Message.Seq: var seq })
            {
                FirstSeq = FirstSeq == 0 ? seq : FirstSeq;
                LastSeq = seq;
            }
        }
    }

    public ImmutableArray<GroupEvent> Events { get; }

    /// <summary>The first new message among them; 0: there is none.</summary>
    public long FirstSeq { get; }

    /// <summary>The last new message among them; 0: there is none.</summary>
    public long LastSeq { get; }

    protected override InvocationMessage Make() => new(IGroupClient.Group, [_group, Events]);
}

/// <summary>What the server calls on a client in a group.</summary>
public interface IGroupClient
{
    /// <summary>What happened in a group that the connection has open: <c>group(groupId, events)</c>.</summary>
    const string Group = "group";
}
