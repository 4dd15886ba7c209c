using System.Text.Json;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>What a user's events owe to other grains, as it is stored until it is delivered.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TellFollowed), "user_effect.tell_followed")]
[JsonDerivedType(typeof(TellInbox), "user_effect.tell_inbox")]
public abstract record UserEffect
{
    /// <summary>The receiver's name of a user.</summary>
    public static string Receiver(UserId user) => $"user/{user}";

    /// <summary>The receiver's name of the user's own inbox.</summary>
    public const string Inbox = "inbox";

    /// <summary>The effects of an event.</summary>
    public static IEnumerable<EffectDraft> Of(UserEvent raised) => raised switch
    {
        UserFollowed followed => [Draft(new TellFollowed(followed.User, true, followed.Number))],
        UserUnfollowed unfollowed => [Draft(new TellFollowed(unfollowed.User, false, 0))],
        FollowersTold told => [Draft(new TellInbox(told.Count, told.Last, told.Name, told.At))],
        _ => [],
    };

    public static UserEffect Read(string payload)
        => JsonSerializer.Deserialize(payload, UserJson.Instance.UserEffect)
            ?? throw new JsonException("The effect is null.");

    private static EffectDraft Draft(TellFollowed effect) => Draft(Receiver(effect.User), effect);

    private static EffectDraft Draft(TellInbox effect) => Draft(Inbox, effect);

    private static EffectDraft Draft(string receiver, UserEffect effect)
        => new(receiver, JsonSerializer.Serialize(effect, UserJson.Instance.UserEffect));
}

/// <summary>The user's inbox is to be told who follows; see <see cref="FollowersTold"/>.</summary>
public sealed record TellInbox(int Count, UserId Last, string Name, long At) : UserEffect;

/// <summary>Another user is to be told that this one follows, or no longer.</summary>
/// <param name="User">Who is told.</param>
/// <param name="Follows">Whether it holds.</param>
/// <param name="Number">The follow's <see cref="UserFollowed.Number"/>; 0 for the end of one.</param>
public sealed record TellFollowed(UserId User, bool Follows, long Number) : UserEffect;
