using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>A projection table as PostgreSQL knows it: <see cref="ProjectionSql"/>, and statements on many rows.
/// </summary>
internal sealed partial class PostgresTable(ProjectionTable table)
{
    private static readonly ProjectionSql Sql = new(SqlFlavor.Postgres);

    private readonly string _name = ProjectionSql.NameOf(table);

    public ProjectionTable Table => table;

    /// <summary>Adds or replaces rows: an array of grains, and one per column.</summary>
    public string Upsert { get; } = WriteUpsert(table);

    /// <summary>What brings the table to the shape wanted; see <see cref="ProjectionSql.Migrate"/>.</summary>
    public IEnumerable<string> Migrate(string? stored) => Sql.Migrate(table, stored);

    /// <summary>Deletes rows by conditions of one shape: an array of grains, and one per condition.</summary>
    public string Delete(ImmutableArray<ColumnMatch> shape)
    {
        var arrays = shape.Select((match, i) => Array(i + 2, TypeOf(match.Column)))
            .Prepend(Array(1, ProjectionType.Text));
        var names = shape.Select((_, i) => $"v{i}").Prepend("g");
        var conditions = shape.Select((match, i) =>
            $" AND t.{ProjectionSql.Quoted(match.Column)} {ProjectionSql.Operator(match.Comparison)} w.v{i}");
        return $"""
            DELETE FROM {_name} t
            USING unnest({string.Join(", ", arrays)}) AS w ({string.Join(", ", names)})
            WHERE t.grain = w.g{string.Concat(conditions)}
            """;
    }

    public NpgsqlCommand Select(ProjectionQuery query)
    {
        var command = new NpgsqlCommand(Sql.Select(query));
        if (query.Grain is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = PostgresText.Write(query.Grain) });
        }

        foreach (var match in query.Where)
        {
            command.Parameters.Add(Value(match.Column, match.Value));
        }

        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = query.Limit });
        return command;
    }

    public ProjectionRow Read(NpgsqlDataReader reader)
    {
        var values = ImmutableArray.CreateBuilder<ProjectionValue>(table.Columns.Length);
        for (var i = 0; i < table.Columns.Length; i++)
        {
            values.Add(
                reader.IsDBNull(i + 1) ? ProjectionValue.Null
                : table.Columns[i].Type == ProjectionType.Integer ? reader.GetInt64(i + 1)
                : PostgresText.Read(reader.GetString(i + 1)));
        }

        return new ProjectionRow(PostgresText.Read(reader.GetString(0)), values.MoveToImmutable());
    }

    /// <summary>A parameter of many values for a column.</summary>
    public NpgsqlParameter Values(string column, IEnumerable<ProjectionValue> values)
        => TypeOf(column) == ProjectionType.Integer
            ? new NpgsqlParameter<long?[]>
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                TypedValue = [.. values.Select(Number)],
            }
            : new NpgsqlParameter<string?[]>
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                TypedValue = [.. values.Select(Text)],
            };

    /// <summary>A parameter of many grains.</summary>
    public static NpgsqlParameter Grains(IEnumerable<string> grains) => new NpgsqlParameter<string[]>
    {
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        TypedValue = [.. grains.Select(PostgresText.Write)],
    };

    private NpgsqlParameter Value(string column, ProjectionValue value) => TypeOf(column) == ProjectionType.Integer
        ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = Number(value) ?? (object)DBNull.Value }
        : new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = Text(value) ?? (object)DBNull.Value };

    private static long? Number(ProjectionValue value)
    {
        if (value.Text is not null)
        {
            throw new ArgumentException("A column of integers was given a text.", nameof(value));
        }

        return value.IsNull ? null : value.Number;
    }

    private static string? Text(ProjectionValue value)
    {
        if (value.Text is null && !value.IsNull)
        {
            throw new ArgumentException("A column of texts was given an integer.", nameof(value));
        }

        return value.Text is null ? null : PostgresText.Write(value.Text);
    }

    private static string Array(int parameter, ProjectionType type)
        => $"${parameter}::{(type == ProjectionType.Integer ? "bigint" : "text")}[]";

    private ProjectionType TypeOf(string column) => table.Columns[table.IndexOf(column)].Type;

    private static string WriteUpsert(ProjectionTable table)
    {
        var isSearched = table.Searched is not null;
        var columns = string.Join(", ", table.Columns.Select(column => ProjectionSql.Quoted(column.Name)));
        var keys = string.Join(
            ", ", table.Columns.Take(table.KeyColumns).Select(column => ProjectionSql.Quoted(column.Name)));
        var arrays = table.Columns.Select((column, i) => Array(i + 2, column.Type))
            .Prepend(Array(1, ProjectionType.Text));
        var names = string.Join(", ", Enumerable.Range(0, table.Columns.Length).Select(i => $"v{i}"));
        if (isSearched)
        {
            columns += $", {SearchSql.Text}, {SearchSql.Tokens}";
            arrays = arrays.Concat(Enumerable.Range(2, 2)
                .Select(i => Array(table.Columns.Length + i, ProjectionType.Text)));
        }

        IEnumerable<string> search = isSearched ? [SearchSql.Text, SearchSql.Tokens] : [];
        var sets = table.Columns.Skip(table.KeyColumns).Select(column => ProjectionSql.Quoted(column.Name))
            .Concat(search).Select(name => $"{name} = excluded.{name}").ToList();
        // In the order of the key, so that transactions of several nodes lock rows in the same order.
        return $"""
            INSERT INTO {ProjectionSql.NameOf(table)} (grain, {columns})
            SELECT g, {names}{(isSearched ? ", words, tokens::bigint[]" : "")}
            FROM unnest({string.Join(", ", arrays)}) AS i (g, {names}{(isSearched ? ", words, tokens" : "")})
            ORDER BY {string.Join(", ", Enumerable.Range(1, table.KeyColumns + 1))}
            ON CONFLICT (grain, {keys}) DO {(sets.Count == 0 ? "NOTHING" : $"UPDATE SET {string.Join(", ", sets)}")}
            """;
    }
}
