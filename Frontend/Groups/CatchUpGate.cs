using Microsoft.Extensions.Options;

namespace RedNote.Frontend.Groups;

/// <summary>Lets a few connections at a time fetch what they missed: after a loss thousands may have to, and groups
/// are not to be asked by all of them at once.</summary>
internal sealed class CatchUpGate(IOptions<GroupPortOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.CatchUps);

    public async Task<TAnswer> Pass<TAnswer>(Func<Task<TAnswer>> ask)
    {
        await _places.WaitAsync();
        try
        {
            return await ask();
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
