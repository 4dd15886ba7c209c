using System.Buffers.Binary;
using System.Numerics;

namespace RedNote.Embedded;

/// <summary>
/// xxHash32 with seed 0, after its public specification (Yann Collet). Orleans hashes identities with it, and both
/// engines have to agree on the hashes that are kept in databases.
/// </summary>
internal static class XxHash32
{
    private const uint Prime1 = 0x9E3779B1, Prime2 = 0x85EBCA77, Prime3 = 0xC2B2AE3D, Prime4 = 0x27D4EB2F;
    private const uint Prime5 = 0x165667B1;
    private const int StripeBytes = 16;

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var hash = (uint)data.Length + (data.Length < StripeBytes ? Prime5 : HashStripes(ref data));
            for (; data.Length >= 4; data = data[4..])
            {
                hash += BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3;
                hash = BitOperations.RotateLeft(hash, 17) * Prime4;
            }

            foreach (var value in data)
            {
                hash += value * Prime5;
                hash = BitOperations.RotateLeft(hash, 11) * Prime1;
            }

            hash = (hash ^ (hash >> 15)) * Prime2;
            hash = (hash ^ (hash >> 13)) * Prime3;
            return hash ^ (hash >> 16);
        }
    }

    private static uint HashStripes(ref ReadOnlySpan<byte> data)
    {
        unchecked
        {
            uint a = Prime1 + Prime2, b = Prime2, c = 0, d = 0 - Prime1;
            for (; data.Length >= StripeBytes; data = data[StripeBytes..])
            {
                a = Round(a, data);
                b = Round(b, data[4..]);
                c = Round(c, data[8..]);
                d = Round(d, data[12..]);
            }

            return BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7)
                + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        }
    }

    private static uint Round(uint lane, ReadOnlySpan<byte> data)
    {
        var mixed = unchecked(lane + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime2));
        return unchecked(BitOperations.RotateLeft(mixed, 13) * Prime1);
    }
}
