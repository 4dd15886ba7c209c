using RedNote.Embedded.Tests.Engine;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>Lanes whose work is items of a scheduler: blocking calls on the one thread of a simulation.</summary>
internal sealed class ManualLanes(ManualScheduler scheduler) : IBlockingLanes
{
    public IBlockingLane Open(string name, Action run) => new Lane(scheduler, run);

    private sealed class Lane(ManualScheduler scheduler, Action run) : IBlockingLane, IThreadPoolWorkItem
    {
        private bool _isSignalled;

        public void Signal()
        {
            if (!_isSignalled)
            {
                _isSignalled = true;
                scheduler.Schedule(this);
            }
        }

        public void Execute()
        {
            _isSignalled = false;
            run();
        }

        public void Dispose() => run();
    }
}
