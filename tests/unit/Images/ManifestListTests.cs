using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Lists;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Images;

public sealed class ManifestListTests
{
    private const string Digest = "sha256:e70ec21882f95db0a83ecdb07a7e7812ede5205b2a2001789a6341a6997ef774";
    private const string Other = "sha256:8cea6a519f62534ce03becb6789409f6ccc787d60ef22b56d09d3110968ad2d8";

    private static readonly Descriptor s_entry = new()
    {
        MediaType = MediaTypes.OciManifest, Digest = Digest, Size = 563, Platform = new() { Architecture = "arm64", Os = "linux" },
    };

    // Bytes of podman 5.8.
    [Fact]
    public void An_empty_list_is_Dockers() =>
        Assert.Equal("""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":null}""", Text(ListContent.Empty));

    [Fact]
    public void A_list_is_written_as_podman_writes_it()
    {
        var list = ListContent.Empty.With(s_entry, "docker://a/b:1").Annotate(new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });
        list = list.Replace(ListEditor.Apply(list.Find(Digest)!, new() { Architecture = "riscv64", Variant = "v9", OsVersion = "1.2", OsFeatures = ["x"], Annotations = new Dictionary<string, string> { ["z"] = "1" } }));
        Assert.Equal("""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:e70ec21882f95db0a83ecdb07a7e7812ede5205b2a2001789a6341a6997ef774","size":563,"annotations":{"z":"1"},"platform":{"architecture":"riscv64","os":"linux","os.version":"1.2","os.features":["x"],"variant":"v9"}}],"annotations":{"a":"1","b":"2"}}
            """.Trim(), Text(list));
    }

    [Fact]
    public void Features_of_processors_make_a_list_Dockers_as_long_as_nothing_else_would_be_lost()
    {
        var list = ListContent.Empty.With(ListEditor.Apply(s_entry, new() { Features = ["f"] }), "docker://a/b:1");
        Assert.Contains("\"features\":[\"f\"]", Text(list));
        Assert.Equal(MediaTypes.DockerList, list.Type);
        Assert.Equal(MediaTypes.OciIndex, list.Annotate(new Dictionary<string, string> { ["a"] = "b" }).Type);
    }

    [Fact]
    public void Another_architecture_takes_the_variant_away()
    {
        var arm = s_entry with { Platform = new() { Architecture = "arm", Os = "linux", Variant = "v7" } };
        Assert.Null(ListEditor.Apply(arm, new() { Architecture = "arm64" }).Platform!.Variant);
        Assert.Equal("v7", ListEditor.Apply(arm, new() { OsVersion = "1" }).Platform!.Variant);
    }

    [Fact]
    public void An_image_is_named_once_and_forgotten_with_its_place()
    {
        var list = ListContent.Empty.With(s_entry, "a").With(s_entry with { Digest = Other }, "b").With(s_entry, "c");
        Assert.Equal([Other, Digest], list.Entries.Select(entry => entry.Digest));
        Assert.Equal("c", list.Places[Digest]);
        Assert.DoesNotContain(Digest, list.Without(Digest).Places.Keys);
    }

    [Fact]
    public void Places_go_before_what_names_them_and_leave_after_it()
    {
        var (less, more) = (ListContent.Empty.With(s_entry, "a"), ListContent.Empty.With(s_entry, "a").With(s_entry with { Digest = Other }, "b"));
        Assert.Equal(["instances.json", "manifest"], more.ToData("id", less).Select(item => item.Key));
        Assert.Equal(["manifest", "instances.json"], less.ToData("id", more).Select(item => item.Key));
    }

    [Theory]
    [InlineData("containers-storage:[overlay@/var/lib/containers/storage+/run/containers/storage]@2ff2db00", "2ff2db00")]
    [InlineData("containers-storage:[overlay@/a+/b:overlay.mountopt=x]localhost/t:amd64", "localhost/t:amd64")]
    [InlineData("containers-storage:[overlay@/a+/b]localhost/t:amd64@2ff2db00", "2ff2db00")]
    [InlineData("containers-storage:localhost/t@sha256:abc", "localhost/t@sha256:abc")]
    [InlineData("docker://a/b:1", null)]
    public void A_place_in_the_store_has_an_id_or_a_name(string place, string? name) => Assert.Equal(name, ListPlaces.LocalName(place));

    [Fact]
    public void Places_are_written_with_the_lists_own_id_and_read_without()
    {
        var written = ListPlaces.Write("id", new Dictionary<string, string> { [Digest] = "b", [Other] = "a" });
        Assert.Equal("{\"\":\"id\",\"" + Other + "\":\"a\",\"" + Digest + "\":\"b\"}", Encoding.UTF8.GetString(written));
        Assert.Equal([Other, Digest], ListPlaces.Read(written).Keys);
        Assert.Equal("{}", Encoding.UTF8.GetString(ListPlaces.Write("id", EmptyDictionary.Strings)));
    }

    private static string Text(ListContent list) => Encoding.UTF8.GetString(list.ToBytes());
}
