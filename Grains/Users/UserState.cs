using RedNote.Journal;

namespace RedNote.Users;

/// <summary>A user as its events made it.</summary>
public sealed class UserState : IEventState<UserEvent>
{
    /// <summary>Users one user may follow.</summary>
    public const int MaxFollowing = 5_000;

    private string _creationKey = "";

    public bool Exists => _creationKey.Length > 0;

    public string Name { get; private set; } = "";

    public string Signature { get; private set; } = "";

    public string? Avatar { get; private set; }

    public FollowingBook Following { get; private init; } = new();

    public FollowerBook Followers { get; private init; } = new();

    /// <summary>Those who follow for the first time and whom the user was not told of; null: none.</summary>
    public NewFollowers? NewFollowers { get; private set; }

    public LoginBook Logins { get; private init; } = new([]);

    public SalesBook Sales { get; private init; } = new();

    /// <summary>Whether the user was made with that key.</summary>
    public bool WasCreatedWith(string key) => Exists && _creationKey == key;

    public void Apply(UserEvent raised)
    {
        switch (raised)
        {
            case UserCreated created:
                (Name, _creationKey) = (created.Name, created.CreationKey);
                break;
            case ProfileChanged changed:
                Change(changed);
                break;
            case UserFollowed followed:
                Following.Begin(followed.User, followed.Number);
                break;
            case UserUnfollowed unfollowed:
                Following.End(unfollowed.User);
                break;
            case FollowRefused refused:
                Following.TakeBack(refused.User, refused.Number);
                break;
            case FollowerChanged changed:
                Followers.Take(changed.Follower, changed.Follows, changed.Version);
                NewFollowers = changed.Name is { } name
                    ? new NewFollowers((NewFollowers?.Count ?? 0) + 1, changed.Follower, name)
                    : NewFollowers;
                break;
            case FollowersTold:
                NewFollowers = null;
                break;
            case SalesChanged changed:
                Sales.Take(changed.Sales);
                break;
            case LoginOpened opened:
                Logins.Open(opened);
                break;
            case LoginRenewed renewed:
                Logins.Renew(renewed.LoginId, renewed.Generation);
                break;
            case LoginClosed closed:
                Logins.Close(closed.LoginId);
                break;
            default:
                throw new ArgumentException($"A user does not know {raised.GetType().Name}.", nameof(raised));
        }
    }

    public UserDocument ToDocument() => new()
    {
        Name = Name,
        Signature = Signature,
        Avatar = Avatar,
        CreationKey = _creationKey,
        Following = Following.ToDocument(),
        Followers = Followers.ToDocument(),
        NewFollowers = NewFollowers,
        Logins = Logins.ToDocument(),
        Sales = Sales.ToDocument(),
    };

    public static UserState From(UserDocument document) => new()
    {
        Name = document.Name,
        Signature = document.Signature,
        Avatar = document.Avatar,
        _creationKey = document.CreationKey,
        Following = FollowingBook.From(document.Following),
        Followers = FollowerBook.From(document.Followers),
        NewFollowers = document.NewFollowers,
        Logins = new LoginBook(document.Logins),
        Sales = SalesBook.From(document.Sales),
    };

    private void Change(ProfileChanged changed)
    {
        Name = changed.Name ?? Name;
        Signature = changed.Signature ?? Signature;
        Avatar = changed.Avatar is null ? Avatar : changed.Avatar.Length > 0 ? changed.Avatar : null;
    }
}
