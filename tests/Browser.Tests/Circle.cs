using System.Text.Json;
using Microsoft.Playwright;
using RedNote.Frontend.Tests;

namespace RedNote.Browser.Tests;

/// <summary>One server for groups, which know nothing of each other; started with the first.</summary>
public sealed class CircleServer : IAsyncDisposable
{
    private FrontendProcess? _server;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    internal async Task<Uri> Address() => (_server ??= await FrontendProcess.Start([])).Address;
}

/// <summary>Somebody who has made a group, and whoever is invited. Their browsers are closed with it.</summary>
internal sealed class Circle : IAsyncDisposable
{
    private readonly Chromium _chromium;
    private readonly Uri _server;
    private readonly List<Person> _people = [];
    private string _invite = "";

    private Circle(Chromium chromium, Uri server) => (_chromium, _server) = (chromium, server);

    /// <summary>Who made it, at a desktop, in English.</summary>
    public Person Owner { get; private set; } = null!;

    /// <param name="chromium">Everybody's browser.</param>
    /// <param name="server">Where the group is.</param>
    /// <param name="name">Of the group.</param>
    /// <param name="scheme">The owner's.</param>
    public static async Task<Circle> Open(
        Chromium chromium, CircleServer server, string name, ColorScheme scheme = ColorScheme.Light)
    {
        // Asked for first: without a browser the test is skipped before anything is started.
        var browser = chromium.Browser;
        var circle = new Circle(chromium, await server.Address());
        try
        {
            await circle.Begin(await Person.OnDesktop(browser, circle._server, scheme), name);
            return circle;
        }
        catch
        {
            await circle.DisposeAsync();
            throw;
        }
    }

    /// <summary>Somebody on a phone, in Chinese, who has come in by the invite link.</summary>
    public async Task<Person> Invite(string name)
    {
        var person = await Person.OnPhone(_chromium.Browser, _server);
        _people.Add(person);
        await person.Page.GotoAsync($"/invite/{_invite}");
        await person.At("invite-join").ClickAsync();
        await person.SignIn(name);
        await IsReady(person);
        return person;
    }

    public Task<string> OwnerId() => Owner.Page.EvaluateAsync<string>(
        "() => JSON.parse(localStorage.getItem('rednote.session')).userId");

    /// <summary>The owner writes a note and sends it to the group, as another program of theirs would.</summary>
    public async Task<string> SendNote(string title, string body)
    {
        var note = await Ask("POST", "/api/notes", new { title, body, key = "note" });
        var id = note!.Value.GetProperty("noteId").GetString()!;
        await using var client = await HubClient.Connect(_server, await OwnerToken());
        var group = new Uri(Owner.Page.Url).Segments[^1];
        var sent = await client.Invoke(
            "SendMessage", group, new { text = "", card = new { kind = "note", id }, key = "note-card" });
        Assert.Equal("accepted", sent.GetProperty("status").GetString());
        return id;
    }

    public Task DeleteNote(string note) => Ask("DELETE", $"/api/notes/{note}", null);

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }
    }

    private Task<string> OwnerToken() => Owner.Page.EvaluateAsync<string>(
        "() => JSON.parse(localStorage.getItem('rednote.session')).accessToken");

    private async Task<JsonElement?> Ask(string method, string path, object? body)
        => await Owner.Page.EvaluateAsync<JsonElement?>(
            """
            async ([method, path, body, token]) => {
              const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
              const answer = await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
              if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
              return answer.status === 204 ? null : answer.json();
            }
            """,
            new object?[] { method, path, body, await OwnerToken() });

    private static Task IsReady(Person person)
        => Assertions.Expect(person.At("chat")).ToHaveAttributeAsync("data-ready", "true");

    private async Task Begin(Person owner, string name)
    {
        _people.Add(owner);
        Owner = owner;
        await owner.At("sign-in").ClickAsync();
        await owner.SignIn("Momo");
        await owner.At("nav-groups").ClickAsync();
        await owner.At("new-group").ClickAsync();
        await owner.At("group-name").FillAsync(name);
        await owner.At("group-make").ClickAsync();
        await IsReady(owner);
        await owner.At("members-open").ClickAsync();
        await owner.At("invite-make").ClickAsync();
        _invite = await owner.At("invite").GetAttributeAsync("data-code") ?? "";
        await owner.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(owner.At("members-panel")).ToHaveCountAsync(0);
    }
}

/// <summary>What people do in a chat.</summary>
internal static class Chatting
{
    public static async Task Write(this Person person, string text)
    {
        await person.At("say-input").FillAsync(text);
        await person.At("say-input").PressAsync("Enter");
        await Assertions.Expect(person.At("outgoing")).ToHaveCountAsync(0);
    }

    public static Task HasMessage(this Person person, string text)
        => Assertions.Expect(person.Message(text)).ToHaveCountAsync(1);

    /// <summary>Opens the menu of a message and takes something from it.</summary>
    public static async Task Menu(this Person person, string text, string testId)
    {
        var message = person.Message(text);
        await message.HoverAsync();
        await message.GetByTestId("message-menu").ClickAsync();
        await message.GetByTestId(testId).First.ClickAsync();
    }

    private static ILocator Message(this Person person, string text)
        => person.At("message").Filter(new() { Has = person.Page.Locator(".message-text", new() { HasText = text }) });
}
