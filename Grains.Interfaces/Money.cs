namespace RedNote;

/// <summary>An amount in minor units (fen, cents) of an ISO 4217 currency.</summary>
[GenerateSerializer, Immutable, Alias("rednote.money")]
public sealed record Money(long Amount, string Currency)
{
    public static Money Zero { get; } = new(0, "CNY");
}
