namespace RedNote.Embedded.Tests.Conformance;

/// <summary>What <see cref="INotebookGrain"/> keeps.</summary>
[GenerateSerializer, Alias("conformance.page")]
public sealed class Page
{
    [Id(0)]
    public string Text { get; set; } = "";

    [Id(1)]
    public List<int> Numbers { get; set; } = [];
}

/// <summary>What a grain sees of its stored state.</summary>
[GenerateSerializer, Immutable, Alias("conformance.seen-page")]
public sealed record SeenPage(
    [property: Id(0)] string Text,
    [property: Id(1)] int Numbers,
    [property: Id(2)] bool Exists,
    [property: Id(3)] string? Etag);

[Alias("conformance.notebook")]
public interface INotebookGrain : IGrainWithStringKey
{
    Task<SeenPage> See();

    Task<SeenPage> Write(string text);

    /// <summary>Changes the state in memory only.</summary>
    Task<SeenPage> Scribble(string text);

    Task<SeenPage> Read();

    Task<SeenPage> Clear();

    /// <summary>Writes through a second facet on the same stored state, which knows nothing of the first's writes.
    /// </summary>
    Task WriteStale(string text);

    Task Leave();
}

public sealed class NotebookGrain(
    [PersistentState("page")] IPersistentState<Page> page, [PersistentState("page")] IPersistentState<Page> again,
    Signals signals)
    : Grain, INotebookGrain
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Note(this.GetPrimaryKeyString(), "deactivated");
        return Task.CompletedTask;
    }

    public Task<SeenPage> See()
        => Task.FromResult(new SeenPage(page.State.Text, page.State.Numbers.Count, page.RecordExists, page.Etag));

    public async Task<SeenPage> Write(string text)
    {
        await Scribble(text);
        await page.WriteStateAsync();
        return await See();
    }

    public Task<SeenPage> Scribble(string text)
    {
        page.State.Text = text;
        page.State.Numbers.Add(text.Length);
        return See();
    }

    public async Task<SeenPage> Read()
    {
        await page.ReadStateAsync();
        return await See();
    }

    public async Task<SeenPage> Clear()
    {
        await page.ClearStateAsync();
        return await See();
    }

    public Task WriteStale(string text)
    {
        again.State.Text = text;
        return again.WriteStateAsync();
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
