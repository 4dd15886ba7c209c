using RedNote.Embedded.Simulation;
using RedNote.Frontend.Live;

namespace RedNote.Simulation;

/// <summary>A front end's subscription to a stream of a silo that may die while it is asked.</summary>
/// <param name="client">The front end.</param>
/// <param name="patience">How long it waits for an answer.</param>
/// <param name="subscription">As the streams gave it.</param>
/// <param name="goDeaf">Called when it ends: nothing is heard from there on, whether the silo answers or not.</param>
internal sealed class SimulatedSubscription(
    SimulatedClient client, TimeSpan patience, IStreamSubscription subscription, Action goDeaf) : IStreamSubscription
{
    /// <summary>Waits for a subscription that was asked for; fails when the silo does not answer in time.</summary>
    public static async Task<IStreamSubscription> Of(
        SimulatedClient client, TimeSpan patience, Task<IStreamSubscription> subscribed, Action goDeaf)
        => new SimulatedSubscription(client, patience, await Within(client, patience, subscribed), goDeaf);

    public async Task Unsubscribe()
    {
        goDeaf();
        await Within(client, patience, End());
    }

    private async Task<bool> End()
    {
        await subscription.Unsubscribe();
        return true;
    }

    /// <summary>A silo that dies meanwhile would never answer.</summary>
    private static async Task<T> Within<T>(SimulatedClient client, TimeSpan patience, Task<T> call)
    {
        var asked = client.Node.Run(() => call);
        await Task.WhenAny(asked, Task.Delay(patience, client.Node.Time));
        return asked.IsCompleted ? await asked : throw new TimeoutException("The streams did not answer.");
    }
}
