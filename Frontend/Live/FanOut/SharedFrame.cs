using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A room's frame, for every viewer.</summary>
internal sealed class SharedFrame(RoomId room, RoomFrame frame, FrameEncoder encoder) : SharedMessage(encoder)
{
    public RoomFrame Frame => frame;

    protected override InvocationMessage Make() => new(IRoomClient.Frame, [room, frame]);
}

internal static class FrameEncoding
{
    public static SharedFrame Encode(this FrameEncoder encoder, RoomId room, RoomFrame frame)
        => new(room, frame, encoder);
}
