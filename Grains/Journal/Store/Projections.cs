using System.Collections.Immutable;
using System.Globalization;

namespace RedNote.Journal;

/// <summary>
/// A table that is written in the appends' own transactions and can be rebuilt from the log. The store adds a first
/// column <c>grain</c> (text, the log's key); the primary key is that and the first <see cref="KeyColumns"/> columns.
/// </summary>
public sealed class ProjectionTable
{
    /// <param name="name">Lower snake; it is in databases.</param>
    /// <param name="keyColumns">How many of the columns belong to the key; at least 1.</param>
    /// <param name="columns">Without <c>grain</c>.</param>
    /// <param name="indexes">Column names of further indexes; <c>grain</c> comes before them unless it is named.
    /// </param>
    /// <param name="searched">The text column that <see cref="ProjectionQuery.Words"/> are looked for in; the key is
    /// one integer then, from 0 to <see cref="MaxSearchedKey"/>.</param>
    public ProjectionTable(
        string name,
        int keyColumns,
        ImmutableArray<ProjectionColumn> columns,
        ImmutableArray<ImmutableArray<string>> indexes = default,
        string? searched = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keyColumns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keyColumns, columns.Length);
        Name = name;
        KeyColumns = keyColumns;
        Columns = columns;
        Indexes = indexes.IsDefault ? [] : indexes;
        Searched = searched is null ? null : CheckSearched(searched);
    }

    /// <summary>The highest key of a table that is searched.</summary>
    public const long MaxSearchedKey = uint.MaxValue;

    public string Name { get; }

    public int KeyColumns { get; }

    public ImmutableArray<ProjectionColumn> Columns { get; }

    public ImmutableArray<ImmutableArray<string>> Indexes { get; }

    /// <summary>Where in <see cref="Columns"/> the text is that is searched; null: none is.</summary>
    public int? Searched { get; }

    /// <summary>Where a column is in <see cref="Columns"/>; throws for one that is not there.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Length; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }
        }

        throw new ArgumentException($"Table {Name} has no column {column}.", nameof(column));
    }

    /// <summary>The searched text of a row as <see cref="SearchText.Fold"/> writes it; empty: it is not found by words.
    /// </summary>
    public string Fold(ImmutableArray<ProjectionValue> row)
    {
        if (Searched is not { } column || row[column].Text is not { } text)
        {
            return "";
        }

        var key = row[0].Number;
        ArgumentOutOfRangeException.ThrowIfNegative(key, Columns[0].Name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key, MaxSearchedKey, Columns[0].Name);
        return SearchText.Fold(text);
    }

    /// <summary>Whether a row meets all of the conditions, as the databases see it.</summary>
    public bool Matches(ImmutableArray<ProjectionValue> row, ImmutableArray<ColumnMatch> where)
    {
        foreach (var match in where)
        {
            if (!match.Holds(row[IndexOf(match.Column)]))
            {
                return false;
            }
        }

        return true;
    }

    private int CheckSearched(string searched)
    {
        var column = IndexOf(searched);
        var hasNumber = KeyColumns == 1 && Columns[0].Type == ProjectionType.Integer;
        return hasNumber && Columns[column].Type == ProjectionType.Text
            ? column
            : throw new ArgumentException(
                $"Table {Name} cannot be searched: its key is not one integer, or column {searched} is not text.",
                nameof(searched));
    }
}

/// <summary>A column of a <see cref="ProjectionTable"/>; columns outside of the key may hold null.</summary>
public sealed record ProjectionColumn(string Name, ProjectionType Type);

/// <summary>What a column holds.</summary>
public enum ProjectionType
{
    /// <summary>A signed 64-bit integer.</summary>
    Integer,

    /// <summary>Text, compared by <see cref="TextOrder"/>.</summary>
    Text,
}

/// <summary>A value of a projection row: an integer, a text, or null.</summary>
public readonly record struct ProjectionValue
{
    private ProjectionValue(long number, string? text, bool isNull)
    {
        Number = number;
        Text = text;
        IsNull = isNull;
    }

    public static ProjectionValue Null { get; } = new(0, null, isNull: true);

    /// <summary>The integer; 0 for a text.</summary>
    public long Number { get; }

    /// <summary>The text; null for an integer.</summary>
    public string? Text { get; }

    public bool IsNull { get; }

    public static implicit operator ProjectionValue(long number) => new(number, null, isNull: false);

    public static implicit operator ProjectionValue(string? text) => text is null ? Null : new(0, text, isNull: false);

    public override string ToString()
        => IsNull ? "null" : Text ?? Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A row of a projection table: the log's key, and a value per column of the table.</summary>
public sealed record ProjectionRow(string Grain, ImmutableArray<ProjectionValue> Values);

/// <summary>A change to the rows that belong to the append's own log.</summary>
public abstract record ProjectionChange(ProjectionTable Table);

/// <summary>Adds a row, or replaces the one with the same key. One value per column of the table.</summary>
public sealed record UpsertRow(ProjectionTable Table, ImmutableArray<ProjectionValue> Values) : ProjectionChange(Table);

/// <summary>Deletes the log's rows that match all of the conditions.</summary>
public sealed record DeleteRows(ProjectionTable Table, ImmutableArray<ColumnMatch> Where) : ProjectionChange(Table);

/// <summary>A condition on a column.</summary>
public sealed record ColumnMatch(string Column, Comparison Comparison, ProjectionValue Value)
{
    /// <summary>Whether a value of that column meets it.</summary>
    internal bool Holds(ProjectionValue value)
    {
        if (value.IsNull || Value.IsNull)
        {
            return false;
        }

        var order = value.Text is { } text
            ? TextOrder.Compare(text, Value.Text!)
            : value.Number.CompareTo(Value.Number);
        return Comparison switch
        {
            Comparison.Equal => order == 0,
            Comparison.AtLeast => order >= 0,
            Comparison.Above => order > 0,
            Comparison.AtMost => order <= 0,
            Comparison.Below => order < 0,
            _ => throw new InvalidOperationException($"Unknown comparison {Comparison}."),
        };
    }
}

/// <summary>How a column is compared; null matches nothing.</summary>
public enum Comparison
{
    Equal,
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// <summary>A question to a projection table.</summary>
public sealed record ProjectionQuery(ProjectionTable Table)
{
    /// <summary>The log's key; null: rows of every grain.</summary>
    public string? Grain { get; init; }

    /// <summary>All have to hold.</summary>
    public ImmutableArray<ColumnMatch> Where { get; init; } = [];

    /// <summary>Columns to sort by; the key (and the grain, if none is given) decides between equals.</summary>
    public ImmutableArray<string> OrderBy { get; init; } = [];

    public bool Descending { get; init; }

    /// <summary>Rows at most.</summary>
    public required int Limit { get; init; }

    /// <summary>Only rows whose searched text has all of these words, as people would look for them: see
    /// <see cref="SearchWords"/>. Then a grain has to be given, and no order but that of the key.</summary>
    public string? Words { get; init; }

    /// <summary>The words, once the question is known to be one that a store can answer; null: it has none.</summary>
    public SearchWords? ParseWords()
    {
        if (Words is null)
        {
            return null;
        }

        if (Table.Searched is null || Grain is null || !OrderBy.IsEmpty)
        {
            throw new InvalidOperationException(
                $"Table {Table.Name}: words are found in rows of one grain, in order of the key, in the column named.");
        }

        return new SearchWords(Words);
    }
}
