using System.Buffers.Binary;
using RedNote.Live;

namespace RedNote.Deals;

/// <summary>An order as its deal holds it.</summary>
internal struct OrderEntry
{
    /// <summary>Most bytes of a written one.</summary>
    public const int MaxBytes = (4 * VarInt.MaxBytes) + sizeof(long) + 1;

    public UserId Buyer;

    /// <summary><see cref="OrderBook.KeyHash"/>.</summary>
    public long Key;
    public long CreatedAt;

    /// <summary>Until when it holds its pieces; 0: it never had any.</summary>
    public long PayBefore;
    public int Quantity;

    /// <summary>The buyer's order before this one; 0: there is none.</summary>
    public int Previous;
    public OrderStatus Status;

    /// <summary>Whether <see cref="DueList"/> has passed it over.</summary>
    public bool IsPassed;

    /// <summary>Whether its pieces count in the buyer's limit.</summary>
    public readonly bool Counts
        => Status is OrderStatus.Waiting or OrderStatus.Reserved or OrderStatus.Paying or OrderStatus.Paid;

    /// <summary>Writes it at a place, and answers the place behind it.</summary>
    public readonly int Write(Span<byte> bytes, int at)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], Key);
        bytes[at + sizeof(long)] = (byte)Status;
        at = VarInt.Write(bytes, at + sizeof(long) + 1, (ulong)Buyer.Value);
        at = VarInt.Write(bytes, at, (ulong)CreatedAt);
        at = VarInt.Write(bytes, at, (ulong)PayBefore);
        return VarInt.Write(bytes, at, (uint)Quantity);
    }

    /// <summary>Takes one from the front; throws <see cref="FormatException"/> for what was not written.</summary>
    public static OrderEntry Read(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= sizeof(long) || bytes[sizeof(long)] > (byte)OrderStatus.Refunded)
        {
            throw new FormatException("That is no order.");
        }

        var order = new OrderEntry
        {
            Key = BinaryPrimitives.ReadInt64LittleEndian(bytes),
            Status = (OrderStatus)bytes[sizeof(long)],
        };
        bytes = bytes[(sizeof(long) + 1)..];
        order.Buyer = new UserId((long)VarInt.Read(ref bytes));
        order.CreatedAt = (long)VarInt.Read(ref bytes);
        order.PayBefore = (long)VarInt.Read(ref bytes);
        order.Quantity = (int)VarInt.Read(ref bytes);
        return order;
    }
}
