using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>A poll can be voted in.</summary>
[GenerateSerializer, Immutable, Alias("live.event.poll-opened")]
public sealed record PollOpened(Poll Poll) : RoomEvent;

/// <summary>A poll has closed; its counts are final.</summary>
[GenerateSerializer, Immutable, Alias("live.event.poll-closed")]
public sealed record PollClosed(Poll Poll) : RoomEvent;

/// <summary>Two sides can be cheered for.</summary>
[GenerateSerializer, Immutable, Alias("live.event.pk-opened")]
public sealed record PkOpened(Pk Pk) : RoomEvent;

/// <summary>A PK has ended; its points are final.</summary>
[GenerateSerializer, Immutable, Alias("live.event.pk-closed")]
public sealed record PkClosed(Pk Pk) : RoomEvent;

/// <summary>A poll was opened.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.poll-opened")]
public sealed record TapePollOpened(
    PollId PollId, string Question, ImmutableArray<string> Options, bool Multiple, bool Anonymous, long ClosesAt)
    : TapeItem;

/// <summary>A poll closed with this result.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.poll-closed")]
public sealed record TapePollClosed(PollId PollId, ImmutableArray<int> Counts, int Voters) : TapeItem;

/// <summary>A PK was opened.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.pk-opened")]
public sealed record TapePkOpened(PkId PkId, string Left, string Right, long ClosesAt) : TapeItem;

/// <summary>A PK ended with these points.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.pk-closed")]
public sealed record TapePkClosed(PkId PkId, long LeftPoints, long RightPoints, PkWinner Winner) : TapeItem;
