namespace RedNote.Load;

/// <summary>One kind of load: sets up what it needs, measures, prints a report.</summary>
public interface IScenario
{
    /// <summary>The word on the command line.</summary>
    string Name { get; }

    /// <summary>One line for the usage text.</summary>
    string Summary { get; }

    /// <summary>Its options, one per line, with defaults and bounds.</summary>
    string Help { get; }

    /// <summary>Runs to the end and answers the exit code: 0, or 1 when what was measured is not right.</summary>
    Task<int> Run(Arguments arguments, CancellationToken cancellationToken);
}

/// <summary>Something the person at the keyboard can act on: a wrong option, a server that does not start.</summary>
public sealed class LoadException(string message, Exception? inner = null) : Exception(message, inner);
