using System.Globalization;
using System.Net;
using Podsharp.Engine.Images;

namespace Podsharp.UnitTests.Registry;

/// <summary>The uploads of a registry that keeps to the specification, but for what a test changes.</summary>
internal sealed class UploadRegistry : IDisposable
{
    private readonly FakeRegistry _server;
    private readonly Dictionary<string, MemoryStream> _uploads = [];
    private int _patches;

    public UploadRegistry() => _server = new FakeRegistry(Answer);

    public string Host => _server.Host;

    /// <summary>Method, path without query and Content-Range of the requests so far.</summary>
    public List<string> Log { get; } = [];

    public Dictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>Bytes of bodies that have come in.</summary>
    public long Received { get; private set; }

    /// <summary>What is done instead of the usual; null for nothing.</summary>
    public Func<HttpListenerRequest, FakeAnswer?> Instead { get; init; } = _ => null;

    /// <summary>Fails in the n-th body, from 0, after so many bytes; null to let it be.</summary>
    public Func<int, int?> Cut { get; init; } = _ => null;

    /// <summary>What the registry says to have of so many bytes; null for nothing.</summary>
    public Func<long, long?> Claim { get; init; } = length => length;

    public void Dispose() => _server.Dispose();

    private FakeAnswer Answer(HttpListenerRequest request)
    {
        lock (Log)
        {
            var path = request.Url!.AbsolutePath;
            if (path != "/v2/")
            {
                Log.Add($"{request.HttpMethod} {path[(path.LastIndexOf('/') + 1)..]} {request.Headers["Content-Range"]}".TrimEnd());
            }
            if (Instead(request) is { } other)
            {
                return other;
            }
            var id = path.Split('/')[^1];
            return (request.HttpMethod, path) switch
            {
                (_, "/v2/") => FakeAnswer.Text("{}"),
                ("HEAD", _) => Blobs.TryGetValue(id, out var blob) ? new FakeAnswer(200, blob) : FakeAnswer.NotFound,
                ("POST", _) => Begin(),
                ("GET", _) => _uploads.TryGetValue(id, out var upload) && Claim(upload.Length) is { } claimed
                    ? Progress(204, id, claimed) : FakeAnswer.NotFound,
                ("PATCH", _) when _uploads.TryGetValue(id, out var upload) => Append(request, id, upload),
                ("PUT", _) when _uploads.TryGetValue(id, out var upload) => Finish(request, upload),
                _ => FakeAnswer.NotFound,
            };
        }
    }

    private FakeAnswer Begin()
    {
        var id = $"u{_uploads.Count}";
        _uploads[id] = new MemoryStream();
        return Progress(202, id, 0);
    }

    private static FakeAnswer Progress(int status, string id, long length) => new(status, [],
        ("Location", $"/v2/r/blobs/uploads/{id}?state={length}"), ("Range", $"0-{Math.Max(length - 1, 0)}"));

    private FakeAnswer Append(HttpListenerRequest request, string id, MemoryStream upload)
    {
        if (request.Headers["Content-Range"] is { } range && long.Parse(range.Split('-')[0], CultureInfo.InvariantCulture) != upload.Length && Claim(0) == 0)
        {
            return Progress(416, id, upload.Length);
        }
        var limit = Cut(_patches++);
        var buffer = new byte[10_000];
        for (int count; (count = request.InputStream.Read(buffer, 0, Math.Min(buffer.Length, limit ?? buffer.Length))) > 0;)
        {
            upload.Write(buffer, 0, count);
            Received += count;
            limit -= count;
        }
        return limit is null ? Progress(202, id, upload.Length) : new FakeAnswer(503, []);
    }

    private FakeAnswer Finish(HttpListenerRequest request, MemoryStream upload)
    {
        var digest = request.QueryString["digest"]!;
        if (request.QueryString["state"] is null || ContentDigest.Of(upload.ToArray()).ToString() != digest)
        {
            return new FakeAnswer(400, """{"errors":[{"code":"DIGEST_INVALID","message":"provided digest did not match uploaded content"}]}"""u8.ToArray());
        }
        Blobs[digest] = upload.ToArray();
        return new FakeAnswer(201, []);
    }
}
