namespace RedNote.Silo.Journal;

/// <summary>
/// Version 2 of the schema: rows without a key of their own, and beside them an index that is filled behind.
/// </summary>
/// <remarks>
/// With the key (log, grain, first_version) in the table, each log of a batch had a page of the key to be written, and
/// that was most of the time of a batch of a thousand logs. Filled with thousands of rows in order, the index takes as
/// many pages for all of them as it took for one batch. It goes as far as <c>journal_indexed.up_to</c>: up to that id
/// it has every row, and what it has above is not looked at. Triggers keep that so whatever is done by hand; they cost
/// an insert nothing.
/// </remarks>
internal static class SqliteIndexSchema
{
    // Ids have to stay above up_to, or a row would never be indexed. A change by hand also tells the server that its
    // memory of the rows behind the index is of no use any more.
    private const string KeepProgress = """
        UPDATE journal_indexed SET writer = 0,
            up_to = min(up_to, coalesce((SELECT max(id) FROM journal_events), 0));
        """;

    private const string RemoveOld = """
        DELETE FROM journal_index
        WHERE log = old.log AND grain = old.grain AND first_version = old.first_version AND id = old.id;
        """;

    /// <summary>What leads from version 1 to version 2. Never changed.</summary>
    public static string[] Statements { get; } =
    [
        "ALTER TABLE journal_events RENAME TO journal_events_1",
        """
        CREATE TABLE journal_events (
            id integer PRIMARY KEY,
            log text NOT NULL,
            grain text NOT NULL,
            first_version integer NOT NULL,
            count integer NOT NULL,
            at integer NOT NULL,
            payload text NOT NULL)
        """,
        """
        INSERT INTO journal_events (id, log, grain, first_version, count, at, payload)
        SELECT rowid, log, grain, first_version, count, at, payload FROM journal_events_1 ORDER BY rowid
        """,
        "DROP TABLE journal_events_1",
        // The id is in the key so that damage, two rows of one version, can be told and not only refused.
        """
        CREATE TABLE journal_index (
            log text NOT NULL,
            grain text NOT NULL,
            first_version integer NOT NULL,
            id integer NOT NULL,
            PRIMARY KEY (log, grain, first_version, id)) WITHOUT ROWID
        """,
        "CREATE TABLE journal_indexed (up_to integer NOT NULL, writer integer NOT NULL)",
        "INSERT INTO journal_indexed (up_to, writer) VALUES (0, 0)",
        $"""
        CREATE TRIGGER journal_events_deleted AFTER DELETE ON journal_events
        BEGIN
            {RemoveOld}
            {KeepProgress}
        END
        """,
        $"""
        CREATE TRIGGER journal_events_moved AFTER UPDATE OF id, log, grain, first_version ON journal_events
        BEGIN
            {RemoveOld}
            INSERT INTO journal_index (log, grain, first_version, id)
            SELECT new.log, new.grain, new.first_version, new.id
            WHERE new.id <= (SELECT up_to FROM journal_indexed);
            {KeepProgress}
        END
        """,
        // For people and for the commands: logs by their key without a look at all of the rows.
        """
        CREATE VIEW journal_log AS
        SELECT i.log, i.grain, i.first_version, e.count, e.at, e.payload, e.id
        FROM journal_index AS i CROSS JOIN journal_events AS e ON e.id = i.id
        WHERE i.id <= (SELECT up_to FROM journal_indexed)
        UNION ALL
        SELECT log, grain, first_version, count, at, payload, id
        FROM journal_events WHERE id > (SELECT up_to FROM journal_indexed)
        """,
    ];
}
