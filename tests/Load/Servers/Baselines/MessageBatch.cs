namespace RedNote.Load.Servers.Baselines;

/// <summary>Messages that wait for the next sending.</summary>
public sealed class MessageBatch
{
    private readonly Lock _gate = new();
    private List<BaselineDanmaku> _messages = [];

    public void Add(BaselineDanmaku danmaku)
    {
        lock (_gate)
        {
            _messages.Add(danmaku);
        }
    }

    /// <summary>What was gathered; null: nothing.</summary>
    public List<BaselineDanmaku>? Take()
    {
        lock (_gate)
        {
            if (_messages.Count == 0)
            {
                return null;
            }

            var taken = _messages;
            _messages = [];
            return taken;
        }
    }
}
