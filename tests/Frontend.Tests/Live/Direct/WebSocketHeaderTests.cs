using RedNote.Frontend.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

public sealed class WebSocketHeaderTests
{
    [Theory]
    [InlineData(0, new byte[] { 0x81, 0 })]
    [InlineData(125, new byte[] { 0x81, 125 })]
    [InlineData(126, new byte[] { 0x81, 126, 0, 126 })]
    [InlineData(65_535, new byte[] { 0x81, 126, 0xff, 0xff })]
    [InlineData(65_536, new byte[] { 0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0 })]
    public void WriteText_AnyLength_IsReadAsItWasWritten(int payload, byte[] wire)
    {
        var header = new byte[WebSocketHeader.BytesFor(payload)];
        WebSocketHeader.WriteText(header, payload);

        Assert.Equal(wire, header);
        Assert.True(WebSocketHeader.TryRead(header, out var read));
        Assert.Equal(new WebSocketHeader(true, 1, wire.Length, payload), read);
        Assert.Equal(wire.Length + payload, read.Length);
        Assert.False(read.IsControl || read.IsClose);
        Assert.False(WebSocketHeader.TryRead(header.AsSpan(0, header.Length - 1), out _));
    }

    [Theory]
    [InlineData(0x01, false, false, false)]
    [InlineData(0x80, true, false, false)]
    [InlineData(0x88, true, true, true)]
    [InlineData(0x89, true, true, false)]
    [InlineData(0x8a, true, true, false)]
    public void TryRead_Kinds_AreToldApart(byte first, bool final, bool control, bool close)
    {
        Assert.True(WebSocketHeader.TryRead([first, 0], out var header));

        Assert.Equal((final, control, close), (header.IsFinal, header.IsControl, header.IsClose));
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x85, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0 })]
    public void TryRead_WhatNoServerWrites_IsNone(byte[] frame) => Assert.False(WebSocketHeader.TryRead(frame, out _));
}
