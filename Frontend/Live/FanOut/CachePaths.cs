using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RedNote.Frontend.Live;

/// <summary>
/// The objects that a write to a viewer reads one through the other. Thousands of viewers are written to in turn, each
/// a tick after the last time, when none of its objects is in the processor's caches any more, and each would be waited
/// for. As their addresses are kept side by side, those of the next viewers can be fetched during the system call of
/// this one.
/// </summary>
internal sealed class CachePaths(int viewers)
{
    /// <summary>Objects of a viewer at most; more are not fetched ahead.</summary>
    private const int Most = 8;

    /// <summary>What a core fetches at once.</summary>
    private const int LineBytes = 64;

    /// <summary>Viewers in one array: with those of thousands it would be a large object, and made anew whenever
    /// somebody comes or goes.</summary>
    private const int Piece = 128;

    private readonly object?[][] _objects = Pieces(viewers);

    // A bit for each object of a viewer.
    private readonly byte[] _wide = new byte[viewers];
    private int _viewer = -1;
    private int _count;

    /// <summary>What is added from here on is the next viewer's.</summary>
    public void Begin() => (_viewer, _count) = (_viewer + 1, 0);

    /// <summary>Adds an object to the viewer begun last.</summary>
    /// <param name="read">What is read.</param>
    /// <param name="isWide">Whether what is read of it lies further in than a core fetches at once.</param>
    public void Add<T>(T read, bool isWide = false)
        where T : class
    {
        if (_count == Most)
        {
            return;
        }

        _wide[_viewer] |= isWide ? (byte)(1 << _count) : (byte)0;
        _objects[_viewer / Piece][(_viewer % Piece * Most) + _count++] = read;
    }

    /// <summary>Has a viewer's objects fetched, and waits for nothing.</summary>
    public unsafe void Fetch(int viewer)
    {
        if (!Sse.IsSupported || viewer >= _wide.Length)
        {
            return;
        }

        var wide = (uint)_wide[viewer];
        foreach (ref var read in _objects[viewer / Piece].AsSpan(viewer % Piece * Most, Most))
        {
            if (read is null)
            {
                return;
            }

            // A hint: should the object be moved meanwhile, nothing is lost.
            var address = (byte*)Unsafe.As<object, nint>(ref read);
            Sse.Prefetch0(address);
            if ((wide & 1) != 0)
            {
                Sse.Prefetch0(address + LineBytes);
            }

            wide >>= 1;
        }
    }

    private static object?[][] Pieces(int viewers)
    {
        var pieces = new object?[(viewers + Piece - 1) / Piece][];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = new object?[Math.Min(Piece, viewers - (i * Piece)) * Most];
        }

        return pieces;
    }
}
