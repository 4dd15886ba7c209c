namespace RedNote.Browser.Tests;

/// <summary>Measures inside the pages when a danmaku was sent on one and began to fly on another.</summary>
internal static class Flights
{
    // Both pages run on one machine, so that their clocks agree; timeOrigin + now() is finer than Date.now().
    private const string WatchSends = """
        () => {
          window.sentAt = 0;
          document.addEventListener("keydown", (e) => {
            if (e.key === "Enter") window.sentAt = performance.timeOrigin + performance.now();
          }, { capture: true });
        }
        """;

    // On the air is what has a place on the stage and has moved since: an element that was only added does not fly.
    private const string WatchFlights = """
        () => {
          window.flights = new Map();
          const stage = document.querySelector('[data-testid="danmaku-stage"]');
          const look = (item, x) => requestAnimationFrame(() => {
            const box = item.getBoundingClientRect();
            if (!item.isConnected) return;
            if (x !== null && box.width > 0 && box.left !== x) {
              window.flights.set(item.textContent, performance.timeOrigin + performance.now());
            } else look(item, box.left);
          });
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes) {
              for (const node of addedNodes) {
                // The renderer puts each one into a mover of its own.
                for (const item of node.querySelectorAll?.('[data-testid="danmaku-item"]') ?? []) look(item, null);
              }
            }
          }).observe(stage, { childList: true, subtree: true });
        }
        """;

    private const string WaitForFlight = """
        text => new Promise((done) => {
          const end = performance.now() + 10_000;
          const look = () => {
            const at = window.flights.get(text) ?? 0;
            if (at > 0 || performance.now() > end) done(at);
            else requestAnimationFrame(look);
          };
          look();
        })
        """;

    public static Task StartWatching(Person sender, Person receiver)
        => Task.WhenAll(sender.Page.EvaluateAsync(WatchSends), receiver.Page.EvaluateAsync(WatchFlights));

    /// <summary>Sends a danmaku and answers the milliseconds from the key press to its flight on the other's stage.
    /// </summary>
    public static async Task<double> Send(Person sender, Person receiver, string text)
    {
        await sender.Say(text);
        var flew = await receiver.Page.EvaluateAsync<double>(WaitForFlight, text);
        Assert.True(flew > 0, $"'{text}' did not fly within 10 s.");
        return flew - await sender.Page.EvaluateAsync<double>("() => window.sentAt");
    }
}
