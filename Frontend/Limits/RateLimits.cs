using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Limits;

/// <summary>The rate limits of requests; those of hub commands are in <see cref="UserPresence"/>.</summary>
internal static class RateLimits
{
    public const string Guest = "guest";
    public const string Register = "register";
    public const string Login = "login";
    public const string Refresh = "refresh";
    public const string NewRoom = "new-room";
    public const string Pay = "pay";
    public const string NewGroup = "new-group";
    public const string Conversation = "conversation";
    public const string Search = "search";
    public const string NewNote = "new-note";
    public const string EditNote = "edit-note";

    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        builder.Services.AddSingleton<HandleLimiter>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((limiter, limits) =>
        {
            var rates = limits.Value;
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = static (context, _) => new ValueTask(
                Refuse.RateLimited(RetryAfter(context.Lease)).ExecuteAsync(context.HttpContext));
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
                context => IsUnlimited(context) ? None : Bucket(rates, rates.Request, UserOrAddress(context)));
            limiter.AddPolicy(Guest, context => Bucket(rates, rates.Guest, Address(context)));
            limiter.AddPolicy(Register, context => Bucket(rates, rates.Register, Address(context)));
            limiter.AddPolicy(Login, context => Bucket(rates, rates.Login, Address(context)));
            limiter.AddPolicy(Refresh, context => Bucket(rates, rates.Refresh, Address(context)));
            limiter.AddPolicy(NewRoom, context => Bucket(rates, rates.NewRoom, UserOrAddress(context)));
            limiter.AddPolicy(Pay, context => Bucket(rates, rates.Pay, UserOrAddress(context)));
            limiter.AddPolicy(NewGroup, context => Bucket(rates, rates.NewGroup, UserOrAddress(context)));
            limiter.AddPolicy(Conversation, context => Bucket(rates, rates.Conversation, UserOrAddress(context)));
            limiter.AddPolicy(NewNote, context => Bucket(rates, rates.NewNote, UserOrAddress(context)));
            limiter.AddPolicy(EditNote, context => Bucket(rates, rates.EditNote, UserOrAddress(context)));
            limiter.AddPolicy(Search, context => Bucket(rates, rates.Search, UserOrAddress(context)));
        });
    }

    internal static TimeSpan RetryAfter(RateLimitLease lease)
        => lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);

    internal static TokenBucketRateLimiterOptions ToOptions(Rate rate)
    {
        // The limiter gives back whole tokens: slow rates one per period, fast ones a tenth of a second's worth.
        var perPeriod = Math.Max(1, (int)(rate.PerSecond / 10));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate.Burst,
            TokensPerPeriod = perPeriod,
            ReplenishmentPeriod = TimeSpan.FromSeconds(perPeriod / rate.PerSecond),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }

    private static RateLimitPartition<string> None { get; } = RateLimitPartition.GetNoLimiter("");

    private static RateLimitPartition<string> Bucket(LimitOptions limits, Rate rate, string partition)
        => limits.Off ? None : RateLimitPartition.GetTokenBucketLimiter(partition, _ => ToOptions(rate));

    /// <summary>Health probes and the page's files are not counted.</summary>
    private static bool IsUnlimited(HttpContext context)
        => !context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/hub");

    private static string UserOrAddress(HttpContext context)
        => context.User.TryGetUserId(out var user) ? "user:" + user : "address:" + Address(context);

    /// <summary>An IPv6 host owns 64 bits of addresses, so those count as one.</summary>
    private static string Address(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(bytes[..8])}::/64");
    }
}

/// <summary>Counts login attempts by the handle they are for.</summary>
internal sealed class HandleLimiter(IOptions<LimitOptions> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _attempts = PartitionedRateLimiter.Create<string, string>(
        handle => RateLimitPartition.GetTokenBucketLimiter(
            handle, _ => RateLimits.ToOptions(limits.Value.LoginPerHandle)));

    /// <summary>Null if another attempt is allowed, otherwise the refusal.</summary>
    public ProblemResult? Check(string handle)
    {
        if (limits.Value.Off)
        {
            return null;
        }

        using var lease = _attempts.AttemptAcquire(handle);
        return lease.IsAcquired ? null : Refuse.RateLimited(RateLimits.RetryAfter(lease));
    }

    public void Dispose() => _attempts.Dispose();
}
