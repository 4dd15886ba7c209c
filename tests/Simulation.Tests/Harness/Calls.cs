using RedNote.Embedded.Simulation;

namespace RedNote.Simulation;

/// <summary>A client's calls of grains, repeated until they are answered.</summary>
internal static class Calls
{
    /// <summary>Whether a failure says no more than that the outcome is not known.</summary>
    public static bool IsExpected(Exception error)
        => error is TryAgainException or TimeoutException or SiloUnavailableException
            or OrleansMessageRejectionException;

    /// <summary>Repeats a call until it is answered by something else than that it has to be repeated.</summary>
    /// <param name="world">Where this happens.</param>
    /// <param name="client">Whose call it is.</param>
    /// <param name="what">What is asked, for the trace.</param>
    /// <param name="call">The call.</param>
    /// <param name="isAnswer">Whether that was an answer.</param>
    /// <param name="inDoubt">Called when an attempt was not answered.</param>
    public static async Task<T> UntilAnswered<T>(
        SimulatedWorld world,
        SimulatedClient client,
        string what,
        Func<IGrainFactory, Task<T>> call,
        Func<T, bool> isAnswer,
        Action? inDoubt = null)
    {
        while (true)
        {
            try
            {
                var answer = await call(client.Grains);
                if (isAnswer(answer))
                {
                    world.Cluster.Note($"{what}: {answer}");
                    return answer;
                }
            }
            catch (Exception error) when (IsExpected(error))
            {
                world.Cluster.Note($"{what}: {error.GetType().Name}");
            }

            inDoubt?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(300), client.Node.Time);
        }
    }
}
