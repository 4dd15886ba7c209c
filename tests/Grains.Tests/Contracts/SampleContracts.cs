using System.Collections.Immutable;
using System.Text;
using Orleans.Concurrency;

namespace RedNote.Grains.Tests.Contracts;

/// <summary>Everything that a contract must not be, for the tests of the walker.</summary>
public interface IBadGrain : IGrainWithStringKey
{
    [Alias("same")]
    Task<PlainBase> One();

    [Alias("same")]
    Task<ImmutableArray<PlainMessage>> Two();

    Task Send(StringBuilder text);

    Task<Dictionary<string, MutableMessage>> Mutable(MutableMessage message);

    int NoTask();
}

public class PlainMessage
{
    public string Text { get; } = "";
}

[GenerateSerializer, Immutable, Alias("bad.twice")]
public abstract record PlainBase;

[GenerateSerializer, Immutable]
public sealed record Derived(int Number) : PlainBase;

[GenerateSerializer, Immutable, Alias("bad.twice")]
public sealed record MutableMessage(int[] Numbers)
{
#pragma warning disable CS0414, IDE0044, IDE0051, CA1823 // A field of this kind is what the walker has to find.
    private readonly int _field = 3;
#pragma warning restore CS0414, IDE0044, IDE0051, CA1823

    [Id(0)]
    public string Text { get; set; } = "";

    [Id(0)]
    public string Other { get; init; } = "";

    [Id(1)]
    public IReadOnlyList<string> Names { get; init; } = [];

    public int Hidden { get; init; }
}

/// <summary>A contract as it should be.</summary>
[Alias("good.grain")]
public interface IGoodGrain : IGrainWithIntegerKey
{
    ValueTask<ImmutableArray<GoodMessage>> Ask(GoodMessage? question, CancellationToken stop);

    [OneWay]
    Task Tell(IGoodGrain other, DateTimeOffset at, (int, string) pair);
}

[GenerateSerializer, Immutable, Alias("good.message")]
public sealed record GoodMessage(string Text, ImmutableDictionary<string, GoodValue> Values)
{
    [Id(0)]
    public long? Count { get; init; }

    public int Length => Text.Length;
}

[GenerateSerializer, Immutable, Alias("good.value")]
public readonly record struct GoodValue(int Number);
