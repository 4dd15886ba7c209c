using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>The terms of deals, for lists of orders.</summary>
public sealed class DealTermsRows : IProjection<DealEvent>
{
    private const string Part = "part";
    private const string Body = "body";

    private static readonly ProjectionTable Rows = new(
        "deal_terms",
        keyColumns: 1,
        [new ProjectionColumn(Part, ProjectionType.Integer), new ProjectionColumn(Body, ProjectionType.Text)]);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, DealEvent raised)
        => raised is DealPrepared { Terms: var terms }
            ? [new UpsertRow(Rows, [0, JsonSerializer.Serialize(terms, DealJson.Journal.DealTerms)])]
            : [];

    /// <summary>The question for a deal's terms.</summary>
    public static ProjectionQuery AskFor(DealId deal) => new(Rows) { Grain = deal.ToString(), Limit = 1 };

    /// <summary>The terms in the rows that <see cref="AskFor"/> brought; null: there is no such deal.</summary>
    public static DealTerms? Read(IReadOnlyList<ProjectionRow> rows) => rows is [var row]
        ? JsonSerializer.Deserialize(row.Values[1].Text!, DealJson.Journal.DealTerms)
        : null;
}
