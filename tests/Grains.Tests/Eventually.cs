namespace RedNote.Grains.Tests;

/// <summary>Waits for a condition of which nothing tells.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Asks again and again until it holds; fails with what it waited for.</summary>
    public static async Task Holds(string what, Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Waited for this in vain: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    /// <inheritdoc cref="Holds(string, Func{Task{bool}})"/>
    public static Task Holds(string what, Func<bool> condition) => Holds(what, () => Task.FromResult(condition()));
}
