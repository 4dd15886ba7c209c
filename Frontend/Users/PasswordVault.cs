using System.Threading.Channels;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace RedNote.Frontend.Users;

/// <summary>
/// Hashes and checks passwords on a few threads of its own. A hash takes a tenth of a second of a core on purpose; on
/// the request threads, a burst of logins would stop every live room.
/// </summary>
internal sealed class PasswordVault : IDisposable
{
    public const int MinLength = 8;
    public const int MaxLength = 128;

    private static readonly object Nobody = new();

    private readonly Channel<Work> _queue;
    private readonly PasswordHasher<object> _hasher;
    private readonly Lazy<string> _decoy;

    public PasswordVault(IOptions<TokenOptions> options)
    {
        var settings = options.Value;
        _hasher = new PasswordHasher<object>(Options.Create(
            new PasswordHasherOptions { IterationCount = settings.PasswordIterations }));
        _decoy = new Lazy<string>(() => _hasher.HashPassword(Nobody, "nobody's password"));
        _queue = Channel.CreateBounded<Work>(settings.PasswordQueue);
        var threads = settings.PasswordThreads > 0
            ? settings.PasswordThreads
            : Math.Max(1, Environment.ProcessorCount / 2);
        for (var i = 0; i < threads; i++)
        {
            new Thread(Serve) { IsBackground = true, Name = $"passwords-{i}" }.Start();
        }
    }

    /// <summary>Gives the hash of a new password; null when too many are waiting.</summary>
    public async Task<string?> Hash(string password)
    {
        var work = new Work(null, password);
        return _queue.Writer.TryWrite(work) ? (await work.Done.Task).NewHash : null;
    }

    /// <summary>
    /// Checks a password; null when too many are waiting. With <paramref name="hash"/> null (no such account) it takes
    /// as long and fails, so that time does not tell which handles exist.
    /// </summary>
    public async Task<PasswordCheck?> Check(string? hash, string password)
    {
        var work = new Work(hash ?? "", password);
        return _queue.Writer.TryWrite(work) ? await work.Done.Task : null;
    }

    public void Dispose() => _queue.Writer.TryComplete();

    private void Serve()
    {
        var reader = _queue.Reader;
        try
        {
            // A thread of our own may block; that is what it is for.
            while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (reader.TryRead(out var work))
                {
                    Do(work);
                }
            }
        }
        catch (ChannelClosedException)
        {
            // The host is gone.
        }
    }

    private void Do(Work work)
    {
        try
        {
            work.Done.SetResult(work.Hash is null
                ? new PasswordCheck(true, _hasher.HashPassword(Nobody, work.Password))
                : Verify(work.Hash, work.Password));
        }
        catch (Exception failure)
        {
            work.Done.SetException(failure);
        }
    }

    private PasswordCheck Verify(string hash, string password)
    {
        var known = hash.Length > 0;
        return _hasher.VerifyHashedPassword(Nobody, known ? hash : _decoy.Value, password) switch
        {
            PasswordVerificationResult.Success when known => new PasswordCheck(true, null),
            PasswordVerificationResult.SuccessRehashNeeded when known
                => new PasswordCheck(true, _hasher.HashPassword(Nobody, password)),
            _ => new PasswordCheck(false, null),
        };
    }

    /// <summary>One password: its hash is null to make one, and empty when there is none to check against.</summary>
    private sealed record Work(string? Hash, string Password)
    {
        public TaskCompletionSource<PasswordCheck> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Was the password right, and a stronger hash of it where the stored one is weak by today's rules.</summary>
internal sealed record PasswordCheck(bool IsRight, string? NewHash);
