using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>Makes groups, and conversations of two. Names are looked up here and never taken from a client.</summary>
internal sealed class NewGroups(
    IGrainFactory grains, UserNames names, IIdGenerator ids, IOptions<GroupPortOptions> options)
{
    private const int IdAttempts = 3;

    public async Task<IResult> Make(UserId by, NewGroupRequest request)
    {
        var invalids = new Invalids();
        var name = invalids.Text("name", request.Name, TextRules.MaxGroupName);
        invalids.Require(
            GroupDrafts.TryReadPolicy(request.JoinPolicy, out var policy), "joinPolicy",
            "It has to be open, approval or invite.");
        var wanted = request.MemberIds ?? [];
        invalids.Require(
            wanted.Length <= options.Value.FirstMembers, "memberIds",
            $"There may be {options.Value.FirstMembers} at first.");
        var users = wanted.Length <= options.Value.FirstMembers ? GroupDrafts.ReadUsers(wanted) : [];
        invalids.Require(users is not null, "memberIds", "They have to be ids of users.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        if (await names.Of(by) is not { } byName)
        {
            return Refuse.Unauthorized;
        }

        var members = users!.Value.Remove(by);
        if (await Named(members) is not { } named)
        {
            return Refuse.Invalid("memberIds", "They have to be ids of users.");
        }

        return await Make(new CreateGroup(by, byName, GroupKind.Group, name, policy, named, ids.NextToken()));
    }

    /// <summary>
    /// The conversation of two users. Its id is bound before it is made, and both make it with the same words: whoever
    /// asks, and whenever somebody stops in the middle, there is one and the same.
    /// </summary>
    public async Task<IResult> Converse(UserId by, ConversationRequest request)
    {
        if (!EntityId.TryParse<UserId>(request.UserId, out var other) || other == by)
        {
            return Refuse.Invalid("userId", "It has to be the id of another user.");
        }

        var (first, second) = by.Value < other.Value ? (by, other) : (other, by);
        if (await names.Of(first) is not { } firstName || await names.Of(second) is not { } secondName)
        {
            return Refuse.NotFound;
        }

        // Of 63 random bits: it has to be free, as it is bound for ever.
        var binding = grains.Conversation(first, second);
        var fresh = new GroupId(ids.NextSecretNumber());
        var id = await binding.Get() ?? await binding.Bind(fresh);
        var group = grains.Group(id);
        var outcome = await group.Get(by);
        if (outcome.Status is CommandStatus.NotFound or CommandStatus.Forbidden)
        {
            var made = await group.Create(new CreateGroup(
                first, firstName, GroupKind.Direct, "", JoinPolicy.Invite, [new NewMember(second, secondName)],
                $"conversation-{first}-{second}"));
            if (made.Status != CommandStatus.Done)
            {
                return Refuse.For(made.Status);
            }

            outcome = await group.Get(by);
        }

        return outcome.Status != CommandStatus.Done ? Refuse.For(outcome.Status)
            : id == fresh ? Results.Created($"/api/groups/{id}", outcome.Group)
            : Results.Ok(outcome.Group);
    }

    private async Task<IResult> Make(CreateGroup command)
    {
        // Two ids of one millisecond agree once in four million; thrice in a row is something else.
        for (var attempt = 0; attempt < IdAttempts; attempt++)
        {
            var id = new GroupId(ids.NextId());
            var outcome = await grains.Group(id).Create(command);
            if (outcome.Status != CommandStatus.Conflict)
            {
                return outcome.Status == CommandStatus.Done
                    ? Results.Created($"/api/groups/{id}", outcome.Group)
                    : Refuse.For(outcome.Status);
            }
        }

        return Refuse.TryAgain;
    }

    /// <summary>Null when there is no such user among them.</summary>
    private async Task<ImmutableArray<NewMember>?> Named(ImmutableArray<UserId> users)
    {
        var known = await Parallelly.Map(users, options.Value.ParallelCalls, names.Of);
        return known.Contains(null)
            ? null
            : [.. users.Zip(known, (user, name) => new NewMember(user, name!))];
    }
}
