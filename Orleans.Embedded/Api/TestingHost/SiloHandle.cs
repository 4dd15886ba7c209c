using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    public short InstanceNumber { get; set; }

    public string Name { get; set; } = null!;

    public SiloAddress SiloAddress { get; set; } = null!;

    public abstract bool IsActive { get; }

    /// <summary>Stops the silo; not gracefully means without telling its grains.</summary>
    public abstract Task StopSiloAsync(bool stopGracefully);

    public abstract Task StopSiloAsync(CancellationToken ct);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    public abstract ValueTask DisposeAsync();

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A silo of a test cluster, in this process.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private bool _isActive = true;

    public IHost SiloHost { get; init; } = null!;

    public IServiceProvider ServiceProvider => SiloHost.Services;

    public override bool IsActive => _isActive;

    public override Task StopSiloAsync(bool stopGracefully)
        => StopSiloAsync(stopGracefully ? CancellationToken.None : new CancellationToken(canceled: true));

    public override async Task StopSiloAsync(CancellationToken ct)
    {
        if (!_isActive) return;
        _isActive = false;
        try
        {
            await SiloHost.StopAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The host says that it was not given the time for a graceful stop; that was the wish.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: true);
        SiloHost.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Ends the silo without telling its grains when it was not stopped before: it cannot wait for them.
    /// </summary>
    protected override void Dispose(bool disposing)
    {
        _isActive = false;
        if (disposing) SiloHost.Dispose();
        base.Dispose(disposing);
    }
}
