namespace RedNote.Journal;

/// <summary>What follows from the events of a log: rows of tables, and what its grain owes to others.</summary>
internal sealed partial class EventLog<TState, TEvent>
{
    private void CollectRows(
        long version, long at, TEvent raised, List<ProjectionChange> changes, ref List<ProjectionChange>? late)
    {
        foreach (var projection in _definition.Projections)
        {
            if (!projection.IsLate)
            {
                changes.AddRange(projection.Project(version, at, raised));
                continue;
            }

            foreach (var row in projection.Project(version, at, raised))
            {
                (late ??= []).Add(row);
            }
        }
    }

    private void CollectEffects(
        long version, long at, TEvent raised, List<ProjectionChange> changes, ref List<Effect>? effects)
    {
        if (_definition.Effects is null)
        {
            return;
        }

        var receivers = 0;
        foreach (var draft in _definition.Effects(raised))
        {
            var effect = new Effect(Id, version, draft.Receiver, draft.Payload);
            if (draft.Receiver.Length is 0 or > Effect.MaxReceiver || ++receivers > _services.Options.PendingEffects
                || (effects?.Exists(other => other.Version == version && other.Receiver == draft.Receiver) ?? false))
            {
                throw new ArgumentException($"Event {version} of log {Id} has effects that cannot be kept.");
            }

            (effects ??= []).Add(effect);
            changes.Add(Outbox.Owe(effect, at));
        }
    }

    private async Task WhenAllRoom(LateRows late)
    {
        try
        {
            await late.WhenRoom().WaitAsync(
                TimeSpan.FromMilliseconds(_services.Options.AppendTimeoutMs), _services.Time);
        }
        catch (TimeoutException)
        {
            throw new TryAgainException("The tables that follow from the log are behind; nothing was changed.");
        }

        await _services.Writer.WhenRoom();
    }

    /// <summary>Goes on with the late tables where the activation before has stopped.</summary>
    private async Task LoadLateRows(LateRows late, CancellationToken cancellationToken)
    {
        var mark = LateMarks.Read(await _services.Store.QueryAsync(LateMarks.Ask(Id), cancellationToken));
        for (var from = mark + 1; from <= Version;)
        {
            var rows = await _services.Store.ReadAsync(
                Id, new VersionRange(from), _services.Options.ReplayRows, cancellationToken);
            foreach (var row in rows)
            {
                var events = _codec.Read(Id, row);
                var changes = new List<ProjectionChange>();
                for (var i = 0; i < events.Count; i++)
                {
                    foreach (var projection in _definition.Projections.Where(projection => projection.IsLate))
                    {
                        changes.AddRange(projection.Project(row.FirstVersion + i, row.At, events[i]));
                    }
                }

                if (changes.Count > 0)
                {
                    late.Left(row.LastVersion, changes);
                }
            }

            from = rows.Count == 0 ? long.MaxValue : rows[^1].LastVersion + 1;
        }
    }
}
