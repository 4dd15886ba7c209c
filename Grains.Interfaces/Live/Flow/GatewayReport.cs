using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// What became of danmaku at a front end without the room's doing. It goes with the next batch and with the next report
/// of viewers, and again until one of them was answered; the room counts it once.
/// </summary>
/// <param name="Number">Of <paramref name="Refused"/>, from 1: under one number there is one content.</param>
/// <param name="Refused">Danmaku that the front end refused by itself.</param>
/// <param name="GivenUp">Batches whose senders were told <c>try_again</c>, as no answer came: the room counts those of
/// which it knows nothing.</param>
[GenerateSerializer, Immutable, Alias("live.gateway-report")]
public sealed record GatewayReport(
    long Number, ImmutableArray<RefusalCount> Refused, ImmutableArray<GivenUpBatch> GivenUp);

/// <summary>A batch that was given up, and the danmaku in it.</summary>
[GenerateSerializer, Immutable, Alias("live.given-up-batch")]
public sealed record GivenUpBatch(long Number, int Danmaku);
