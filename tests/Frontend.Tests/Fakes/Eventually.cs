using System.Runtime.CompilerServices;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>Waits for what happens on other threads.</summary>
internal static class Eventually
{
    /// <summary>Completes when the condition holds; fails, and says which it was, when it does not in time.</summary>
    public static async Task Holds(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < HubClient.Patience, $"Waited for: {what}");
            await Task.Delay(1);
        }
    }
}
