using System.Runtime.CompilerServices;

namespace RedNote.Embedded.Storage;

/// <summary>Creates the state of a grain that has none stored.</summary>
internal static class NewState<T>
{
    // Orleans' order: the parameterless constructor if there is one, else an instance with all fields zero.
    private static readonly bool HasConstructor =
        typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is not null;

    private static readonly bool IsBare = typeof(T).IsArray || typeof(T).IsAbstract || typeof(T) == typeof(string);

    public static T Create()
    {
        if (HasConstructor)
        {
            return Activator.CreateInstance<T>();
        }

        return IsBare ? default! : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
    }
}
