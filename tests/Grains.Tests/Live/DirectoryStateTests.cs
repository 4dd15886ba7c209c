using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

public sealed class DirectoryStateTests
{
    [Fact]
    public void Cards_InAnyOrderAndRepeated_TheNewestOfEachIsListedOnce()
        => Prop.ForAll(Cards(), cards =>
        {
            var state = Replay(new DirectoryState(), cards);
            foreach (var room in cards.GroupBy(card => card.Room.RoomId))
            {
                var newest = room.MaxBy(card => card.Version)!.Room;
                Assert.Equal(newest, state.Find(room.Key));
                Assert.All(
                    Enum.GetValues<RoomState>(),
                    listed => Assert.Equal(listed == newest.State, state.In(listed).Contains(newest)));
            }

            Assert.Equal(state.Count, Enum.GetValues<RoomState>().Sum(listed => state.In(listed).Count()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Replay_FromASnapshotAtAnyPoint_IsTheLiveState()
        => Prop.ForAll(Cards(), Gen.Choose(0, 100).ToArbitrary(), (cards, percent) =>
        {
            var cut = cards.Length * percent / 100;
            var snapshot = Snapshot(Replay(new DirectoryState(), cards[..cut]));
            var restored = DirectoryState.From(
                JsonSerializer.Deserialize(snapshot, DirectoryJson.Instance.DirectoryDocument)!);
            return Snapshot(Replay(restored, cards[cut..])) == Snapshot(Replay(new DirectoryState(), cards));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void List_MoreRoomsThanTheBound_TheOldestOfThatStateGoes()
    {
        var state = new DirectoryState();
        state.Apply(Card(1, RoomState.Live, 1));
        for (var id = 2; id <= DirectoryState.MaxRooms + 2; id++)
        {
            state.Apply(Card(id, RoomState.Ended, 1));
        }

        Assert.Equal(DirectoryState.MaxRooms, state.In(RoomState.Ended).Count());
        Assert.Null(state.Find(new RoomId(2)));
        Assert.NotNull(state.Find(new RoomId(1)));
        Assert.NotNull(state.Find(new RoomId(3)));
    }

    private static Arbitrary<RoomListed[]> Cards() => (
        from id in Gen.Choose(1, 6)
        from version in Gen.Choose(1, 9)
        select Card(id, (RoomState)(version % 3), version)).ArrayOf().ToArbitrary();

    private static RoomListed Card(int id, RoomState state, long version) => new(
        new Room(
            new RoomId(id), $"Show {version}", state, new UserId(1), "Host", RoomCounters.Zero, null, null, null, null),
        version);

    private static DirectoryState Replay(DirectoryState state, IEnumerable<RoomListed> cards)
    {
        foreach (var card in cards)
        {
            state.Apply(card);
        }

        return state;
    }

    private static string Snapshot(DirectoryState state)
        => JsonSerializer.Serialize(state.ToDocument(), DirectoryJson.Instance.DirectoryDocument);
}
