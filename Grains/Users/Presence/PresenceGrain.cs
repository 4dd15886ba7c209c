using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace RedNote.Users;

/// <summary>See <see cref="IPresenceGrain"/>. A front end that says nothing for a minute is taken for gone; it says
/// everything again should it not be.</summary>
[Reentrant]
internal sealed partial class PresenceGrain(
    IOptions<InboxOptions> options, TimeProvider time, ILogger<PresenceGrain> logger) : Grain, IPresenceGrain
{
    private readonly Dictionary<string, FrontEndUsers> _frontEnds = new(StringComparer.Ordinal);
    private readonly Dictionary<UserId, ImmutableArray<FrontEndUsers>> _users = [];

    public Task<bool> Report(PresenceReport report)
    {
        ForgetSilent();
        var isKnown = _frontEnds.TryGetValue(report.FrontEnd, out var frontEnd);
        if (report.IsWhole)
        {
            // One that was overtaken on its way says what was so before.
            if (isKnown && report.Number <= frontEnd!.Number)
            {
                return Task.FromResult(false);
            }

            Forget(frontEnd);
            _frontEnds[report.FrontEnd] = frontEnd = new FrontEndUsers(report.FrontEnd);
        }
        else if (!isKnown || report.Number != frontEnd!.Number + 1)
        {
            return Task.FromResult(false);
        }

        (frontEnd.Number, frontEnd.HeardAt) = (report.Number, time.GetTimestamp());
        foreach (var user in report.Left)
        {
            Leave(frontEnd, user);
        }

        foreach (var user in report.Came)
        {
            if (frontEnd.Users.Add(user))
            {
                _users[user] = _users.TryGetValue(user, out var others) ? others.Add(frontEnd) : [frontEnd];
            }
        }

        if (report.IsAnswered)
        {
            frontEnd.OwesAnswer = true;
            BeginPublishing(frontEnd);
        }

        return Task.FromResult(true);
    }

    public Task<bool> Tell(UserNotice notice)
    {
        var isAnywhere = false;
        foreach (var frontEnd in _users.GetValueOrDefault(notice.UserId, []))
        {
            if (IsSilent(frontEnd))
            {
                continue;
            }

            isAnywhere = true;
            frontEnd.Notices.Enqueue(notice);
            if (frontEnd.Notices.Count > options.Value.NoticesPerFrontEnd)
            {
                frontEnd.Notices.Dequeue();
            }

            BeginPublishing(frontEnd);
        }

        return Task.FromResult(isAnywhere);
    }

    private void BeginPublishing(FrontEndUsers frontEnd)
    {
        if (!frontEnd.IsPublishing)
        {
            frontEnd.IsPublishing = true;
            _ = Publish(frontEnd);
        }
    }

    /// <summary>Publishes what waits for a front end, one event after the other, so that a burst becomes few.</summary>
    private async Task Publish(FrontEndUsers frontEnd)
    {
        var stream = this.GetStreamProvider(StreamNames.Provider)
            .GetStream<UserNotices>(StreamNames.Notices(frontEnd.Name));
        while (frontEnd.Notices.Count > 0 || frontEnd.OwesAnswer)
        {
            frontEnd.OwesAnswer = false;
            var items = ImmutableArray.CreateBuilder<UserNotice>();
            while (items.Count < options.Value.NoticesPerEvent && frontEnd.Notices.TryDequeue(out var notice))
            {
                items.Add(notice);
            }

            try
            {
                await stream.OnNextAsync(new UserNotices(items.DrainToImmutable()));
            }
            catch (Exception error)
            {
                // Who is not told finds it in the list.
                LogNotPublished(logger, frontEnd.Name, error);
            }
        }

        frontEnd.IsPublishing = false;
    }

    private bool IsSilent(FrontEndUsers frontEnd)
        => time.GetElapsedTime(frontEnd.HeardAt).TotalSeconds >= options.Value.LeaseSeconds;

    private void ForgetSilent()
    {
        foreach (var frontEnd in _frontEnds.Values.Where(IsSilent).ToList())
        {
            Forget(frontEnd);
        }
    }

    private void Forget(FrontEndUsers? frontEnd)
    {
        if (frontEnd is null)
        {
            return;
        }

        _frontEnds.Remove(frontEnd.Name);
        foreach (var user in frontEnd.Users.ToList())
        {
            Leave(frontEnd, user);
        }
    }

    private void Leave(FrontEndUsers frontEnd, UserId user)
    {
        if (frontEnd.Users.Remove(user))
        {
            var others = _users[user].Remove(frontEnd);
            if (others.IsEmpty)
            {
                _users.Remove(user);
            }
            else
            {
                _users[user] = others;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Front end {FrontEnd} was not sent notices for its users")]
    private static partial void LogNotPublished(ILogger logger, string frontEnd, Exception error);

    /// <summary>A front end, its users of this shard, and what is to be sent there.</summary>
    private sealed class FrontEndUsers(string name)
    {
        public string Name => name;

        public long Number { get; set; }

        public long HeardAt { get; set; }

        public HashSet<UserId> Users { get; } = [];

        public Queue<UserNotice> Notices { get; } = [];

        /// <summary>An event is to go there, though it be empty.</summary>
        public bool OwesAnswer { get; set; }

        public bool IsPublishing { get; set; }
    }
}
