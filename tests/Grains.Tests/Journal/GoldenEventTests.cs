using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

/// <summary>
/// Keeps every event that was ever written readable. Each kind has a file <c>Golden/&lt;log&gt;/&lt;kind&gt;.json</c>
/// with the event as it is written today. When a kind gains a member, its file is kept as
/// <c>&lt;kind&gt;.&lt;what it lacks&gt;.json</c> and a new one takes its place; no file is ever changed or deleted.
/// </summary>
/// <param name="log">The folder, and what kinds begin with.</param>
/// <param name="form">How the log reads and writes its events.</param>
public abstract class GoldenEventTests<TEvent>(string log, JsonTypeInfo<TEvent> form) where TEvent : class
{
    /// <summary>One event of every kind, with every member set.</summary>
    protected abstract IEnumerable<TEvent> Samples { get; }

    [Fact]
    public void Kinds_EveryEvent_HasAStableNameAndASample()
    {
        var events = typeof(TEvent).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(TEvent)));
        var named = typeof(TEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().ToList();
        var samples = Samples.ToList();
        Assert.NotEmpty(named);
        Assert.True(typeof(TEvent).IsAbstract, "an event without a kind must not be readable");
        Assert.Equal(Names(events), Names(named.Select(kind => kind.DerivedType)));
        Assert.Equal(Names(events), Names(samples.Select(sample => sample.GetType())));
        Assert.All(named, kind => Assert.Matches(
            $"^{log}[.][a-z][a-z0-9_]*$", Assert.IsType<string>(kind.TypeDiscriminator)));

        static List<string> Names(IEnumerable<Type> types)
            => [.. types.Select(type => type.Name).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Write_EachSample_IsExactlyItsFile()
    {
        Assert.All(Samples, sample =>
        {
            var written = Write(sample);
            var kind = Kind(written);
            Assert.True(
                Files().TryGetValue(kind, out var file), $"Golden/{log}/{kind}.json is missing; it is:\n{written}");
            Assert.Equal(file, written);
        });
    }

    [Fact]
    public void Samples_Written_HaveEveryMember()
    {
        foreach (var sample in Samples)
        {
            var written = JsonNode.Parse(Write(sample))!.AsObject();
            var members = form.Options.GetTypeInfo(sample.GetType()).Properties;
            Assert.All(members, member => Assert.True(
                written.ContainsKey(member.Name), $"the sample of {Kind(written.ToJsonString())} lacks {member.Name}"));
        }
    }

    [Fact]
    public void Read_EveryFileEverAdded_GivesAnEventOfItsKind()
    {
        Assert.NotEmpty(Files());
        foreach (var (name, file) in Files())
        {
            Assert.True(name == Kind(file) || name.StartsWith(Kind(file) + ".", StringComparison.Ordinal), name);
            Assert.Equal(Kind(file), Kind(Write(Read(file))));
        }
    }

    [Fact]
    public void Read_MembersOfANewerProgram_ArePassedOver()
    {
        foreach (var file in Files().Values)
        {
            var newer = JsonNode.Parse(file)!.AsObject();
            newer["addedLater"] = new JsonObject { ["kind"] = "of its own", ["list"] = new JsonArray(1, "two", null) };
            Assert.Equal(Write(Read(file)), Write(Read(newer.ToJsonString())));
        }
    }

    [Fact]
    public void Read_MembersInAnotherOrder_AreTheSameEvent()
    {
        // Who repairs a log by hand does not mind where the kind stands, and a database may sort members.
        foreach (var file in Files().Values)
        {
            var turned = new JsonObject();
            foreach (var (name, value) in JsonNode.Parse(file)!.AsObject().Reverse())
            {
                turned[name] = value?.DeepClone();
            }

            Assert.Equal(Write(Read(file)), Write(Read(turned.ToJsonString())));
        }
    }

    [Fact]
    public void Read_UnknownOrMissingKind_Fails()
    {
        var file = JsonNode.Parse(Files().First().Value)!.AsObject();
        file[JournalJson.Kind] = $"{log}.of_a_newer_program";
        Assert.ThrowsAny<JsonException>(() => Read(file.ToJsonString()));
        file.Remove(JournalJson.Kind);
        Assert.ThrowsAny<Exception>(() => Read(file.ToJsonString()));
    }

    private string Write(TEvent raised) => JsonSerializer.Serialize(raised, form);

    private TEvent Read(string json) => Assert.IsAssignableFrom<TEvent>(JsonSerializer.Deserialize(json, form));

    private static string Kind(string json) => JsonNode.Parse(json)![JournalJson.Kind]!.GetValue<string>();

    /// <summary>The golden files, by name without ending; they are in the test's assembly.</summary>
    private SortedDictionary<string, string> Files()
    {
        var assembly = typeof(GoldenFiles).Assembly;
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (GoldenFiles.Name().Match(resource.Replace('\\', '/')) is { Success: true } name
                && name.Groups["log"].Value == log)
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
                files[name.Groups["file"].Value] = reader.ReadToEnd().TrimEnd('\n');
            }
        }

        return files;
    }
}

internal static partial class GoldenFiles
{
    [GeneratedRegex("^golden/(?<log>[^/]+)/(?<file>.+)[.]json$")]
    public static partial Regex Name();
}
