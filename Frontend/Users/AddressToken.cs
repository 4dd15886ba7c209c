using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace RedNote.Frontend.Users;

/// <summary>The access token in the address of a connection.</summary>
internal static class AddressToken
{
    private const string Name = "access_token";

    /// <summary>
    /// Takes the token out of the request's query: what is parsed there is held for as long as the connection lasts,
    /// and nobody asks for it again. Null: there is none.
    /// </summary>
    public static string? Take(HttpContext context)
    {
        string? token = null;
        Dictionary<string, StringValues>? rest = null;
        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            var name = pair.DecodeName().Span;
            if (!name.Equals(Name, StringComparison.OrdinalIgnoreCase))
            {
                rest ??= new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
                var key = name.ToString();
                rest[key] = StringValues.Concat(
                    rest.GetValueOrDefault(key), pair.DecodeValue().ToString());
            }
            else
            {
                token ??= pair.DecodeValue().ToString();
            }
        }

        context.Features.Set<IQueryFeature>(
            new QueryFeature(rest is null ? QueryCollection.Empty : new QueryCollection(rest)));
        return token;
    }
}
