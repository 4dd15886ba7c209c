using System.ComponentModel.DataAnnotations;

namespace RedNote.Frontend.Deals;

/// <summary>Bounds and times of a front end's deals: section <c>RedNote:Deals:Frontend</c>.</summary>
public sealed class DealPortOptions
{
    public const string Section = "RedNote:Deals:Frontend";

    /// <summary>Deals that one front end serves at a time; buying in more is <c>rate_limited</c>. Default 10,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxDeals { get; set; } = 10_000;

    /// <summary>Orders waiting to be sent to one deal; more are <c>rate_limited</c>. Default 65,536: what one deal
    /// decides in about a second.</summary>
    [Range(1, 1_000_000)]
    public int Queue { get; set; } = 65_536;

    /// <summary>What a buyer is told to wait when there is no room. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan FullRetry { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a batch is sent before its orders are answered <c>try_again</c>. Default 2.</summary>
    [Range(1, 20)]
    public int Attempts { get; set; } = 2;

    /// <summary>How long a deal may take to answer a batch. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a batch is sent again. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a deal that refuses is asked whether that is final. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan FinalEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a deal is kept after it was last of use to anybody here. Default 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an order waits until its news will be heard, before it is placed all the same. Default 500 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan ListenPatience { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a deal is compared with what its news said, to find out that none come any more. Default 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Open orders of one deal that are remembered for their buyers here; those of more are told of all the
    /// same, but not asked after when news were lost. Default 50,000.</summary>
    [Range(1, 10_000_000)]
    public int OpenOrders { get; set; } = 50_000;

    /// <summary>Orders whose news wait for one slow connection; of more the oldest are dropped, as the buyer's list
    /// has them. Default 64.</summary>
    [Range(1, 10_000)]
    public int NoticesPerConnection { get; set; } = 64;

    /// <summary>How long an order holds its pieces where the host does not say. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PayWithin { get; set; } = TimeSpan.FromMinutes(5);
}
