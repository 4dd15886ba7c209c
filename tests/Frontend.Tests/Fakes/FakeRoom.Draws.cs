using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>What no test of a part asks of a fake room's draws and audience.</summary>
internal sealed partial class FakeRoom
{
    public Task<DrawOutcome> OpenDraw(OpenDraw command) => throw new NotSupportedException();

    public Task<Draw?> Draw(DrawId draw) => throw new NotSupportedException();

    public Task<DrawEntrantsPage> DrawEntrants(DrawEntrantsQuery query) => throw new NotSupportedException();

    public Task<FanList?> Fans(int limit) => throw new NotSupportedException();

    public Task<Fan?> Fan(UserId user) => throw new NotSupportedException();
}
