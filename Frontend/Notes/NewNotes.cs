using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <param name="Title">1 to 60 characters.</param>
/// <param name="Body">Up to 10,000 characters, in lines; absent: none.</param>
/// <param name="Images">Up to 18 https addresses, or paths on this site.</param>
/// <param name="Tags">Up to 10 of 1 to 20 characters; a number sign in front is left out.</param>
/// <param name="Products">Not taken yet: has to be absent.</param>
/// <param name="Poll">Not taken yet: has to be absent.</param>
/// <param name="Key">1 to 64 of <c>A-Z a-z 0-9 _ -</c>; repeated it brings the same note.</param>
public sealed record NewNoteRequest(
    string? Title, string? Body, string?[]? Images, string?[]? Tags, JsonElement? Products, JsonElement? Poll,
    string? Key);

/// <summary>What is given is changed; see <see cref="NewNoteRequest"/>.</summary>
public sealed record NoteChangeRequest(string? Title, string? Body, string?[]? Images, string?[]? Tags);

/// <summary>Reads and writes new notes.</summary>
internal sealed class NewNotes(IGrainFactory grains, UserNames names)
{
    /// <summary>Ids that an author's key leads to, one after the other: of 63 bits each, so that even the second is as
    /// good as never needed.</summary>
    private const int IdAttempts = 3;

    public async Task<IResult> Write(UserId author, NewNoteRequest request)
    {
        var invalids = new Invalids();
        var title = invalids.Text("title", request.Title, TextRules.MaxNoteTitle);
        var body = invalids.OptionalLines("body", request.Body, TextRules.MaxNoteBody) ?? "";
        var images = ReadImages(request.Images, invalids) ?? [];
        var tags = ReadTags(request.Tags, invalids) ?? [];
        invalids.Require(IsAbsent(request.Products), "products", "Notes have no products yet.");
        invalids.Require(IsAbsent(request.Poll), "poll", "Notes have no polls yet.");
        invalids.Key(request.Key);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        if (await names.Of(author) is not { } name)
        {
            return Refuse.Unauthorized;
        }

        var command = new WriteNote(author, name, new NoteContent(title, body, images, tags), request.Key!);
        for (var attempt = 0; attempt < IdAttempts; attempt++)
        {
            var outcome = await grains.Note(IdOf(author, request.Key!, attempt)).Write(command);
            if (outcome.Status != CommandStatus.Forbidden)
            {
                return outcome is { Status: CommandStatus.Done, Note: { } note }
                    ? Results.Created($"/api/notes/{note.NoteId}", NoteView.Of(note))
                    : Refuse.For(outcome.Status);
            }
        }

        return Refuse.TryAgain;
    }

    /// <summary>What is to be changed; it makes sense if nothing was found to be invalid.</summary>
    public static NoteChange Read(NoteChangeRequest request, Invalids invalids) => new(
        request.Title is null ? null : invalids.Text("title", request.Title, TextRules.MaxNoteTitle),
        invalids.OptionalLines("body", request.Body, TextRules.MaxNoteBody),
        ReadImages(request.Images, invalids),
        ReadTags(request.Tags, invalids));

    /// <summary>
    /// The id of what an author writes with a key: the same every time, on whichever front end, so that the note itself
    /// knows a repeat and nothing else has to remember keys. An id says neither when nor by whom it was written.
    /// </summary>
    internal static NoteId IdOf(UserId author, string key, int attempt)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes($"note {author} {key} {attempt}"), digest);
        return new NoteId(Math.Max(1, BinaryPrimitives.ReadInt64BigEndian(digest) & long.MaxValue));
    }

    private static bool IsAbsent(JsonElement? element) => element is null or { ValueKind: JsonValueKind.Null }
        || (element is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0);

    private static ImmutableArray<string>? ReadImages(string?[]? images, Invalids invalids)
    {
        if (images is null)
        {
            return null;
        }

        invalids.Require(
            images.Length <= NoteContent.MaxImages, "images", $"There may be {NoteContent.MaxImages}.");
        invalids.Require(
            images.Take(NoteContent.MaxImages).All(TextRules.IsImageAddress), "images",
            "Each has to be an https address or a path on this site.");
        return [.. images.Take(NoteContent.MaxImages).OfType<string>()];
    }

    private static ImmutableArray<string>? ReadTags(string?[]? tags, Invalids invalids)
    {
        if (tags is null)
        {
            return null;
        }

        invalids.Require(tags.Length <= NoteContent.MaxTags, "tags", $"There may be {NoteContent.MaxTags}.");
        var read = ImmutableArray.CreateBuilder<string>();
        foreach (var tag in tags.Take(NoteContent.MaxTags))
        {
            // Overrides are taken out first: they may stand before the sign.
            var known = TextRules.Clean(tag, 2 * TextRules.MaxNoteTag, out var clean);
            var check = known is TextCheck.Ok
                ? TextRules.Clean(clean.TrimStart('#', ' '), TextRules.MaxNoteTag, out clean)
                : known;
            invalids.Require(
                check == TextCheck.Ok, "tags", $"Each has to be a text of 1 to {TextRules.MaxNoteTag} characters.");
            if (check == TextCheck.Ok && !read.Contains(clean))
            {
                read.Add(clean);
            }
        }

        return read.DrainToImmutable();
    }
}
