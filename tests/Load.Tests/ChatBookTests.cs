using System.Diagnostics;
using System.Globalization;
using System.Text;
using RedNote.Load.Chat;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;

namespace RedNote.Load.Tests;

/// <summary>The book of a chat finds what is lost, doubled, out of order or given two numbers.</summary>
public sealed class ChatBookTests
{
    private const int Messages = 4;
    private readonly OpenLoop _schedule = new(new OpenLoop.Phase(TimeSpan.FromSeconds(1), Messages));
    private readonly ChatBook _book;

    public ChatBookTests()
    {
        _schedule.Start(Stopwatch.GetTimestamp());
        _book = new ChatBook(2, 1, _schedule);
    }

    [Fact]
    public void Take_EverythingOnceAndInOrder_IsComplete()
    {
        _book.Take(0, Told((1, 0), (2, 2)), Now);
        _book.Take(0, Told((3, 1), (4, 3)), Now);
        _book.TakeOpened(1, Opened((1, 0), (2, 2), (3, 1)), Now);
        Assert.False(_book.IsComplete);
        _book.Take(1, Told((4, 3)), Now);
        Answer((0, 1), (1, 3), (2, 2), (3, 4), (3, 4));
        Assert.Equal((true, null, null, 8L), (_book.IsComplete, _book.Problem, _book.WrongNumbers(), _book.Deliveries));
        Assert.Equal((Messages, 6L), (_book.Answered, _book.Delivery.Count));
        Assert.Equal((4L, true), (_book.Last(1), _book.IsAnswered(3)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public void Take_LostDoubledOrOutOfOrder_IsSaid(long first, long second)
    {
        _book.Take(0, Told((first, 0), (second, 1)), Now);
        Assert.Contains("got", _book.Problem);
    }

    [Fact]
    public void Take_UnderAnotherNumberThanTheSenderWasTold_IsSaid()
    {
        Answer((0, 2));
        _book.Take(0, Told((1, 0)), Now);
        Assert.Contains("is shown as 1", _book.Problem);
    }

    [Fact]
    public void TakeAnswer_AnotherNumberOnRetry_IsSaid()
    {
        Answer((0, 1), (0, 2));
        Assert.Contains("is 1 and then 2", _book.Problem);
    }

    [Fact]
    public void TakeAnswer_Refused_IsSaid()
    {
        _book.TakeAnswer(0, "{\"type\":3,\"result\":{\"status\":\"rejected\",\"reason\":\"muted\"}}"u8, Now);
        Assert.Contains("muted", _book.Problem);
        Assert.Equal(0, _book.Answered);
    }

    [Fact]
    public void WrongNumbers_TwoWithOne_AreSaid()
    {
        Answer((0, 1), (1, 1), (2, 3), (3, 4));
        Assert.NotNull(_book.WrongNumbers());
    }

    private static long Now => Stopwatch.GetTimestamp();

    private static byte[] Told(params (long Seq, int Number)[] messages) => Encoding.ASCII.GetBytes(
        "{\"type\":1,\"target\":\"group\",\"arguments\":[\"7\",["
        + string.Join(',', messages.Select(it => $"{{\"kind\":\"message\",\"at\":1,\"message\":{Message(it)}}}"))
        + "]]}");

    private static byte[] Opened(params (long Seq, int Number)[] messages) => Encoding.ASCII.GetBytes(
        "{\"type\":3,\"invocationId\":\"join\",\"result\":{\"lastSeq\":3,\"messages\":["
        + string.Join(',', messages.Select(Message)) + "]}}");

    private static string Message((long Seq, int Number) it)
    {
        var text = new byte[20];
        DanmakuMarker.Write(text, it.Number);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"seq\":{it.Seq},\"from\":\"5\",\"text\":\"{Encoding.ASCII.GetString(text)}\",\"at\":3}}");
    }

    private void Answer(params (int Number, long Seq)[] answers)
    {
        foreach (var (number, seq) in answers)
        {
            _book.TakeAnswer(
                number,
                Encoding.ASCII.GetBytes(
                    $"{{\"type\":3,\"invocationId\":\"{number}\",\"result\":"
                    + $"{{\"status\":\"accepted\",\"seq\":{seq}}}}}"),
                Now);
        }
    }
}
