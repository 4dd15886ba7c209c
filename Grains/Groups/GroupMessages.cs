using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>The messages of a group as they are now: a row each, by number. The row binds the sender's key.</summary>
internal sealed class GroupMessages : IProjection<GroupLogEvent>
{
    private const string Seq = "seq";
    private const string Sender = "sender";
    private const string SendKey = "send_key";
    private const string At = "at";
    private const string Version = "version";
    private const string Content = "content";
    private const string Text = "text";
    private const string Body = "body";

    private static readonly ProjectionTable Rows = new(
        "group_messages",
        keyColumns: 1,
        [
            new ProjectionColumn(Seq, ProjectionType.Integer),
            new ProjectionColumn(Sender, ProjectionType.Integer),
            new ProjectionColumn(SendKey, ProjectionType.Text),
            new ProjectionColumn(At, ProjectionType.Integer),
            new ProjectionColumn(Version, ProjectionType.Integer),
            new ProjectionColumn(Content, ProjectionType.Integer),
            new ProjectionColumn(Text, ProjectionType.Text),
            new ProjectionColumn(Body, ProjectionType.Text),
        ],
        [[Sender, SendKey, Seq], [At, Seq]],
        searched: Text);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, GroupLogEvent raised) => raised switch
    {
        MessagePosted posted =>
            [Row(posted.Message, posted.Text, new MessagePlace(version, posted.Key, posted.Check))],
        MessageChanged changed => [Row(changed.Message, changed.Text, changed.Place)],
        MessageRecalled recalled => [Row(recalled.Message, "", recalled.Place)],
        _ => [],
    };

    /// <summary>The question for messages between two numbers, both included, the oldest of them if there are more.
    /// </summary>
    public static ProjectionQuery Ask(long from, long to, int limit) => new(Rows)
    {
        Where = [new ColumnMatch(Seq, Comparison.AtLeast, from), new ColumnMatch(Seq, Comparison.AtMost, to)],
        OrderBy = [Seq],
        Limit = limit,
    };

    /// <summary>The question for the last message that was sent with a key.</summary>
    public static ProjectionQuery AskKey(UserId sender, string key) => new(Rows)
    {
        Where =
        [
            new ColumnMatch(Sender, Comparison.Equal, sender.Value),
            new ColumnMatch(SendKey, Comparison.Equal, key),
        ],
        OrderBy = [Seq],
        Descending = true,
        Limit = 1,
    };

    /// <summary>The question for the first message from a time on, Unix ms.</summary>
    public static ProjectionQuery AskSince(long at) => new(Rows)
    {
        Where = [new ColumnMatch(At, Comparison.AtLeast, at)],
        OrderBy = [At, Seq],
        Limit = 1,
    };

    /// <summary>The question for the newest messages before a number that have all of the words.</summary>
    public static ProjectionQuery AskWords(string words, long before, int limit) => new(Rows)
    {
        Words = words,
        Where = [new ColumnMatch(Seq, Comparison.Below, before)],
        Descending = true,
        Limit = limit,
    };

    /// <summary>The messages in rows, in order of their numbers.</summary>
    public static List<MessageCard> Read(IReadOnlyList<ProjectionRow> rows)
        => [.. rows.Select(Read).OrderBy(card => card.Seq)];

    private static MessageCard Read(ProjectionRow row) => new(
        JsonSerializer.Deserialize(row.Values[7].Text!, GroupJson.Journal.StoredMessage)!,
        row.Values[6].Text ?? "",
        new MessagePlace(row.Values[4].Number, row.Values[2].Text!, row.Values[5].Number));

    private static UpsertRow Row(StoredMessage message, string text, MessagePlace place) => new(
        Rows,
        [
            message.Seq, message.From.Value, place.Key, message.At, place.Version, place.Check, text,
            JsonSerializer.Serialize(message, GroupJson.Journal.StoredMessage),
        ]);
}

/// <summary>Which events besides the first hold a text of a message, so that a recall can blank them all.</summary>
internal sealed class GroupTexts : IProjection<GroupLogEvent>
{
    private const string Seq = "seq";
    private const string Version = "version";

    private static readonly ProjectionTable Rows = new(
        "group_texts",
        keyColumns: 2,
        [new ProjectionColumn(Seq, ProjectionType.Integer), new ProjectionColumn(Version, ProjectionType.Integer)]);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, GroupLogEvent raised) => raised switch
    {
        MessageChanged changed => [new UpsertRow(Rows, [changed.Message.Seq, version])],
        MessageRecalled recalled =>
            [new DeleteRows(Rows, [new ColumnMatch(Seq, Comparison.Equal, recalled.Message.Seq)])],
        _ => [],
    };

    public static ProjectionQuery Ask(long seq, int limit) => new(Rows)
    {
        Where = [new ColumnMatch(Seq, Comparison.Equal, seq)],
        Limit = limit,
    };

    public static long VersionOf(ProjectionRow row) => row.Values[1].Number;
}

/// <summary>Who has put which emoji under which message.</summary>
internal sealed class GroupReactions : IProjection<GroupLogEvent>
{
    private const string Seq = "seq";
    private const string UserId = "user_id";
    private const string Emoji = "emoji";

    private static readonly ProjectionTable Rows = new(
        "group_reactions",
        keyColumns: 3,
        [
            new ProjectionColumn(UserId, ProjectionType.Integer),
            new ProjectionColumn(Seq, ProjectionType.Integer),
            new ProjectionColumn(Emoji, ProjectionType.Text),
        ],
        [[Seq]]);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, GroupLogEvent raised) => raised switch
    {
        MessageReacted { On: true } put => [new UpsertRow(Rows, [put.UserId.Value, put.Seq, put.Emoji])],
        MessageReacted taken =>
        [
            new DeleteRows(
                Rows,
                [
                    new ColumnMatch(UserId, Comparison.Equal, taken.UserId.Value),
                    new ColumnMatch(Seq, Comparison.Equal, taken.Seq),
                    new ColumnMatch(Emoji, Comparison.Equal, taken.Emoji),
                ]),
        ],
        MessageRecalled recalled =>
            [new DeleteRows(Rows, [new ColumnMatch(Seq, Comparison.Equal, recalled.Message.Seq)])],
        _ => [],
    };

    /// <summary>The question for what a user has put under messages between two numbers, both included.</summary>
    public static ProjectionQuery AskOf(UserId user, long from, long to, int limit) => new(Rows)
    {
        Where =
        [
            new ColumnMatch(UserId, Comparison.Equal, user.Value),
            new ColumnMatch(Seq, Comparison.AtLeast, from),
            new ColumnMatch(Seq, Comparison.AtMost, to),
        ],
        Limit = limit,
    };

    public static (long Seq, string Emoji) Read(ProjectionRow row) => (row.Values[1].Number, row.Values[2].Text!);
}

/// <summary>How often which emoji stands under which message.</summary>
internal sealed class GroupReactionCounts : IProjection<GroupLogEvent>
{
    private const string Seq = "seq";
    private const string Emoji = "emoji";
    private const string Count = "count";

    private static readonly ProjectionTable Rows = new(
        "group_reaction_counts",
        keyColumns: 2,
        [
            new ProjectionColumn(Seq, ProjectionType.Integer),
            new ProjectionColumn(Emoji, ProjectionType.Text),
            new ProjectionColumn(Count, ProjectionType.Integer),
        ]);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, GroupLogEvent raised) => raised switch
    {
        MessageReacted { Count: > 0 } reacted => [new UpsertRow(Rows, [reacted.Seq, reacted.Emoji, reacted.Count])],
        MessageReacted none =>
        [
            new DeleteRows(
                Rows,
                [
                    new ColumnMatch(Seq, Comparison.Equal, none.Seq),
                    new ColumnMatch(Emoji, Comparison.Equal, none.Emoji),
                ]),
        ],
        MessageRecalled recalled =>
            [new DeleteRows(Rows, [new ColumnMatch(Seq, Comparison.Equal, recalled.Message.Seq)])],
        _ => [],
    };

    /// <summary>The question for the counts of messages between two numbers, both included.</summary>
    public static ProjectionQuery Ask(long from, long to, int limit) => new(Rows)
    {
        Where = [new ColumnMatch(Seq, Comparison.AtLeast, from), new ColumnMatch(Seq, Comparison.AtMost, to)],
        Limit = limit,
    };

    public static (long Seq, string Emoji, int Count) Read(ProjectionRow row)
        => (row.Values[0].Number, row.Values[1].Text!, (int)row.Values[2].Number);
}
