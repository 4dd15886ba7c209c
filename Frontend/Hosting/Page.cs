using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace RedNote.Frontend.Hosting;

/// <summary>Serves the page that the build put into wwwroot, and says what to do where there is none.</summary>
internal static class Page
{
    private const string Index = "index.html";

    /// <summary>Files there have a content hash in their name, so they never change.</summary>
    private const string HashedFolder = "/assets/";

    private const string Immutable = "public, max-age=31536000, immutable";

    private const string Missing = """
        The RedNote server is running, but its page has not been built: Frontend/wwwroot/index.html is missing.

        The build makes the page when Node.js 20 or later and npm are installed. Install Node.js from
        https://nodejs.org, then start the server again: dotnet run --project Frontend

        The API works without the page: /openapi/v1.json describes it, /hub is the SignalR hub.

        """;

    /// <summary>HEAD is answered as GET; the server leaves the body out by itself.</summary>
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The encodings the build keeps beside a file, best first.</summary>
    private static readonly (string Encoding, string Suffix)[] Precompressed = [("br", ".br"), ("gzip", ".gz")];

    public static void UsePage(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        var types = new FileExtensionContentTypeProvider();
        app.Use((context, next) =>
        {
            PreferPrecompressed(context, files, types);
            return next(context);
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ServeUnknownFileTypes = false,
            ContentTypeProvider = new PrecompressedTypes(types),
            OnPrepareResponse = file => SetCaching(file.Context),
        });
    }

    /// <summary>The addresses the page itself understands; all others are 404.</summary>
    public static void MapPage(this WebApplication app)
    {
        string[] addresses =
        [
            "/", "/room/{id}", "/deals", "/orders", "/me", "/groups", "/groups/{id}", "/invite/{code}", "/user/{id}",
        ];
        foreach (var address in addresses)
        {
            app.MapMethods(address, Reading, Serve).ExcludeFromDescription();
        }
    }

    private static async Task Serve(HttpContext context, IWebHostEnvironment environment)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-cache";
        var (encoding, file) = Choose(context.Request, environment.WebRootFileProvider, "/" + Index);
        if (file is { Exists: true })
        {
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.Vary = HeaderNames.AcceptEncoding;
            response.Headers.ContentEncoding = encoding;
            response.ContentLength = file.Length;
            await response.SendFileAsync(file, context.RequestAborted);
            return;
        }

        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync(Missing, context.RequestAborted);
    }

    private static void PreferPrecompressed(
        HttpContext context, IFileProvider files, FileExtensionContentTypeProvider types)
    {
        var request = context.Request;
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            || request.Path.Value is not { Length: > 1 } path
            || !types.TryGetContentType(path, out _)
            || path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var (encoding, _) = Choose(request, files, path);
        if (encoding is not null)
        {
            context.Items[typeof(Page)] = encoding;
            request.Path = path + Array.Find(Precompressed, form => form.Encoding == encoding).Suffix;
        }
    }

    private static (string? Encoding, IFileInfo File) Choose(HttpRequest request, IFileProvider files, string path)
    {
        var accepted = request.Headers.AcceptEncoding.ToString();
        foreach (var (encoding, suffix) in Precompressed)
        {
            if (accepted.Contains(encoding, StringComparison.OrdinalIgnoreCase)
                && files.GetFileInfo(path + suffix) is { Exists: true } compressed)
            {
                return (encoding, compressed);
            }
        }

        return (null, files.GetFileInfo(path));
    }

    private static void SetCaching(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = context.Request.Path.StartsWithSegments(HashedFolder.TrimEnd('/'))
            ? Immutable
            : "no-cache";
        if (context.Items[typeof(Page)] is string encoding)
        {
            headers.ContentEncoding = encoding;
        }
    }

    /// <summary>A compressed copy has the type of what it is a copy of.</summary>
    private sealed class PrecompressedTypes(FileExtensionContentTypeProvider types) : IContentTypeProvider
    {
        public bool TryGetContentType(string subpath, [MaybeNullWhen(false)] out string contentType)
        {
            foreach (var (_, suffix) in Precompressed)
            {
                if (subpath.EndsWith(suffix, StringComparison.Ordinal))
                {
                    return types.TryGetContentType(subpath[..^suffix.Length], out contentType);
                }
            }

            return types.TryGetContentType(subpath, out contentType);
        }
    }
}
