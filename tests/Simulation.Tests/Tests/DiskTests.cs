using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Tests;

public sealed class DiskTests
{
    private int _stored;

    [Fact]
    public void Write_WithoutFaults_TakesEffectAndAnswers() => Run(async (cluster, client) =>
    {
        Assert.Equal(1, await Write(cluster, client));
        Assert.Equal(1, await cluster.Disk.Read(client.Node, () => _stored));
        Assert.Equal(2, cluster.Disk.Operations);
    });

    [Fact]
    public void Write_ThatIsRefused_ChangesNothing() => Run(
        async (cluster, client) =>
        {
            await Assert.ThrowsAsync<IOException>(() => Write(cluster, client));
            Assert.Equal(0, _stored);
            Assert.Equal(1, cluster.Faults.Count(FaultKind.WriteRefused));
        },
        TestWorld.Always(FaultKind.WriteRefused));

    [Fact]
    public void Write_ThatIsUnanswered_HasTakenEffect() => Run(
        async (cluster, client) =>
        {
            await Assert.ThrowsAsync<IOException>(() => Write(cluster, client));
            Assert.Equal(1, _stored);
        },
        TestWorld.Always(FaultKind.WriteUnanswered));

    [Fact]
    public void Write_ThatIsSlow_TakesSeconds() => Run(
        async (cluster, client) =>
        {
            var begin = client.Node.Time.GetTimestamp();
            var write = Write(cluster, client);
            await Task.Delay(TimeSpan.FromSeconds(0.9), client.Node.Time);
            Assert.Equal(0, _stored);
            await write;
            Assert.InRange(client.Node.Time.GetElapsedTime(begin).TotalSeconds, 1, 8.1);
        },
        TestWorld.Always(FaultKind.WriteSlow));

    [Fact]
    public void Read_ThatFails_SaysSo() => Run(
        (cluster, client) => Assert.ThrowsAsync<IOException>(() => cluster.Disk.Read(client.Node, () => _stored)),
        TestWorld.Always(FaultKind.ReadFailed));

    [Fact]
    public void Write_OfADeadNode_DoesNotTakeEffect() => Run(async (cluster, client) =>
    {
        var write = Write(cluster, client);
        cluster.Kill(client);
        await Task.Delay(TimeSpan.FromMinutes(1), cluster.AddClient("other").Node.Time);
        Assert.Equal(0, _stored);
        Assert.False(write.IsCompleted);
    });

    [Fact]
    public void Write_ThatOutlivesItsNode_TakesEffectAfterItsDeath() => Run(
        async (cluster, client) =>
        {
            _ = Write(cluster, client);
            cluster.Kill(client);
            Assert.Equal(0, _stored);
            await Task.Delay(TimeSpan.FromMinutes(1), cluster.AddClient("other").Node.Time);
            Assert.Equal(1, _stored);
            Assert.Equal(1, cluster.Faults.Count(FaultKind.WriteOutlives));
        },
        TestWorld.Always(FaultKind.WriteOutlives));

    [Fact]
    public void Write_ThatRefusesByItself_AnswersItsOwnError() => Run(
        (cluster, client) => Assert.ThrowsAsync<InvalidDataException>(
            () => cluster.Disk.Write<int>(client.Node, () => throw new InvalidDataException("No."))));

    [Fact]
    public void Storage_ThatIsAway_RefusesAllAndComesBack() => Run(
        async (cluster, client) =>
        {
            cluster.StartChaos();
            var clock = client.Node.Time;
            while (!cluster.Disk.IsDown) await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
            await Assert.ThrowsAsync<IOException>(() => Write(cluster, client));
            Assert.Equal(0, _stored);
            while (cluster.Disk.IsDown) await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
            cluster.Faults.Stop();
            Assert.Equal(1, await Write(cluster, client));
        },
        options => (options.Rates[FaultKind.StorageDown], options.StorageDelay) = (4, TimeSpan.FromMilliseconds(1)));

    // Without a silo, which has something to read and to write of its own.
    private static void Run(
        Func<SimulationCluster, SimulatedClient, Task> scenario, Action<SimulationOptions>? options = null)
    {
        using var cluster = TestWorld.Create(options);
        cluster.Run(() => scenario(cluster, cluster.AddClient("client")), TestWorld.Limit);
    }

    private Task<int> Write(SimulationCluster cluster, SimulatedClient client)
        => cluster.Disk.Write(client.Node, () => ++_stored);
}
