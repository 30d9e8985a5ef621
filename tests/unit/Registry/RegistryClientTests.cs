using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.UnitTests.Registry;

public class RegistryClientTests
{
    private const string Manifest = """{"schemaVersion":2,"config":{"digest":"sha256:x"}}""";

    private static RegistryClient Client(FakeRegistry registry, RegistryCredentials? credentials = null, int retry = 2) =>
        new(new RegistryConnection(registry.Host, insecure: true, credentials, new CertificateDirectory([], []), null, new RetryPolicy(retry, TimeSpan.FromMilliseconds(10))));

    private static async Task<ContainerEngineException> Fails(Func<Task> action) => await Assert.ThrowsAnyAsync<ContainerEngineException>(action);

    [Fact]
    public async Task A_token_is_fetched_once_and_sent()
    {
        FakeRegistry registry = null!;
        using (registry = new FakeRegistry(request => request.Url!.AbsolutePath switch
        {
            "/token" => FakeAnswer.Text("""{"token":"T1","expires_in":300}"""),
            _ when request.Headers["Authorization"] != "Bearer T1" => new FakeAnswer(401, [],
                ("WWW-Authenticate", $"Bearer realm=\"http://{registry.Host}/token\",service=\"s, 1\",scope=\"repository:a/b:pull\"")),
            "/v2/a/b/manifests/1" => FakeAnswer.Text(Manifest, ("Content-Type", MediaTypes.OciManifest)),
            _ => FakeAnswer.NotFound,
        }))
        {
            using var client = Client(registry, new RegistryCredentials("me", "secret"));
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.GetManifestAsync("a/b", "1", CancellationToken.None)));
            Assert.All(answers, answer => Assert.Equal(Manifest, Encoding.UTF8.GetString(answer.Bytes)));
            var token = Assert.Single(registry.Requests, request => request.Path.StartsWith("/token"));
            Assert.Equal("/token?account=me&service=s%2C%201&scope=repository%3Aa%2Fb%3Apull", token.Path);
            Assert.Equal("Basic " + Convert.ToBase64String("me:secret"u8), token.Authorization);
        }
    }

    [Fact]
    public async Task An_identity_token_is_exchanged_and_a_stale_token_renewed()
    {
        FakeRegistry registry = null!;
        var issued = 0;
        using (registry = new FakeRegistry(request => request.Url!.AbsolutePath switch
        {
            "/token" when request.HttpMethod == "POST" => FakeAnswer.Text($$"""{"access_token":"T{{++issued}}"}"""),
            "/v2/" => new FakeAnswer(401, [], ("WWW-Authenticate", $"Bearer realm=\"http://{registry.Host}/token\"")),
            _ when request.Headers["Authorization"] != "Bearer T2" => new FakeAnswer(401, [], ("WWW-Authenticate", $"Bearer realm=\"http://{registry.Host}/token\"")),
            _ => FakeAnswer.Text(Manifest),
        }))
        {
            using var client = Client(registry, new RegistryCredentials("", "", "refresh"));
            await client.GetManifestAsync("a", "1", CancellationToken.None);
            Assert.Equal(2, issued);
        }
    }

    [Fact]
    public async Task Wrong_credentials_are_said_to_be_wrong()
    {
        using var registry = new FakeRegistry(_ => new FakeAnswer(401,
            """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"""u8.ToArray(), ("WWW-Authenticate", "Basic realm=\"x\"")));
        using (var anonymous = Client(registry))
        {
            var error = await Fails(() => anonymous.GetManifestAsync("a", "1", CancellationToken.None));
            Assert.Equal(ErrorKind.Unauthorized, error.Kind);
            Assert.Contains("log in", error.Remedy);
        }
        using var client = Client(registry, new RegistryCredentials("me", "wrong"));
        Assert.Contains("not accepted", (await Fails(() => client.GetManifestAsync("a", "1", CancellationToken.None))).Remedy);
        Assert.DoesNotContain("wrong", (await Fails(() => client.GetManifestAsync("a", "1", CancellationToken.None))).Message.Replace("wrong digest", ""));
    }

    [Fact]
    public async Task Credentials_stay_with_the_registry_when_it_redirects()
    {
        var data = new byte[100];
        var descriptor = new Descriptor { Digest = ContentDigest.Of(data).ToString(), Size = data.Length };
        using var storage = new FakeRegistry(_ => new FakeAnswer(200, data));
        using var registry = new FakeRegistry(request => request.Headers["Authorization"] is null
            ? new FakeAnswer(401, [], ("WWW-Authenticate", "Basic realm=\"x\""))
            : request.Url!.AbsolutePath == "/v2/" ? FakeAnswer.Text("{}") : new FakeAnswer(307, [], ("Location", $"http://{storage.Host}/blob?sig=1")));
        using var client = Client(registry, new RegistryCredentials("me", "secret"));
        Assert.Equal(data, await Read(client, descriptor));
        Assert.Null(Assert.Single(storage.Requests).Authorization);
        Assert.NotNull(registry.Requests[^1].Authorization);
    }

    private static async Task<byte[]> Read(RegistryClient client, Descriptor descriptor)
    {
        await using var download = client.OpenBlob("a", descriptor);
        var result = new MemoryStream();
        var buffer = new byte[1000];
        for (int count; (count = await download.ReadAsync(buffer, CancellationToken.None)) > 0;)
        {
            result.Write(buffer, 0, count);
        }
        return result.ToArray();
    }

    [Fact]
    public async Task Transient_errors_are_tried_again_and_lasting_ones_are_not()
    {
        var count = 0;
        using var registry = new FakeRegistry(request => request.Url!.AbsolutePath switch
        {
            "/v2/" => FakeAnswer.Text("{}"),
            "/v2/a/manifests/busy" => ++count < 3 ? new FakeAnswer(503, []) : FakeAnswer.Text(Manifest),
            "/v2/a/manifests/limit" => new FakeAnswer(429, [], ("Retry-After", "0")),
            _ => FakeAnswer.NotFound,
        });
        using var client = Client(registry);
        await client.GetManifestAsync("a", "busy", CancellationToken.None);
        Assert.Equal(3, count);
        Assert.Equal("RegistryRateLimit", (await Fails(() => client.GetManifestAsync("a", "limit", CancellationToken.None))).ErrorId);
        Assert.Equal(3, registry.Requests.Count(request => request.Path.EndsWith("/limit")));
        Assert.Equal("RemoteImageNotFound", (await Fails(() => client.GetManifestAsync("a", "none", CancellationToken.None))).ErrorId);
        Assert.Single(registry.Requests, request => request.Path.EndsWith("/none"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_download_is_taken_up_where_it_broke(bool ranges)
    {
        var data = new byte[200_000];
        new Random(1).NextBytes(data);
        var descriptor = new Descriptor { Digest = ContentDigest.Of(data).ToString(), Size = data.Length };
        var attempt = 0;
        using var registry = new FakeRegistry(request =>
        {
            if (request.Url!.AbsolutePath == "/v2/")
            {
                return FakeAnswer.Text("{}");
            }
            var start = ranges && request.Headers["Range"] is { } range ? int.Parse(range["bytes=".Length..^1]) : 0;
            var body = data[start..];
            return new FakeAnswer(start > 0 ? 206 : 200, body, start > 0 ? [("Content-Range", $"bytes {start}-{data.Length - 1}/{data.Length}")] : [])
            {
                CutAfter = attempt++ < 2 ? Math.Min(body.Length, 50_000 * attempt) : null,
            };
        });
        using var client = Client(registry);
        Assert.Equal(data, await Read(client, descriptor));
        Assert.Equal(3, attempt);
    }

    [Fact]
    public async Task Lies_about_digest_and_size_are_found()
    {
        var data = new byte[100];
        using var registry = new FakeRegistry(request => request.Url!.AbsolutePath == "/v2/" ? FakeAnswer.Text("{}")
            : request.Url.AbsolutePath.Contains("/manifests/") ? FakeAnswer.Text(Manifest, ("Docker-Content-Digest", "sha256:" + new string('a', 64)))
            : new FakeAnswer(200, data));
        using var client = Client(registry);
        Assert.Equal("DigestMismatch", (await Fails(() => client.GetManifestAsync("a", "1", CancellationToken.None))).ErrorId);
        Assert.Equal("DigestMismatch", (await Fails(() => client.GetManifestAsync("a", "sha256:" + new string('b', 64), CancellationToken.None))).ErrorId);
        foreach (var size in (int[])[99, 101])
        {
            var error = await Fails(() => Read(client, new Descriptor { Digest = ContentDigest.Of(data).ToString(), Size = size }));
            Assert.Equal("BlobSizeMismatch", error.ErrorId);
        }
    }

    [Fact]
    public async Task An_endless_manifest_is_cut_off()
    {
        using var registry = new FakeRegistry(request => request.Url!.AbsolutePath == "/v2/" ? FakeAnswer.Text("{}") : new FakeAnswer(200, new byte[5_000_000]));
        using var client = Client(registry);
        Assert.Equal("AnswerTooLarge", (await Fails(() => client.GetManifestAsync("a", "1", CancellationToken.None))).ErrorId);
    }

    [Fact]
    public async Task Plain_http_is_refused_where_it_is_not_allowed()
    {
        using var registry = new FakeRegistry(_ => FakeAnswer.Text("{}"));
        using var client = new RegistryClient(new RegistryConnection(registry.Host, insecure: false, null, new CertificateDirectory([], []), null, new RetryPolicy(0, null)));
        Assert.Equal("RegistryPlainHttp", (await Fails(() => client.GetManifestAsync("a", "1", CancellationToken.None))).ErrorId);
    }
}
