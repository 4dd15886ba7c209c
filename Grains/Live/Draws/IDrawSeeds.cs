using System.Security.Cryptography;

namespace RedNote.Live;

/// <summary>Where the seeds of draws come from.</summary>
public interface IDrawSeeds
{
    /// <summary>64 lower-case hex characters that nobody can foresee.</summary>
    DrawSeed Next();
}

/// <summary>Seeds of 256 random bits from the machine.</summary>
public sealed class CryptographicDrawSeeds : IDrawSeeds
{
    public DrawSeed Next() => new(RandomNumberGenerator.GetHexString(DrawProof.SeedLength, lowercase: true));
}
