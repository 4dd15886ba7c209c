using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>
/// A server of its own, a host who is live in a room, and whoever comes to watch. What was opened here is closed with
/// it, people before their server.
/// </summary>
internal sealed class Show : IAsyncDisposable
{
    private const string HostName = "Momo";

    private readonly Chromium _chromium;
    private readonly ReducedMotion _motion;
    private readonly List<Person> _people = [];

    private Show(Chromium chromium, FrontendProcess server, string title, ReducedMotion motion)
    {
        _chromium = chromium;
        _motion = motion;
        Server = server;
        Title = title;
    }

    public FrontendProcess Server { get; }

    public string Title { get; }

    /// <summary>Who runs it, on a desktop in English.</summary>
    public Person Host { get; private set; } = null!;

    /// <param name="chromium">Everybody's browser.</param>
    /// <param name="title">Of the room.</param>
    /// <param name="settings">Configuration of the server besides the defaults.</param>
    /// <param name="scheme">The host's.</param>
    /// <param name="motion">Everybody's.</param>
    public static async Task<Show> Open(
        Chromium chromium, string title, Dictionary<string, string>? settings = null,
        ColorScheme scheme = ColorScheme.Light, ReducedMotion motion = ReducedMotion.Reduce)
    {
        // Asked for first: without a browser the test is skipped before anything is started.
        var browser = chromium.Browser;
        var show = new Show(chromium, await FrontendProcess.Start(settings ?? []), title, motion);
        try
        {
            show.Host = show.Keep(await Person.OnDesktop(browser, show.Server.Address, scheme, motion));
            await show.Host.GoLive(HostName, title);
            return show;
        }
        catch
        {
            await show.DisposeAsync();
            throw;
        }
    }

    /// <summary>Somebody on a phone, in Chinese, who has come into the room.</summary>
    public async Task<Person> OnPhone(string name, ColorScheme scheme = ColorScheme.Light)
        => await Enter(await Person.OnPhone(_chromium.Browser, Server.Address, scheme, _motion), name);

    /// <summary>Somebody at a desktop, in English, who has come into the room.</summary>
    public async Task<Person> OnDesktop(string name, ColorScheme scheme = ColorScheme.Light)
        => await Enter(await Person.OnDesktop(_chromium.Browser, Server.Address, scheme, _motion), name);

    /// <summary>Somebody who is at the page already comes into the room.</summary>
    public async Task<Person> Enter(Person person, string name)
    {
        await Keep(person).Visit(Title, name);
        return person;
    }

    /// <summary>No browser complained of anything.</summary>
    /// <param name="exceptions">What a complaint may contain and be forgiven.</param>
    public async Task HasNoComplaints(params string[] exceptions)
    {
        foreach (var person in _people)
        {
            await person.HasNoComplaints(exceptions);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    private Person Keep(Person person)
    {
        _people.Add(person);
        return person;
    }
}
