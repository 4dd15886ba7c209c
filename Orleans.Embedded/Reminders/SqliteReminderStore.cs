using System.Globalization;
using Orleans.Runtime;
using RedNote.Embedded.Storage;

namespace RedNote.Embedded.Reminders;

/// <summary>Reminders in a SQLite file.</summary>
internal sealed class SqliteReminderStore(SqliteDatabase database, string serviceId) : IReminderStore
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.OpenAsync();
        await database.WriteAsync(static session =>
        {
            session.Run(ReminderSql.SqliteTable);
            return true;
        });
    }

    public async Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken)
        => await database.ReadAsync(session =>
        {
            List<ReminderRow> rows = [];
            using var reader = session.Prepare(ReminderSql.ReadAll, ["@ServiceId"]).Bind(0, serviceId).Read();
            while (reader.Read())
            {
                var startAt = DateTime.ParseExact(
                    reader.GetString(2),
                    TimeFormat,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
                rows.Add(new ReminderRow(
                    GrainId.Parse(reader.GetString(0)),
                    reader.GetString(1),
                    startAt,
                    TimeSpan.FromMilliseconds(reader.GetInt64(3)),
                    reader.GetInt32(4)));
            }

            return rows;
        });

    public Task<int> UpsertAsync(ReminderRow row) => database.WriteAsync(session =>
    {
        using var reader = session.Prepare(ReminderSql.Upsert, ReminderSql.RowParameters)
            .Bind(0, serviceId)
            .Bind(1, row.Grain.ToString())
            .Bind(2, row.Name)
            .Bind(3, row.StartAt.ToString(TimeFormat, CultureInfo.InvariantCulture))
            .Bind(4, (long)row.Period.TotalMilliseconds)
            .Bind(5, unchecked((int)row.Grain.GetUniformHashCode()))
            .Read();
        reader.Read();
        return reader.GetInt32(0);
    });

    public Task<bool> RemoveAsync(GrainId grain, string name, int version)
        => database.WriteAsync(session => session.Prepare(ReminderSql.Remove, ReminderSql.KeyParameters)
            .Bind(0, serviceId)
            .Bind(1, grain.ToString())
            .Bind(2, name)
            .Bind(3, version)
            .Execute() > 0);

    public Task StopAsync()
    {
        database.Close();
        return Task.CompletedTask;
    }
}
