#nullable enable

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;

/// <summary>
/// Copies sources and puts the variants of some lists into them. A variant whose old text is not found exactly once
/// fails the build: the code has changed, and the variant has to follow it.
/// </summary>
public sealed class PatchSources : Microsoft.Build.Utilities.Task
{
    /// <summary>Stands in new text for the question whether the variant is the one that runs.</summary>
    private const string Question = "$is";

    private const string Old = "--- old";
    private const string New = "--- new";
    private const string End = "--- end";

    private readonly Dictionary<string, List<Edit>> _edits = new Dictionary<string, List<Edit>>();
    private readonly List<Variant> _variants = new List<Variant>();

    [Required]
    public string Root { get; set; } = "";

    [Required]
    public ITaskItem[] Sources { get; set; } = [];

    [Required]
    public ITaskItem[] Lists { get; set; } = [];

    /// <summary>Where the copies go; what else is there is deleted.</summary>
    [Required]
    public string Folder { get; set; } = "";

    public override bool Execute()
    {
        foreach (var list in Lists) Read(list.GetMetadata("FullPath"));
        var written = new HashSet<string>();
        foreach (var source in Sources.Select(item => item.GetMetadata("FullPath")))
        {
            var name = source.Substring(Path.GetFullPath(Root).Length).Replace('\\', '/');
            var text = File.ReadAllText(source).Replace("\r\n", "\n");
            if (_edits.TryGetValue(name, out var edits)) text = Apply(name, text, edits);
            _edits.Remove(name);
            // What lies among build output counts as generated, and has to say that it minds nulls.
            written.Add(Write(name, "#nullable enable\n" + text));
        }

        foreach (var edit in _edits.Values.SelectMany(edits => edits)) Fail(edit, "its file is not among the sources");
        written.Add(Write("Variants.g.cs", Names()));
        foreach (var stale in Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories).Except(written))
            File.Delete(stale);
        return !Log.HasLoggedErrors;
    }

    /// <summary>All edits are looked up in the source as it is, so that no variant depends on another.</summary>
    private string Apply(string name, string text, List<Edit> edits)
    {
        foreach (var edit in edits)
        {
            edit.At = text.IndexOf(edit.Old, StringComparison.Ordinal);
            if (edit.At < 0) Fail(edit, $"its old text is not in {name}");
            else if (text.IndexOf(edit.Old, edit.At + 1, StringComparison.Ordinal) >= 0)
                Fail(edit, $"its old text is in {name} more than once");
        }

        if (Log.HasLoggedErrors) return text;
        var patched = new StringBuilder();
        var end = 0;
        foreach (var edit in edits.OrderBy(edit => edit.At))
        {
            if (edit.At < end) Fail(edit, $"it changes text in {name} that another variant changes too");
            else patched.Append(text, end, edit.At - end).Append(edit.New);
            end = edit.At + edit.Old.Length;
        }

        return patched.Append(text, end, text.Length - end).ToString();
    }

    private string Write(string name, string text)
    {
        var target = Path.GetFullPath(Path.Combine(Folder, name));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (!File.Exists(target) || File.ReadAllText(target) != text) File.WriteAllText(target, text);
        return target;
    }

    private void Read(string list)
    {
        var lines = File.ReadAllLines(list);
        Variant? variant = null;
        var file = "";
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line.Substring(0, colon), line.Substring(colon + 2));
            if (line.Length == 0 || line[0] == '#') continue;
            if (field == "variant") _variants.Add(variant = new Variant(value));
            else if (variant is null) Fail(list, i, $"'{line}' stands before the first variant");
            else if (field == "workload") variant.Workload = value;
            else if (field == "seed") variant.Seed = value;
            else if (field == "why" || field[0] == ' ') variant.Why += " " + (field == "why" ? value : line.Trim());
            else if (field == "file") file = value;
            else if (line == Old) ReadEdit(list, lines, ref i, variant, file);
            else Fail(list, i, $"'{line}' is not understood");
        }
    }

    private void ReadEdit(string list, string[] lines, ref int at, Variant variant, string file)
    {
        var first = at + 1;
        var middle = Array.IndexOf(lines, New, first);
        var last = Array.IndexOf(lines, End, first);
        if (middle < 0 || last < middle)
        {
            Fail(list, at, $"'{Old}' is not followed by '{New}' and '{End}'");
            at = lines.Length;
            return;
        }

        var text = string.Join("\n", lines, middle + 1, last - middle - 1);
        if (!text.Contains(Question)) Fail(list, middle, $"the new text does not ask '{Question}'");
        if (!_edits.TryGetValue(file, out var edits)) _edits[file] = edits = new List<Edit>();
        edits.Add(new Edit(
            list, first, variant.Name, string.Join("\n", lines, first, middle - first),
            text.Replace(Question, $"global::RedNote.Simulation.Mutants.Mutant.Is(\"{variant.Name}\")")));
        at = last;
    }

    private string Names()
    {
        foreach (var twice in _variants.GroupBy(variant => variant.Name).Where(same => same.Count() > 1))
            Log.LogError($"There are two variants named '{twice.Key}'.");
        var lines = _variants.Select(variant
            => $"        new(\"{variant.Name}\", \"{variant.Workload}\", {variant.Seed}, "
                + $"\"\"\"{variant.Why.Trim()}\"\"\"),\n");
        return "namespace RedNote.Simulation.Mutants;\n\npublic static partial class Variants\n{\n"
            + "    public static Variant[] All { get; } =\n    [\n" + string.Concat(lines) + "    ];\n}\n";
    }

    private void Fail(Edit edit, string why) => Fail(edit.List, edit.Line, $"variant '{edit.Variant}': {why}");

    private void Fail(string list, int line, string why)
        => Log.LogError(null, "MUTANT", null, list, line + 1, 0, 0, 0, "A broken variant cannot be made: {0}.", why);

    private sealed class Variant(string name)
    {
        public string Name => name;

        public string Workload { get; set; } = "ledger";

        public string Seed { get; set; } = "1";

        public string Why { get; set; } = "";
    }

    private sealed class Edit(string list, int line, string variant, string old, string with)
    {
        public string List => list;

        public int Line => line;

        public string Variant => variant;

        public string Old => old;

        public string New => with;

        public int At { get; set; }
    }
}
