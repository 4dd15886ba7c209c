using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A call: its method and its arguments.</summary>
public interface IInvokable : IDisposable
{
    /// <summary>The object that is called; null until the call is under way.</summary>
    object? GetTarget();

    int GetArgumentCount();

    object? GetArgument(int index);

    void SetArgument(int index, object value);

    string GetMethodName();

    string GetInterfaceName();

    string GetActivityName();

    MethodInfo GetMethod();

    Type GetInterfaceType();

    TimeSpan? GetDefaultResponseTimeout() => default;

    CancellationToken GetCancellationToken() => default;

    bool IsCancellable => false;
}

/// <summary>Holds the object that is called and its components.</summary>
public interface ITargetHolder
{
    object? GetTarget();

    object? GetComponent(Type componentType);
}
