namespace RedNote.Embedded.Storage;

/// <summary>One background thread per lane.</summary>
internal sealed class ThreadLanes : IBlockingLanes
{
    public IBlockingLane Open(string name, Action run) => new Lane(name, run);

    private sealed class Lane : IBlockingLane
    {
        private readonly AutoResetEvent _signal = new(false);
        private readonly Action _run;
        private readonly Thread _thread;
        private volatile bool _closed;

        public Lane(string name, Action run)
        {
            _run = run;
            _thread = new Thread(Loop) { IsBackground = true, Name = name };
            _thread.Start();
        }

        public void Signal() => _signal.Set();

        public void Dispose()
        {
            _closed = true;
            _signal.Set();
            _thread.Join();
            _signal.Dispose();
        }

        private void Loop()
        {
            while (true)
            {
                _signal.WaitOne();
                // The last run comes after the flag was seen, so that what was queued before Dispose is done.
                var closed = _closed;
                _run();
                if (closed)
                {
                    return;
                }
            }
        }
    }
}
