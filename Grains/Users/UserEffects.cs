using System.Text.Json;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>What a user's events owe to other grains, as it is stored until it is delivered.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TellFollowed), "user_effect.tell_followed")]
public abstract record UserEffect
{
    /// <summary>The receiver's name of a user.</summary>
    public static string Receiver(UserId user) => $"user/{user}";

    /// <summary>The effects of an event.</summary>
    public static IEnumerable<EffectDraft> Of(UserEvent raised) => raised switch
    {
        UserFollowed followed => [Draft(new TellFollowed(followed.User, true, followed.Number))],
        UserUnfollowed unfollowed => [Draft(new TellFollowed(unfollowed.User, false, 0))],
        _ => [],
    };

    public static UserEffect Read(string payload)
        => JsonSerializer.Deserialize(payload, UserJson.Instance.UserEffect)
            ?? throw new JsonException("The effect is null.");

    private static EffectDraft Draft(TellFollowed effect)
        => new(Receiver(effect.User), JsonSerializer.Serialize(effect, UserJson.Instance.UserEffect));
}

/// <summary>Another user is to be told that this one follows, or no longer.</summary>
/// <param name="User">Who is told.</param>
/// <param name="Follows">Whether it holds.</param>
/// <param name="Number">The follow's <see cref="UserFollowed.Number"/>; 0 for the end of one.</param>
public sealed record TellFollowed(UserId User, bool Follows, long Number) : UserEffect;
