using RedNote.Embedded.Simulation;
using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>Makes the groups and conversations of a run, as a front end does.</summary>
internal sealed class GroupFounding(SimulatedWorld world, SimulatedClient client, GroupCast cast)
{
    public async Task Make()
    {
        await Make(new GroupId(101), new UserId(1), JoinPolicy.Open, 2, 3, 4);
        await Make(new GroupId(102), new UserId(2), JoinPolicy.Approval, 1, 3, 5, 6, 7);
        await MakeAdmins(new GroupId(102), new UserId(2), 3, 5);
        await Make(new GroupId(103), new UserId(3), JoinPolicy.Invite, 8);
        await Talk(new UserId(4), new UserId(5), 104);
        await Talk(new UserId(1), new UserId(3), 106);
    }

    private async Task Make(GroupId id, UserId owner, JoinPolicy policy, params long[] members)
    {
        var command = new CreateGroup(
            owner, $"User {owner}", GroupKind.Group, $"Group {id}", policy, [.. members.Select(Member)], $"token-{id}");
        var outcome = await Ask($"group {id}", grains => grains.Group(id).Create(command));
        world.Require(outcome.Status == CommandStatus.Done, $"Group {id} is answered {outcome}.");
        cast.Add(id);
        var taken = await Ask(
            $"group {id} again", grains => grains.Group(id).Create(command with { Token = "another" }));
        world.Require(taken.Status == CommandStatus.Conflict, $"Group {id} is made twice: {taken}.");
    }

    /// <summary>Two admins, so that one may try what only the owner may do with another.</summary>
    private async Task MakeAdmins(GroupId id, UserId owner, params long[] admins)
    {
        foreach (var admin in admins)
        {
            var status = await Calls.UntilAnswered(
                world, client, $"{admin} is an admin of {id}",
                grains => grains.Group(id).SetRole(owner, new UserId(admin), GroupRole.Admin),
                status => status != CommandStatus.TryAgain);
            world.Require(status == CommandStatus.Done, $"That {admin} is an admin of {id} is answered {status}.");
        }
    }

    /// <summary>Both begin at once, and come to the same conversation.</summary>
    private async Task Talk(UserId one, UserId other, long id)
    {
        var both = await Task.WhenAll(Begin(one, other, new GroupId(id)), Begin(other, one, new GroupId(id + 1)));
        world.Require(both[0] == both[1], $"{one} and {other} have two conversations: {both[0]} and {both[1]}.");
        cast.Add(both[0]);
    }

    private async Task<GroupId> Begin(UserId from, UserId to, GroupId free)
    {
        var bound = await Calls.UntilAnswered(
            world, client, $"{from} talks with {to}",
            async grains => await grains.Conversation(from, to).Get() ?? await grains.Conversation(from, to).Bind(free),
            _ => true);
        var (low, high) = from.Value < to.Value ? (from, to) : (to, from);
        var outcome = await Ask($"conversation {bound}", grains => grains.Group(bound).Create(new CreateGroup(
            low, $"User {low}", GroupKind.Direct, "", JoinPolicy.Open, [Member(high.Value)], $"talk-{low}-{high}")));
        world.Require(outcome.Status == CommandStatus.Done, $"Conversation {bound} is answered {outcome}.");
        return bound;
    }

    private Task<GroupOutcome> Ask(string what, Func<IGrainFactory, Task<GroupOutcome>> call)
        => Calls.UntilAnswered(world, client, what, call, outcome => outcome.Status != CommandStatus.TryAgain);

    private static NewMember Member(long id) => new(new UserId(id), $"User {id}");
}
