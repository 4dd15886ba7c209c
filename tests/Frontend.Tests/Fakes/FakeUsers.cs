using System.Reflection;
using RedNote.Users;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>A grain factory whose users answer nothing but their name, when a test says so.</summary>
public class FakeUsers : DispatchProxy
{
    private TaskCompletionSource<UserProfile?> _answer = new();
    private IUserGrain _user = null!;

    public IGrainFactory Grains { get; private set; } = null!;

    /// <summary>How often the name was asked for.</summary>
    public int Asked { get; private set; }

    public static FakeUsers Create()
    {
        var grains = Create<IGrainFactory, FakeUsers>();
        var fake = (FakeUsers)(object)grains;
        fake.Grains = grains;
        fake._user = Create<IUserGrain, FakeUsers>();
        ((FakeUsers)(object)fake._user)._asked = fake.Ask;
        return fake;
    }

    /// <summary>Who asked and who will ask gets this name.</summary>
    public void Answer(string name) => Next(
        answer => answer.SetResult(new UserProfile(new UserId(5), name, "", null, 1, 0, 0, 0, 0, false)));

    /// <summary>Who asked gets this failure; who will ask, waits.</summary>
    public void Fail(Exception failure)
    {
        var failed = _answer;
        _answer = new();
        failed.SetException(failure);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IGrainFactory.GetGrain) => _user,
        nameof(IUserGrain.Profile) => _asked!(),
        var other => throw new NotSupportedException(other),
    };

    private Func<Task<UserProfile?>>? _asked;

    private Task<UserProfile?> Ask()
    {
        Asked++;
        return _answer.Task;
    }

    private void Next(Action<TaskCompletionSource<UserProfile?>> answer)
    {
        var asked = _answer;
        if (asked.Task.IsCompleted)
        {
            asked = _answer = new();
        }

        answer(asked);
    }
}
