using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Accounts;

/// <summary>What people were told of handles, by those who asked.</summary>
internal sealed class AccountsModel
{
    /// <summary>Who was told to own a handle, with the token of the claim.</summary>
    public Dictionary<string, (UserId User, string Token)> Owners { get; } = new(StringComparer.Ordinal);

    /// <summary>Handles that somebody was told to be taken.</summary>
    public HashSet<string> Taken { get; } = new(StringComparer.Ordinal);

    public List<Person> People { get; } = [];
}

/// <summary>
/// One person with a client of their own, who does one thing after the other and repeats it until it is answered: so
/// what was answered last is what has to be so.
/// </summary>
internal sealed class Person(UserId id, SimulatedClient client, SimulationRandom random)
{
    public UserId Id => id;

    public SimulatedClient Client => client;

    public SimulationRandom Random => random;

    public string Token => $"token-of-{id.Value}";

    /// <summary>The handle that was claimed; null before.</summary>
    public string? Handle { get; set; }

    public bool IsMade { get; set; }

    public string Name { get; set; } = $"person {id.Value}";

    public string Signature { get; set; } = "";

    /// <summary>The password hash that was stored last, and those before.</summary>
    public string Hash { get; set; } = $"hash-{id.Value}-0-end";

    public List<string> OldHashes { get; } = [];

    public SortedSet<long> Following { get; } = [];

    public Dictionary<long, LoginView> Logins { get; } = [];

    public int Changes { get; set; }

    /// <summary>Until when, in ticks, something of an attempt that was not answered may still be under way, by what it
    /// is about. A person does not ask for the contrary meanwhile: nobody could say which of the two comes
    /// last.</summary>
    public Dictionary<string, long> Doubts { get; } = new(StringComparer.Ordinal);
}

/// <summary>A login as its holder knows it.</summary>
internal sealed class LoginView(long id)
{
    public long Id => id;

    /// <summary>The newest generation that was handed out.</summary>
    public int Generation { get; set; } = 1;

    /// <summary>Generations that were renewed successfully.</summary>
    public HashSet<int> Renewed { get; } = [];

    /// <summary>
    /// An attempt was not answered: it may take place at any time, before or after its repetition, and one of the two
    /// looks like a stolen token then, which ends the login.
    /// </summary>
    public bool IsInDoubt { get; set; }

    public bool IsClosed { get; set; }
}
