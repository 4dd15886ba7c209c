namespace RedNote.Embedded.Tests.Streams;

/// <summary>Waits for what has to come true, and says what did not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task Equal<T>(T[] expected, Func<T[]> actual) => Equal(expected, () => Task.FromResult(actual()));

    public static async Task Equal<T>(T[] expected, Func<Task<T[]>> actual)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var last = await actual();
            if (last.SequenceEqual(expected) || TimeProvider.System.GetElapsedTime(started) > Limit)
            {
                Assert.Equal(expected, last);
                return;
            }

            await Task.Yield();
        }
    }
}
