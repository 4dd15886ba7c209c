using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>The arithmetic of draws against the words of the contract, done the slow way.</summary>
public sealed class DrawProofTests
{
    private static readonly Gen<long> Id = Gen.OneOf(
        Gen.Choose(1, 2_000).Select(id => (long)id),
        Gen.Choose(1, int.MaxValue).Select(id => id * 2_147_483_647L),
        Gen.Elements(1L, 10, 100, 9, 99, 1_000_000_000_000_000_000, long.MaxValue, long.MaxValue - 1));

    private static readonly Gen<long[]> Ids = Gen.ListOf(Id).Select(ids => ids.Distinct().ToArray());

    [Fact]
    public void Winners_AnyList_AreThoseOfTheContract()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            Arb.From(Ids), Arb.From(Gen.Choose(1, 60)), Arb.From(Gen.Choose(0, 1_000_000)), (ids, winners, number) =>
            {
                var seed = Hex($"seed {number}");
                OrdinalIds.Sort(ids);
                var hash = DrawProof.EntrantsHash(ids);
                var drawn = DrawProof.WinningPlaces(seed, hash, ids.Length, winners).Select(place => Text(ids[place]));
                Assert.Equal(Naive(seed, [.. ids.Select(Text)], winners), drawn);
            }));

    [Fact]
    public void Winners_LargeListAndManyWinners_AreThoseOfTheContract()
    {
        long[] ids = [.. Enumerable.Range(1, 20_000).Select(i => i * 7_919L)];
        OrdinalIds.Sort(ids);
        var seed = Hex("large");
        var drawn = DrawProof.WinningPlaces(seed, DrawProof.EntrantsHash(ids), ids.Length, 15_000);
        Assert.Equal(Naive(seed, [.. ids.Select(Text)], 15_000), drawn.Select(place => Text(ids[place])));
        Assert.Equal(15_000, drawn.Distinct().Count());
    }

    [Theory]
    [InlineData(0, 3, 0)]
    [InlineData(2, 3, 2)]
    [InlineData(3, 3, 3)]
    public void Winners_FewEntrants_AllWin(int entrants, int winners, int won)
    {
        var places = DrawProof.WinningPlaces(Hex("few"), Hex("list"), entrants, winners);
        Assert.Equal(won, places.Distinct().Count());
        if (entrants < winners)
        {
            Assert.Equal(Enumerable.Range(0, won), places);
        }
    }

    [Fact]
    public void Sort_AnyIds_IsTheOrdinalOrderOfTheirTexts()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Arb.From(Ids), ids =>
        {
            var expected = ids.Select(Text).Order(StringComparer.Ordinal).ToArray();
            OrdinalIds.Sort(ids);
            Assert.Equal(expected, ids.Select(Text));
            Assert.All(ids.Zip(ids.Skip(1)), pair => Assert.True(OrdinalIds.Compare(pair.First, pair.Second) < 0));
        }));

    [Fact]
    public void EntrantsHash_AnyIds_IsThatOfTheJoinedTexts()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Arb.From(Ids), ids =>
            Assert.Equal(Hex(string.Join('\n', ids.Select(Text))), DrawProof.EntrantsHash(ids))));

    [Fact]
    public void EntrantsHash_LongList_IsThatOfTheJoinedTexts()
    {
        long[] ids = [.. Enumerable.Range(1, 5_000).Select(i => i * 123_456_789_012L)];
        Assert.Equal(Hex(string.Join('\n', ids.Select(Text))), DrawProof.EntrantsHash(ids));
    }

    [Fact]
    public void Remaining_AnyOrderOfTaking_IsRemovalFromAList()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            Arb.From(Gen.Choose(1, 200)), Arb.From(Gen.ListOf(Gen.Choose(0, int.MaxValue))), (count, picks) =>
            {
                var left = new RemainingPlaces(count);
                var list = Enumerable.Range(0, count).ToList();
                foreach (var pick in picks.Take(count))
                {
                    var n = pick % list.Count;
                    Assert.Equal(list[n], left.Take(n));
                    list.RemoveAt(n);
                    Assert.Equal(list.Count, left.Count);
                }
            }));

    [Fact]
    public void IdSet_AnyIds_HoldsThemOnceAndPacksThem()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            Arb.From(Gen.ListOf(Id)), Arb.From(Id), (ids, other) =>
            {
                var set = new IdSet();
                var known = new HashSet<long>();
                foreach (var id in ids)
                {
                    Assert.Equal(known.Add(id), set.Add(id));
                }

                Assert.Equal(known.Contains(other), set.Contains(other));
                var read = IdSet.Read(set.Write());
                Assert.Equal(known.Order(), read.ToArray());
                Assert.Equal(set.Write(), read.Write());
            }));

    [Fact]
    public void IdSet_AMillionEntrants_TakesAtMostTenBytesEach()
    {
        var set = new IdSet();
        for (var i = 0; i < 1_000_000; i++)
        {
            set.Add(3_302_915_117_002_752 + i * 4_194_304L + i % 977);
        }

        Assert.Equal(1_000_000, set.Count);
        Assert.InRange(set.Bytes, 9_000_000, 10_000_000);
        Assert.InRange(set.Write().Length, 1_000_000, 7_000_000);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("gICA")]
    [InlineData("%")]
    public void IdSet_WhatNobodyWrote_IsRefused(string text)
        => Assert.Throws<FormatException>(() => IdSet.Read(text));

    /// <summary>The contract, word for word.</summary>
    private static List<string> Naive(string seed, List<string> left, int winners)
    {
        if (left.Count < winners)
        {
            return left;
        }

        var hash = Hex(string.Join('\n', left));
        var won = new List<string>();
        for (var i = 0; i < winners; i++)
        {
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{hash}:{i}"));
            var place = (int)(new BigInteger(digest.AsSpan(0, 8), isUnsigned: true, isBigEndian: true) % left.Count);
            won.Add(left[place]);
            left.RemoveAt(place);
        }

        return won;
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
