namespace RedNote.Embedded;

/// <summary>
/// One piece of work in a mailbox. The links are inside the nodes, so that queueing a request allocates nothing.
/// </summary>
internal abstract class WorkNode
{
    internal WorkNode? Next { get; set; }

    /// <summary>
    /// How many nodes were in the inbox when this one came, itself included: the inbox's length for free.
    /// </summary>
    internal int Depth { get; set; }

    /// <summary>Runs on the activation, as a turn of it.</summary>
    internal abstract void RunTurn(Activation activation);
}

/// <summary>A task of the activation's scheduler: a continuation of an await, mostly.</summary>
internal sealed class TaskNode(Task task) : WorkNode
{
    internal override void RunTurn(Activation activation) => activation.RunTask(task);
}

/// <summary>An action that the engine itself has to do on the activation.</summary>
internal sealed class ActionNode(Action<Activation> action) : WorkNode
{
    internal override void RunTurn(Activation activation) => action(activation);
}

/// <summary>Somewhere that requests can be sent to.</summary>
internal interface IGrainTarget
{
    void Post(GrainRequest request);
}

/// <summary>Whoever runs requests and has to know when they are done.</summary>
internal interface IRequestHost
{
    /// <summary>
    /// Called on the host's scheduler for a request whose task was not complete when it was returned.
    /// </summary>
    void OnRequestDone(GrainRequest request);
}
