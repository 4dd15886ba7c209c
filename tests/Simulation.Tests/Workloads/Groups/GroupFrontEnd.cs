using Orleans.Streams;
using RedNote.Embedded.Simulation;
using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>
/// A front end that keeps groups open for members: listens to the news of each, asks for what it has missed, opens anew
/// when the group has lost its memory. It dies now and then, and another takes its place.
/// </summary>
internal sealed class GroupFrontEnd(
    SimulatedWorld world, GroupCast cast, SimulatedClient client, SimulationRandom random,
    IReadOnlyList<(UserId User, GroupBook Group)> places)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public SimulatedClient Client => client;

    public List<Place> Places { get; } = [];

    /// <summary>Keeps the groups open until it is told to stop, or dies.</summary>
    public void Start()
    {
        foreach (var (user, group) in places)
        {
            var place = new Place(this, user, group);
            Places.Add(place);
            _ = client.Node.Start(place.Live);
        }
    }

    /// <summary>One member's group, as it is open here.</summary>
    internal sealed class Place(GroupFrontEnd owner, UserId user, GroupBook group)
    {
        private readonly SortedDictionary<long, GroupNews> _early = [];
        private SimulatedSilo? _heard;
        private NewsWay? _way;

        public UserId User => user;

        public GroupBook Group => group;

        /// <summary>Null: not open.</summary>
        public GroupPage? Page { get; private set; }

        /// <summary>Messages that news have told of.</summary>
        public int Told { get; private set; }

        public async Task Live()
        {
            while (true)
            {
                try
                {
                    await Subscribe();
                    if (Page is null) await Open();
                    else await CatchUp();
                    await Report();
                }
                catch (Exception error)
                    when (Calls.IsExpected(error) || error is IOException or ObjectDisposedException)
                {
                    owner.World.Cluster.Note($"{owner.Name}: {error.GetType().Name}");
                }

                var pause = owner.Random.Delay(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(6));
                await Task.Delay(pause, owner.Client.Node.Time);
            }
        }

        /// <summary>A silo that has died says nothing any more, so that the next one is listened to.</summary>
        private async Task Subscribe()
        {
            if (owner.World.Cluster.Silo is not { } silo) return;
            if (ReferenceEquals(silo, _heard) && _way is { IsDeaf: false }) return;
            _way?.End();
            var way = new NewsWay(owner.World, owner.Client, owner.Random, group, Hear);
            await Within(owner.Client.Cluster.GetStreamProvider(StreamNames.Provider)
                .GetStream<GroupNews>(StreamNames.Group(group.Id)).SubscribeAsync(way));
            (_heard, _way) = (silo, way);
        }

        /// <summary>A silo that dies meanwhile would never answer.</summary>
        private async Task<T> Within<T>(Task<T> call)
        {
            var asked = owner.Client.Node.Run(() => call);
            await Task.WhenAny(asked, Task.Delay(Patience, owner.Client.Node.Time));
            return asked.IsCompleted ? await asked : throw new TimeoutException("The streams did not answer.");
        }

        private async Task Open()
        {
            long? after = owner.Random.Chance(0.5) ? Math.Max(0, group.Now.LastSeq - owner.Random.Next(30)) : null;
            var oldest = group.Oldest;
            var outcome = await owner.Client.Grains.Group(group.Id).Open(user, after);
            if (!owner.Cast.CheckOpened(group, oldest, user, after, outcome)) return;
            if (outcome.Opened!.HasMore) return;
            _early.Clear();
            Page = new GroupPage(owner.World, $"{user} in {group.Id}", outcome.Opened);
        }

        /// <summary>Asks for what did not come.</summary>
        private async Task CatchUp()
        {
            var (page, head, oldest) = (Page!, Page!.Head, group.Oldest);
            var recalled = group.Log.Views[(int)oldest].Messages.FindAll(message => message.Recalled);
            if (owner.Random.Chance(0.3))
            {
                // As who has missed some would: these are only looked at.
                var earlier = head with { Number = Math.Max(0, head.Number - owner.Random.Next(12)) };
                Check(earlier, await owner.Client.Grains.Group(group.Id).NewsAfter(earlier), recalled);
                return;
            }

            var answer = await owner.Client.Grains.Group(group.Id).NewsAfter(head);
            if (Page != page) return;
            Check(head, answer, recalled);
            if (answer is null)
            {
                group.Judge(oldest, "it is not there", view => view.Members.IsEmpty);
                Page = null;
                return;
            }

            if (!answer.IsComplete || answer.Head.Epoch != head.Epoch)
            {
                owner.World.Cluster.Note($"{owner.Name}: group {group.Id} went from {head} to {answer.Head}");
                if (answer.Head.Epoch >= head.Epoch) Page = null;
                return;
            }

            foreach (var news in answer.News) Take(news);
        }

        /// <summary>News after a head are all of them, in order, stored, and without what was taken back.</summary>
        private void Check(GroupHead after, GroupNewsAnswer? answer, IReadOnlyList<MessageView> recalled)
        {
            if (answer is null) return;
            owner.World.Require(answer.Head.Epoch <= group.Now.Epoch, $"{answer.Head} is not in the log.");
            if (!answer.IsComplete || answer.Head.Epoch != after.Epoch)
            {
                owner.World.Require(answer.News.IsEmpty, $"{answer.Head} after {after} has news.");
                return;
            }

            foreach (var news in answer.News)
            {
                group.CheckStored(news);
                group.CheckSilent(news, recalled);
            }

            owner.World.Require(
                (answer.News.IsEmpty ? after : answer.News[^1].Head) == answer.Head
                    && answer.News.Select((news, place) => news.Head.Number - place)
                        .All(first => first == after.Number + 1),
                $"{string.Join(' ', answer.News.Select(news => news.Head))} come after {after} to {answer.Head}.");
        }

        private async Task Report()
        {
            if (!owner.Random.Chance(0.2)) return;
            var users = owner.Places.Where(place => place.Group == group && place.Page is not null)
                .Select(place => place.User).Distinct();
            await owner.Client.Grains.Group(group.Id).Report(new GroupPresence(owner.Name, [.. users]));
        }

        private void Hear(GroupNews news) => Take(news);

        /// <summary>Takes news in the order of their numbers, each once.</summary>
        private void Take(GroupNews news)
        {
            if (Page is not { } page || news.Head.Epoch < page.Head.Epoch) return;
            if (news.Head.Epoch > page.Head.Epoch)
            {
                Page = null;
                return;
            }

            if (news.Head.Number > page.Head.Number) _early[news.Head.Number] = news;
            while (_early.Remove(page.Head.Number + 1, out var next))
            {
                var before = page.Told;
                page.Take(next);
                Told += page.Told - before;
            }

            if (!page.Has(user)) Page = null;
        }
    }

    private SimulatedWorld World => world;

    private GroupCast Cast => cast;

    private SimulationRandom Random => random;

    private string Name => client.Node.Name;
}

/// <summary>
/// The way of a group's news to a front end: it takes its time; some get lost, and some subscriptions go deaf. What
/// leaves the group is stored by then, and in order.
/// </summary>
internal sealed class NewsWay(
    SimulatedWorld world, SimulatedClient client, SimulationRandom random, GroupBook group, Action<GroupNews> onNews)
    : IAsyncObserver<GroupNews>
{
    private readonly Queue<GroupNews> _news = [];
    private readonly Dictionary<long, long> _published = [];
    private bool _isMoving;
    private bool _hasEnded;

    public bool IsDeaf { get; private set; }

    public void End() => _hasEnded = true;

    /// <summary>Runs in the silo.</summary>
    public Task OnNextAsync(GroupNews item, StreamSequenceToken? token = null)
    {
        if (_hasEnded || !client.Node.IsAlive) return Task.CompletedTask;
        world.Require(
            item.Head.Number > _published.GetValueOrDefault(item.Head.Epoch),
            $"Group {group.Id} publishes {item.Head} after {_published.GetValueOrDefault(item.Head.Epoch)}.");
        _published[item.Head.Epoch] = item.Head.Number;
        group.CheckStored(item);
        var faults = world.Cluster.Faults;
        if (faults.Strikes(FaultKind.SubscriptionDeaf)) IsDeaf = true;
        if (IsDeaf || faults.Strikes(FaultKind.StreamEventLost)) return Task.CompletedTask;
        _news.Enqueue(item);
        if (!_isMoving)
        {
            _isMoving = true;
            _ = client.Node.Start(Move);
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private async Task Move()
    {
        while (_news.TryDequeue(out var news))
        {
            if (random.Chance(0.2))
                await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)), client.Node.Time);
            if (!_hasEnded && !IsDeaf) onNews(news);
        }

        _isMoving = false;
    }
}
