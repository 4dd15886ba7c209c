using Microsoft.Extensions.Options;

namespace RedNote.Frontend.Limits;

/// <summary>
/// How often people and addresses may do things: section <c>RedNote:Limits</c>. Each rate is a token bucket: so many a
/// second in the long run, and up to the burst at once. Sizes of things are not here; nothing lifts those.
/// </summary>
public sealed class LimitOptions
{
    public const string Section = "RedNote:Limits";

    /// <summary>Lifts all rate limits: load tests, trusted networks. Default false.</summary>
    public bool Off { get; set; }

    /// <summary>Danmaku of one user on one front end: 20 a second, 60 at once.</summary>
    public Rate Danmaku { get; set; } = new(20, 60);

    /// <summary>Like and cheer calls of one user on one front end: 10 a second, 20 at once.</summary>
    public Rate Like { get; set; } = new(10, 20);

    /// <summary>Calls to enter a draw of one user on one front end: 5 a second, 20 at once.</summary>
    public Rate Entry { get; set; } = new(5, 20);

    /// <summary>Votes and upvotes of one user on one front end: 5 a second, 20 at once.</summary>
    public Rate Vote { get; set; } = new(5, 20);

    /// <summary>Questions of one user on one front end: 12 a minute, 5 at once.</summary>
    public Rate Ask { get; set; } = new(0.2, 5);

    /// <summary>Attempts to buy of one user on one front end: 5 a second, 10 at once.</summary>
    public Rate Buy { get; set; } = new(5, 10);

    /// <summary>Payments and cancellations of one user: 5 a second, 20 at once.</summary>
    public Rate Pay { get; set; } = new(5, 20);

    /// <summary>Joins of one user on one front end: 5 a second, 40 at once.</summary>
    public Rate Join { get; set; } = new(5, 40);

    /// <summary>Messages of one user on one front end, with edits and recalls: 10 a second, 30 at once.</summary>
    public Rate Message { get; set; } = new(10, 30);

    /// <summary>Reactions of one user on one front end: 10 a second, 20 at once.</summary>
    public Rate Reaction { get; set; } = new(10, 20);

    /// <summary>Read marks of one user on one front end: 10 a second, 50 at once.</summary>
    public Rate Mark { get; set; } = new(10, 50);

    /// <summary>How often one user on one front end is seen typing: once in 3 s; more is passed over.</summary>
    public Rate Typing { get; set; } = new(1.0 / 3, 1);

    /// <summary>Notes that one user begins to watch on one front end: 20 a second, 100 at once.</summary>
    public Rate Watch { get; set; } = new(20, 100);

    /// <summary>Notes that one user writes: 10 a minute, 10 at once.</summary>
    public Rate NewNote { get; set; } = new(1.0 / 6, 10);

    /// <summary>Changes of one user to notes, each of which takes a snapshot: 6 a minute, 20 at once.</summary>
    public Rate EditNote { get; set; } = new(0.1, 20);

    /// <summary>Groups that one user makes: 10 a minute, 10 at once.</summary>
    public Rate NewGroup { get; set; } = new(1.0 / 6, 10);

    /// <summary>Conversations that one user opens, new or not: 1 a second, 30 at once.</summary>
    public Rate Conversation { get; set; } = new(1, 30);

    /// <summary>Searches of one user in groups: 5 a second, 20 at once.</summary>
    public Rate Search { get; set; } = new(5, 20);

    /// <summary>Guest accounts from one address: 60 a minute.</summary>
    public Rate Guest { get; set; } = new(1, 60);

    /// <summary>Registrations from one address: 20 a minute.</summary>
    public Rate Register { get; set; } = new(1.0 / 3, 20);

    /// <summary>Logins tried from one address: 30 a minute.</summary>
    public Rate Login { get; set; } = new(0.5, 30);

    /// <summary>Logins tried for one handle, from wherever: 10 a minute.</summary>
    public Rate LoginPerHandle { get; set; } = new(1.0 / 6, 10);

    /// <summary>Refreshes from one address: 120 a minute.</summary>
    public Rate Refresh { get; set; } = new(2, 120);

    /// <summary>Requests of one user (one address for people without a token): 50 a second, 200 at once.</summary>
    public Rate Request { get; set; } = new(50, 200);

    /// <summary>Rooms that one user makes: 10 a minute, 10 at once.</summary>
    public Rate NewRoom { get; set; } = new(1.0 / 6, 10);
}

/// <summary>A token bucket's measures.</summary>
public sealed class Rate
{
    public Rate()
    {
    }

    public Rate(double perSecond, int burst) => (PerSecond, Burst) = (perSecond, burst);

    /// <summary>Tokens that come back each second; above zero.</summary>
    public double PerSecond { get; set; }

    /// <summary>The most tokens there are; at least one.</summary>
    public int Burst { get; set; }
}

internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var rates = new (string Name, Rate Rate)[]
        {
            (nameof(options.Danmaku), options.Danmaku), (nameof(options.Like), options.Like),
            (nameof(options.Entry), options.Entry),
            (nameof(options.Vote), options.Vote), (nameof(options.Ask), options.Ask),
            (nameof(options.Buy), options.Buy), (nameof(options.Pay), options.Pay),
            (nameof(options.Join), options.Join), (nameof(options.Guest), options.Guest),
            (nameof(options.Register), options.Register), (nameof(options.Login), options.Login),
            (nameof(options.LoginPerHandle), options.LoginPerHandle), (nameof(options.Refresh), options.Refresh),
            (nameof(options.Request), options.Request), (nameof(options.NewRoom), options.NewRoom),
            (nameof(options.Message), options.Message), (nameof(options.Reaction), options.Reaction),
            (nameof(options.Mark), options.Mark), (nameof(options.Typing), options.Typing),
            (nameof(options.NewGroup), options.NewGroup), (nameof(options.Conversation), options.Conversation),
            (nameof(options.Search), options.Search), (nameof(options.Watch), options.Watch),
            (nameof(options.NewNote), options.NewNote), (nameof(options.EditNote), options.EditNote),
        };
        foreach (var (rateName, rate) in rates)
        {
            if (!(rate.PerSecond > 0) || rate.Burst < 1)
            {
                return ValidateOptionsResult.Fail(
                    $"{LimitOptions.Section}:{rateName}: PerSecond has to be above 0 and Burst at least 1.");
            }
        }

        return ValidateOptionsResult.Success;
    }
}
