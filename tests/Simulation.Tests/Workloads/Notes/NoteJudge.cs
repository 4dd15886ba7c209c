using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>Stands at the door of every note's grain, on every silo, and has its book judge what it answers.</summary>
internal sealed class NoteJudge : IIncomingGrainCallFilter
{
    /// <summary>Null before the run begins.</summary>
    public NoteCast? Cast { get; set; }

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (Cast is null || context.InterfaceMethod.DeclaringType != typeof(INoteGrain)) return context.Invoke();
        var book = Cast.Book(new NoteId(context.TargetId.GetIntegerKey()));
        var (request, grain) = (context.Request, context.Grain);
        return context.InterfaceMethod.Name switch
        {
            nameof(INoteGrain.Write) => book.Write(
                grain, (WriteNote)request.GetArgument(0)!, Call<NoteOutcome>(context)),
            nameof(INoteGrain.Change) => book.Change(
                grain, (UserId)request.GetArgument(0)!, (NoteChange)request.GetArgument(1)!,
                Call<NoteOutcome>(context)),
            nameof(INoteGrain.Delete) => book.Delete(
                grain, (UserId)request.GetArgument(0)!, Call<CommandStatus>(context)),
            nameof(INoteGrain.Get) => book.Get(grain, (UserId?)request.GetArgument(0), Call<Note?>(context)),
            nameof(INoteGrain.Watch) => book.Watch(grain, Call<NoteCounts?>(context)),
            nameof(INoteGrain.Mark) => book.Mark(
                grain, (MarkBatch)request.GetArgument(0)!, Call<MarkOutcome>(context)),
            _ => throw new NotSupportedException($"Nobody judges {context.InterfaceMethod.Name}."),
        };
    }

    private static Func<Task<T>> Call<T>(IIncomingGrainCallContext context) => async () =>
    {
        await context.Invoke();
        return (T)context.Result!;
    };
}
