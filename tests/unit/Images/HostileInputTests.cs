using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images;

/// <summary>Whatever registries and people write, the only failure is an error of ours.</summary>
public class HostileInputTests
{
    private const string Hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Manifest = $$$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{Hash}}}","size":5},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{Hash}}}","size":5,"urls":["x"],"annotations":{"a":"b"} }],"annotations":{"c":"d"} }
        """;

    private const string Index = $$$"""
        {"schemaVersion":2,"manifests":[{"digest":"{{{Hash}}}","size":5,"annotations":{"a":"b"},"platform":{"os":"linux","architecture":"amd64","variant":"v1"} },
         {"digest":"{{{Hash}}}","size":5,"platform":{"os":"linux","architecture":"arm64"} }]}
        """;

    private const string Config = $$$"""
        {"created":"2024-01-01T00:00:00Z","architecture":"amd64","os":"linux","author":"x","config":{"User":"u","Env":["A=1"],"Cmd":["a"],"Entrypoint":["b"],"Volumes":{"/v":{} },
         "ExposedPorts":{"80/tcp":{} },"Labels":{"a":"b"},"WorkingDir":"/","StopSignal":"15","Shell":["s"],"OnBuild":["x"]},
         "rootfs":{"type":"layers","diff_ids":["{{{Hash}}}"]},"history":[{"created":"2024-01-01T00:00:00Z","created_by":"x","empty_layer":true}]}
        """;

    public static TheoryData<string> Documents => [Manifest, Index, Config];

    /// <summary>Every node of the documents replaced by every kind of value.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Mutated_documents_are_read_or_refused(string document)
    {
        var paths = new List<string>();
        Collect(JsonNode.Parse(document)!, "", paths);
        foreach (var path in paths)
        {
            foreach (var value in (string[])["null", "1", "-1", "\"\"", "\"x\"", "[]", "[null]", "{}", "{\"x\":null}", "true", "1e400", "99999999999999999999"])
            {
                Read(Replace(document, path, value));
            }
        }
    }

    [Fact]
    public void Cut_and_noisy_documents_are_read_or_refused()
    {
        var random = new Random(5);
        foreach (var document in (string[])[Manifest, Index, Config])
        {
            for (var i = 0; i < document.Length; i++)
            {
                Read(document[..i]);
                Read(document[..i] + (char)random.Next(1, 128) + document[(i + 1)..]);
            }
        }
    }

    private static void Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        OnlyOurErrors(() =>
        {
            var manifest = ImageManifest.Parse(bytes, null, "test");
            _ = manifest.Type.Length;
            if (manifest.IsIndex)
            {
                _ = PlatformChoice.Choose(manifest, new ImagePlatform("linux", "amd64"), "test").Digest;
            }
        }, text);
        OnlyOurErrors(() =>
        {
            var config = ImageConfigFile.Parse(bytes, "test");
            var model = config.ToModel();
            Assert.DoesNotContain(null!, model.Environment);
            Assert.All(config.DiffIds, diffId => OnlyOurErrors(() => ContentDigest.Parse(diffId, "test"), text));
            _ = PlatformChoice.Matches(config, new ImagePlatform("linux", "amd64"));
        }, text);
    }

    [Fact]
    public void Random_texts_never_break_a_parser()
    {
        const string Alphabet = "abz09AZ._-/:@[]{}=\"'\\#,\n\r\t +*%é\u0000";
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            OnlyOurErrors(() => ImageReference.Parse(text), text);
            OnlyOurErrors(() => ShortNames.LocalCandidates(text, new RegistriesConf { UnqualifiedSearchRegistries = ["docker.io"] }), text);
            OnlyOurErrors(() => TomlParser.Parse(text, "test"), text);
            OnlyOurErrors(() => AuthenticationChallenge.Parse([text]), text);
            OnlyOurErrors(() => ImageChanges.Parse([text, "ENV " + text, "CMD " + text, "LABEL " + text]), text);
            OnlyOurErrors(() => GoDuration.TryParse(text, out _), text);
            OnlyOurErrors(() => RegistryPrefix.MatchLength(text, "quay.io/a:b"), text);
        }
    }

    [Fact]
    public void What_is_printed_is_read_again()
    {
        foreach (var text in (string[])["nginx", "a/b:1", "localhost/x", "h:1/a.b/c_d@" + Hash, "quay.io/a:t@" + Hash])
        {
            var reference = ImageReference.Parse(text);
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
            Assert.Equal(reference.StoredName, ImageReference.Parse(reference.StoredName).StoredName);
        }
    }

    private static void OnlyOurErrors(Action action, string input)
    {
        try
        {
            action();
        }
        catch (ContainerEngineException)
        {
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{error.GetType().Name} for {input}: {error}");
        }
    }

    private static void Collect(JsonNode? node, string path, List<string> paths)
    {
        if (path.Length > 0)
        {
            paths.Add(path);
        }
        switch (node)
        {
            case JsonObject value:
                foreach (var (name, child) in value)
                {
                    Collect(child, $"{path}\n{name}", paths);
                }
                break;
            case JsonArray value:
                for (var i = 0; i < value.Count; i++)
                {
                    Collect(value[i], $"{path}\n{i}", paths);
                }
                break;
        }
    }

    private static string Replace(string document, string path, string value)
    {
        const string Mark = "\"@mark@\"";
        var root = JsonNode.Parse(document)!;
        var parts = path.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var node = root;
        foreach (var part in parts[..^1])
        {
            node = node is JsonArray array ? array[int.Parse(part)]! : node![part]!;
        }
        if (node is JsonArray owner)
        {
            owner[int.Parse(parts[^1])] = "@mark@";
        }
        else
        {
            node![parts[^1]] = "@mark@";
        }
        return root.ToJsonString().Replace(Mark, value);
    }
}
