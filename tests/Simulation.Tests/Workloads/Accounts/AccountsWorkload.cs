using RedNote.Users;

namespace RedNote.Simulation.Accounts;

/// <summary>
/// People claim handles of which there are too few, change their profiles and passwords, follow each other and use
/// their logins, each through a client of their own.
/// </summary>
public sealed class AccountsWorkload : IWorkload
{
    private const int People = 9;
    private const int Handles = 12;

    /// <summary>Longer than anything of a call can be under way after its caller has given up.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(1);

    private readonly AccountsModel _model = new();

    public void Configure(ISiloBuilder silo)
    {
        // The grains of RedNote are all there is.
    }

    public async Task Run(SimulatedWorld world)
    {
        for (var i = 1; i <= People; i++)
        {
            var client = world.AddClient($"person{i}");
            _model.People.Add(new Person(new UserId(i), client, world.Random.Fork(client.Node.Name)));
        }

        await Task.WhenAll(_model.People.Select(person => person.Client.Node.Start(() => Live(world, person))));
    }

    public Task Check(SimulatedWorld world)
    {
        var client = world.AddClient("checker");
        return client.Node.Start(() => new AccountsCheck(world, _model, client).Run());
    }

    /// <summary>Repeats a call until it is answered by something else than that it has to be repeated.</summary>
    internal static Task<T> Ask<T>(
        SimulatedWorld world, Person person, string what, Func<IGrainFactory, Task<T>> call, Action? inDoubt = null)
        => Calls.UntilAnswered(
            world, person.Client, what, call,
            answer => answer is not (CommandStatus.TryAgain or ProfileOutcome { Status: CommandStatus.TryAgain }),
            inDoubt);

    private async Task Live(SimulatedWorld world, Person person)
    {
        for (var i = 0; i < world.Bounds.Commands / People; i++)
        {
            if (person.Random.Chance(0.5))
                await Pause(person, person.Random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
            var kind = person.Random.Next(100);
            var number = person.Random.Next(1_000);
            if (!world.Take($"{person.Client.Node.Name} does {kind}, {number}")) continue;
            if (person.Handle is null) await Claim(world, person, number);
            else if (!person.IsMade) await Create(world, person);
            else await Act(world, person, kind, number);
        }
    }

    private Task Act(SimulatedWorld world, Person person, int kind, int number) => kind switch
    {
        < 20 => ChangeProfile(world, person, number),
        < 30 => Rehash(world, person),
        < 55 => Follow(world, person, number),
        < 60 => Login(world, person, number),
        < 80 => Renew(world, person, number),
        < 83 => Logout(world, person, number),
        < 92 => ReadProfile(world, person),
        < 97 => ReadAccount(world, person, number),
        _ => UseAgain(world, person, number),
    };

    private async Task Claim(SimulatedWorld world, Person person, int number)
    {
        var handle = $"handle{number % Handles}";
        var account = new Account(person.Id, person.Name, person.Hash, person.Token);
        var status = await Ask(
            world, person, $"{person.Id} claims {handle}", grains => grains.Account(handle).Claim(account));
        var owner = _model.Owners.TryGetValue(handle, out var known) ? known : default;
        switch (status)
        {
            case CommandStatus.Done:
                world.Require(
                    owner.Token is null, $"{handle} was given to {person.Id}, and to {owner.User} before.");
                _model.Owners[handle] = (person.Id, person.Token);
                person.Handle = handle;
                break;
            case CommandStatus.Conflict:
                _model.Taken.Add(handle);
                break;
            default:
                world.Violate($"The claim of {handle} was answered {status}.");
                break;
        }
    }

    private static async Task Create(SimulatedWorld world, Person person)
    {
        var status = await Ask(
            world, person, $"{person.Id} is made",
            grains => grains.User(person.Id).Create(new NewUser(person.Name, person.Token)));
        world.Require(status == CommandStatus.Done, $"User {person.Id} was answered {status} when it was made.");
        person.IsMade = true;
    }

    private static async Task ChangeProfile(SimulatedWorld world, Person person, int number)
    {
        if (IsInDoubt(world, person, "profile")) return;
        person.Changes++;
        var change = number % 3 == 0
            ? new ProfileChange(null, $"signature {person.Changes}", null)
            : new ProfileChange($"name {person.Changes}", null, null);
        var outcome = await AskToChange(world, person, change);
        while (outcome.Status == CommandStatus.NotFound && world.Cluster.WasShared)
        {
            // An activation that was overtaken may not know yet that the user was made.
            await Pause(person, TimeSpan.FromSeconds(1));
            outcome = await AskToChange(world, person, change);
        }

        world.Require(outcome.Status == CommandStatus.Done, $"User {person.Id}: {change} was answered {outcome}.");
        person.Name = change.Name ?? person.Name;
        person.Signature = change.Signature ?? person.Signature;
        world.Require(
            outcome.Profile!.Name == person.Name && outcome.Profile.Signature == person.Signature,
            $"User {person.Id} was told {outcome.Profile}, not {person.Name} and {person.Signature}.");
    }

    private static Task<ProfileOutcome> AskToChange(SimulatedWorld world, Person person, ProfileChange change)
        => Ask(
            world, person, $"{person.Id} is now {change}", grains => grains.User(person.Id).ChangeProfile(change),
            () => Doubt(world, person, "profile"));

    private static async Task Rehash(SimulatedWorld world, Person person)
    {
        if (IsInDoubt(world, person, "hash")) return;
        person.Changes++;
        var hash = $"hash-{person.Id.Value}-{person.Changes}-end";
        person.OldHashes.Add(person.Hash);
        await Ask(world, person, $"{person.Id} has {hash}", async grains =>
        {
            await grains.Account(person.Handle!).Rehash(hash);
            return true;
        }, () => Doubt(world, person, "hash"));
        person.Hash = hash;
    }

    private async Task Follow(SimulatedWorld world, Person person, int number)
    {
        var target = new UserId(1 + (number % (People + 1)));
        if (IsInDoubt(world, person, $"follow {target}")) return;
        var follows = !person.Following.Contains(target.Value);
        var wasMade = IsMade(target);
        var status = await AskToFollow(world, person, target, follows);
        if (target == person.Id && follows)
        {
            world.Require(
                status == CommandStatus.Invalid || (status == CommandStatus.NotFound && world.Cluster.WasShared),
                $"{person.Id} may follow itself: {status}.");
            return;
        }

        // Activations that were overtaken may not know yet that one of the two was made, also after an attempt that was
        // not answered and took place.
        while (status == CommandStatus.NotFound && world.Cluster.WasShared && IsMade(target))
        {
            await Pause(person, TimeSpan.FromSeconds(1));
            status = await AskToFollow(world, person, target, follows);
        }

        if (status == CommandStatus.NotFound && follows && !wasMade) return;
        world.Require(status == CommandStatus.Done, $"{person.Id} on {target}: answered {status}.");
        if (follows) person.Following.Add(target.Value);
        else person.Following.Remove(target.Value);
    }

    private static Task<CommandStatus> AskToFollow(SimulatedWorld world, Person person, UserId target, bool follows)
        => Ask(
            world, person, $"{person.Id} {(follows ? "follows" : "leaves")} {target}",
            grains => follows ? grains.User(person.Id).Follow(target) : grains.User(person.Id).Unfollow(target),
            () => Doubt(world, person, $"follow {target}"));

    private bool IsMade(UserId user) => _model.People.Exists(person => person.Id == user && person.IsMade);

    private static async Task Login(SimulatedWorld world, Person person, int number)
    {
        // A person opens few, so that none ends because there are too many.
        if (person.Logins.Count >= LoginBook.MaxLogins / 2) return;
        var id = (person.Id.Value * 1_000_000) + (person.Changes++ * 1_000) + number;
        var expires = person.Client.Node.Time.GetUtcNow().AddDays(30).ToUnixTimeMilliseconds();
        var login = await Ask(
            world, person, $"{person.Id} logs in as {id}",
            grains => grains.User(person.Id).OpenLogin(new LoginRequest(id, expires)));
        if (login is null && world.Cluster.WasShared) return;
        world.Require(login == new Login(id, 1), $"{person.Id} got {login} for login {id}.");
        person.Logins[id] = new LoginView(id);
    }

    private static async Task Renew(SimulatedWorld world, Person person, int number)
    {
        if (person.Logins.Count == 0) return;
        var view = person.Logins.Values.ElementAt(number % person.Logins.Count);
        var used = new Login(view.Id, view.Generation);
        var renewed = await Ask(
            world, person, $"{person.Id} renews {used}",
            grains => grains.User(person.Id).RenewLogin(used), () => view.IsInDoubt = true);
        if (renewed is null)
        {
            // An activation that was overtaken may not know the login yet; nobody has ended it then.
            world.Require(
                view.IsClosed || view.IsInDoubt || world.Cluster.WasShared,
                $"{person.Id} lost {used}, which was valid.");
            view.IsInDoubt = true;
            return;
        }

        world.Require(!view.IsClosed, $"{person.Id} renewed {used}, which had ended.");
        world.Require(
            renewed == used with { Generation = used.Generation + 1 } && view.Renewed.Add(used.Generation),
            $"{person.Id} renewed {used} to {renewed}; it was renewed before or it is another.");
        view.Generation = renewed.Generation;
    }

    /// <summary>A token that was used up comes again, as if it had been stolen: it opens nothing, and ends the login.
    /// </summary>
    private static async Task UseAgain(SimulatedWorld world, Person person, int number)
    {
        var known = person.Logins.Values.Where(view => view is { Generation: > 1, IsInDoubt: false }).ToList();
        if (known.Count == 0) return;
        var view = known[number % known.Count];
        var used = new Login(view.Id, view.Generation - 1);
        var renewed = await Ask(
            world, person, $"{person.Id} uses {used} again", grains => grains.User(person.Id).RenewLogin(used));
        world.Require(renewed is null, $"{person.Id} got {renewed} for {used}, which was used up.");
        view.IsClosed = true;
    }

    private static async Task Logout(SimulatedWorld world, Person person, int number)
    {
        if (person.Logins.Count == 0) return;
        var view = person.Logins.Values.ElementAt(number % person.Logins.Count);
        await Ask(world, person, $"{person.Id} logs {view.Id} out", async grains =>
        {
            await grains.User(person.Id).CloseLogin(view.Id);
            return true;
        });
        view.IsClosed = true;
    }

    private static async Task ReadProfile(SimulatedWorld world, Person person)
    {
        // Of oneself: nobody else changes it, so it is what was answered last. Old activations may lag.
        var before = person.Changes;
        var profile = await Ask(
            world, person, $"{person.Id} looks at itself", grains => grains.User(person.Id).Profile(null));
        if (world.Cluster.WasShared || person.Changes != before) return;
        world.Require(
            profile is not null && profile.Name == person.Name && profile.Signature == person.Signature
                && profile.Following == person.Following.Count,
            $"{person.Id} sees {profile}, not {person.Name}, {person.Signature}, following {person.Following.Count}.");
    }

    private async Task ReadAccount(SimulatedWorld world, Person person, int number)
    {
        var handle = $"handle{number % Handles}";
        var isOwned = _model.Owners.TryGetValue(handle, out var owner);
        var account = await Ask(world, person, $"who has {handle}", grains => grains.Account(handle).Get());
        if (isOwned)
        {
            world.Require(
                account is null ? world.Cluster.WasShared : account.UserId == owner.User,
                $"{handle} is shown as {account}, and {owner.User} owns it.");
        }
    }

    private static void Doubt(SimulatedWorld world, Person person, string about)
        => person.Doubts[about] = world.Cluster.Loop.Now + Lingering.Ticks;

    private static bool IsInDoubt(SimulatedWorld world, Person person, string about)
        => person.Doubts.GetValueOrDefault(about) > world.Cluster.Loop.Now;

    private static Task Pause(Person person, TimeSpan time) => Task.Delay(time, person.Client.Node.Time);
}
