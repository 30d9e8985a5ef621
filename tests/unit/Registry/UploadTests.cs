using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.UnitTests.Registry;

public class UploadTests
{
    private static readonly byte[] s_data = Data(700_000);

    private static byte[] Data(int length)
    {
        var data = new byte[length];
        new Random(1).NextBytes(data);
        return data;
    }

    private static RegistryConnection Connect(string host, RegistryCredentials? credentials = null, int retry = 2) =>
        new(host, insecure: true, credentials, new CertificateDirectory([], []), null, new RetryPolicy(retry, TimeSpan.FromMilliseconds(10)));

    private static async Task<MadeBlob> Make(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        for (var start = 0; start < s_data.Length; start += 50_000)
        {
            await write(s_data.AsMemory(start, 50_000), cancellationToken);
        }
        return new MadeBlob(ContentDigest.Of(s_data), s_data.Length);
    }

    private static async Task<MadeBlob> Upload(UploadRegistry registry, int retry = 2)
    {
        using var connection = Connect(registry.Host, retry: retry);
        var blob = await new RegistryWriter(connection, "r").UploadAsync(Make, _ => { }, CancellationToken.None);
        Assert.Equal(s_data, registry.Blobs[blob.Digest.ToString()]);
        return blob;
    }

    [Fact]
    public async Task A_blob_goes_in_one_piece()
    {
        using var registry = new UploadRegistry();
        Assert.Equal(s_data.Length, (await Upload(registry)).Size);
        Assert.Equal(["POST", "PATCH u0", "PUT u0"], registry.Log);
        using var connection = Connect(registry.Host);
        var writer = new RegistryWriter(connection, "r");
        Assert.Equal(s_data.Length, await writer.FindBlobAsync(ContentDigest.Of(s_data).ToString(), CancellationToken.None));
        Assert.Null(await writer.FindBlobAsync("sha256:" + new string('0', 64), CancellationToken.None));
    }

    [Fact]
    public async Task A_broken_upload_is_taken_up_where_it_broke()
    {
        using var registry = new UploadRegistry { Cut = number => number == 0 ? 300_000 : null };
        await Upload(registry);
        Assert.Contains("PATCH u0 300000-699999", registry.Log);
        Assert.Equal(s_data.Length, registry.Received);
    }

    [Fact]
    public async Task An_upload_that_the_registry_has_forgotten_begins_again()
    {
        using var registry = new UploadRegistry { Cut = number => number == 0 ? 300_000 : null, Claim = _ => null };
        await Upload(registry);
        Assert.Equal(2, registry.Log.Count(line => line.StartsWith("POST")));
        Assert.Contains("PATCH u1", registry.Log);
    }

    [Fact]
    public async Task An_upload_that_was_put_together_wrong_begins_again_once()
    {
        // The registry says to have more than it has.
        using var registry = new UploadRegistry { Cut = number => number == 0 ? 300_000 : null, Claim = length => length + 10 };
        await Upload(registry);
        Assert.Equal(2, registry.Log.Count(line => line.StartsWith("POST")));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_registry_is_asked_again_when_it_says(int status)
    {
        var refusals = 0;
        using var registry = new UploadRegistry
        {
            Instead = request => request.HttpMethod is "PATCH" or "PUT" && refusals++ < 2 ? new FakeAnswer(status, [], ("Retry-After", "0")) : null,
        };
        await Upload(registry);
        Assert.True(refusals >= 3);
    }

    [Fact]
    public async Task A_registry_that_fails_for_good_is_given_up()
    {
        using var registry = new UploadRegistry { Instead = request => request.HttpMethod == "PATCH" ? new FakeAnswer(500, []) : null };
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => Upload(registry));
        Assert.Equal(ErrorKind.Network, error.Kind);
        Assert.Equal(3, registry.Log.Count(line => line.StartsWith("PATCH")));
    }

    [Fact]
    public async Task An_upload_that_breaks_at_its_very_end_is_found_complete()
    {
        var broken = false;
        UploadRegistry registry = null!;
        using (registry = new UploadRegistry
        {
            Instead = request =>
            {
                if (request.HttpMethod != "PUT" || broken)
                {
                    return null;
                }
                broken = true;
                registry.Blobs[ContentDigest.Of(s_data).ToString()] = s_data;
                return new FakeAnswer(503, []);
            },
        })
        {
            await Upload(registry);
            Assert.Single(registry.Log, line => line.StartsWith("PATCH"));
        }
    }

    [Fact]
    public async Task A_token_that_expires_in_the_middle_is_renewed()
    {
        var issued = 0;
        UploadRegistry registry = null!;
        using (registry = new UploadRegistry
        {
            Instead = request =>
            {
                if (request.Url!.AbsolutePath == "/token")
                {
                    return FakeAnswer.Text($$"""{"token":"T{{++issued}}","expires_in":300}""");
                }
                // Each request makes the token stale.
                return request.Headers["Authorization"] == $"Bearer T{issued}" && (request.HttpMethod != "PUT" || issued > 1) ? null
                    : new FakeAnswer(401, [], ("WWW-Authenticate", $"Bearer realm=\"http://{registry.Host}/token\",service=\"s\",scope=\"repository:r:pull,push\""));
            },
        })
        {
            using var connection = Connect(registry.Host, new RegistryCredentials("me", "secret"));
            await new RegistryWriter(connection, "r").UploadAsync(Make, _ => { }, CancellationToken.None);
            Assert.Equal(2, issued);
        }
    }

    [Fact]
    public async Task Credentials_stay_with_the_registry_when_the_upload_is_elsewhere()
    {
        var seen = new List<(string Method, string? Authorization)>();
        using var storage = new UploadRegistry
        {
            Instead = request =>
            {
                seen.Add((request.HttpMethod, request.Headers["Authorization"]));
                request.InputStream.CopyTo(Stream.Null);
                return new FakeAnswer(request.HttpMethod == "PATCH" ? 202 : 201, []);
            },
        };
        using var registry = new FakeRegistry(request => request.Headers["Authorization"] is null ? new FakeAnswer(401, [], ("WWW-Authenticate", "Basic realm=\"x\""))
            : request.HttpMethod == "POST" ? new FakeAnswer(202, [], ("Location", $"http://{storage.Host}/upload?sig=1"))
            : FakeAnswer.Text("{}"));
        using var connection = Connect(registry.Host, new RegistryCredentials("me", "secret"));
        await new RegistryWriter(connection, "r").UploadAsync(Make, _ => { }, CancellationToken.None);
        Assert.Equal([("PATCH", null), ("PUT", null)], seen);
        Assert.NotNull(registry.Requests[^1].Authorization);
    }

    [Fact]
    public async Task What_cannot_be_made_is_told_and_not_tried_again()
    {
        using var registry = new UploadRegistry();
        using var connection = Connect(registry.Host);
        var corrupt = new ContainerEngineException(ErrorKind.DataCorrupt, "LayerCorrupt", "the layer has been changed");
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => new RegistryWriter(connection, "r").UploadAsync(async (write, stop) =>
        {
            await write(s_data, stop);
            throw corrupt;
        }, _ => { }, CancellationToken.None));
        Assert.Same(corrupt, error);
        // The connection may have been given up before the registry saw the request at all.
        Assert.InRange(registry.Log.Count(line => line.StartsWith("PATCH")), 0, 1);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_registry_that_takes_nothing_is_left()
    {
        using var stop = new ManualResetEventSlim();
        using var registry = new UploadRegistry
        {
            Instead = request =>
            {
                if (request.HttpMethod == "PATCH")
                {
                    _ = request.InputStream.ReadByte();
                    stop.Wait(TimeSpan.FromSeconds(5));
                }
                return null;
            },
        };
        using var connection = Connect(registry.Host, retry: 0);
        var endless = new byte[1_000_000];
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => new BlobUpload(connection, "r", async (write, token) =>
        {
            while (true)
            {
                await write(endless, token);
            }
        }, _ => { }) { StallLimit = TimeSpan.FromSeconds(1) }.RunAsync(CancellationToken.None));
        stop.Set();
        Assert.Equal("RegistryUnreachable", error.ErrorId);
        Assert.Contains("took no data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_is_taken_over_from_another_repository_where_the_registry_does_that()
    {
        var wanted = "";
        using var registry = new UploadRegistry
        {
            Instead = request =>
            {
                wanted = request.HttpMethod == "POST" ? request.Url!.Query : wanted;
                return request.HttpMethod == "POST" && request.QueryString["from"] == "base/os" ? new FakeAnswer(201, []) : null;
            },
        };
        using var connection = Connect(registry.Host);
        var writer = new RegistryWriter(connection, "r");
        Assert.True(await writer.TryMountAsync("sha256:" + new string('a', 64), "base/os", CancellationToken.None));
        Assert.Equal($"?mount=sha256%3A{new string('a', 64)}&from=base%2Fos", wanted);
        Assert.False(await writer.TryMountAsync("sha256:" + new string('a', 64), "other", CancellationToken.None));
        // The upload that began in place of it is given up.
        Assert.Equal("DELETE u0", registry.Log[^1]);
    }

    [Fact]
    public async Task A_manifest_is_stored_as_it_is_or_refused()
    {
        var manifest = "{}"u8.ToArray();
        using var registry = new UploadRegistry
        {
            Instead = request => request.HttpMethod != "PUT" ? null
                : request.Url!.AbsolutePath.EndsWith("/old") ? new FakeAnswer(400, """{"errors":[{"code":"MANIFEST_INVALID","message":"manifest invalid"}]}"""u8.ToArray())
                : request.Url.AbsolutePath.EndsWith("/wrong") ? new FakeAnswer(201, [], ("Docker-Content-Digest", "sha256:" + new string('b', 64)))
                : new FakeAnswer(201, [], ("Docker-Content-Digest", ContentDigest.Of(manifest).ToString())),
        };
        using var connection = Connect(registry.Host);
        var writer = new RegistryWriter(connection, "r");
        await writer.PutManifestAsync("1", manifest, MediaTypes.OciManifest, CancellationToken.None);
        Assert.Equal("ManifestRefused", (await Assert.ThrowsAsync<ContainerEngineException>(() => writer.PutManifestAsync("old", manifest, MediaTypes.OciManifest, CancellationToken.None))).ErrorId);
        Assert.Equal("DigestMismatch", (await Assert.ThrowsAsync<ContainerEngineException>(() => writer.PutManifestAsync("wrong", manifest, MediaTypes.OciManifest, CancellationToken.None))).ErrorId);
    }

    [Fact]
    public async Task Tags_come_page_by_page()
    {
        using var registry = new FakeRegistry(request => request.Url!.PathAndQuery switch
        {
            "/v2/r/tags/list" => FakeAnswer.Text("""{"name":"r","tags":["a","b"]}""", ("Link", "</v2/r/tags/list?last=b&n=2>; rel=\"next\"")),
            "/v2/r/tags/list?last=b&n=2" => FakeAnswer.Text("""{"name":"r","tags":["c"]}"""),
            "/v2/none/tags/list" => FakeAnswer.Text("""{"name":"none","tags":null}"""),
            "/v2/bad/tags/list" => FakeAnswer.Text("[]"),
            _ => FakeAnswer.NotFound,
        });
        using var client = new RegistryClient(Connect(registry.Host));
        Assert.Equal(["a", "b", "c"], await client.GetTagsAsync("r", CancellationToken.None));
        Assert.Empty(await client.GetTagsAsync("none", CancellationToken.None));
        Assert.Equal("TagListInvalid", (await Assert.ThrowsAsync<ContainerEngineException>(() => client.GetTagsAsync("bad", CancellationToken.None))).ErrorId);
    }
}
