using System.Text;
using System.Text.Json;
using Podsharp.Engine.Trust;

namespace Podsharp.UnitTests.Trust;

public class PolicyReaderTests
{
    private const string Accept = """[{"type":"insecureAcceptAnything"}]""";

    [Fact]
    public void Reads_every_kind_of_requirement()
    {
        var (fallback, transports) = Read("""
            {"default":[{"type":"reject"}],"transports":{
              "docker":{
                "":[{"type":"insecureAcceptAnything"}],
                "*.example.org":[{"type":"signedBy","keyType":"GPGKeys","keyPaths":["/a","/b"],"signedIdentity":{"type":"matchRepository"}}],
                "r.example/app":[{"type":"signedBy","keyType":"GPGKeys","keyData":"AQID"},
                  {"type":"sigstoreSigned","keyDatas":["AQ==","Ag=="],"rekorPublicKeyPath":"/rekor"}],
                "r.example/fulcio":[{"type":"sigstoreSigned","fulcio":{"caData":"AQ==","oidcIssuer":"i","subjectEmail":"e"},"rekorPublicKeyDatas":["AQ=="],
                  "signedIdentity":{"type":"remapIdentity","prefix":"m.example:5000","signedPrefix":"v.example/x"}}],
                "r.example/pki":[{"type":"sigstoreSigned","pki":{"caRootsPath":"/r","caIntermediatesPath":"/i","subjectHostname":"h"}}]},
              "dir":{"/srv/images":[{"type":"signedBaseLayer","baseLayerIdentity":{"type":"exactReference","dockerReference":"busybox:1"}}]},
              "unheardOf":{"anything":[{"type":"reject"}]}}}
            """);
        Assert.IsType<RejectAnything>(Assert.Single(fallback));
        var docker = transports["docker"];
        var wild = Assert.IsType<SignedBy>(Assert.Single(docker["*.example.org"]));
        Assert.Equal(["/a", "/b"], wild.Keys.Paths);
        Assert.Equal(SignedIdentityKind.MatchRepository, wild.Identity.Kind);
        Assert.Equal([1, 2, 3], Assert.Single(Assert.IsType<SignedBy>(docker["r.example/app"][0]).Keys.Data));
        var sigstore = Assert.IsType<SigstoreSigned>(docker["r.example/app"][1]);
        Assert.Equal(2, sigstore.Keys!.Data.Count);
        Assert.Equal(["/rekor"], sigstore.Rekor!.Paths);
        Assert.Equal(SignedIdentityKind.MatchRepositoryDigestOrExact, sigstore.Identity.Kind);
        var fulcio = Assert.IsType<SigstoreSigned>(Assert.Single(docker["r.example/fulcio"]));
        Assert.Equal(new SignedIdentity(SignedIdentityKind.RemapIdentity, "m.example:5000", "v.example/x"), fulcio.Identity);
        Assert.Equal("e", fulcio.Fulcio!.Email);
        Assert.Equal("h", Assert.IsType<SigstoreSigned>(Assert.Single(docker["r.example/pki"])).Pki!.HostName);
        Assert.IsType<UncheckableRequirement>(Assert.Single(transports["dir"]["/srv/images"]));
    }

    [Theory]
    [InlineData("""{"transports":{}}""")]
    [InlineData("""{"default":null}""")]
    [InlineData("""{"default":[]}""")]
    [InlineData("""{"default":{}}""")]
    [InlineData("""{"default":[{}]}""")]
    [InlineData("""{"default":[{"type":"Reject"}]}""")]
    [InlineData("""{"default":[{"type":"reject","more":1}]}""")]
    [InlineData("""{"default":[{"type":"reject","type":"insecureAcceptAnything"}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":""}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPaths":[]}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyDatas":["AQ=="]}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyData":"not base64"}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"PGP","keyPath":"/k"}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","signedIdentity":{"type":"matchExact","more":1}}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","signedIdentity":{"type":"exactReference","dockerReference":"r.example/app"}}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","signedIdentity":{"type":"remapIdentity","prefix":"r.example"}}]}""")]
    [InlineData("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","signedIdentity":{"type":"remapIdentity","prefix":"app/x","signedPrefix":"r.example"}}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned"}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned","keyPath":"/k","keyData":"AQ=="}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned","keyPath":"/k","fulcio":{"caPath":"/c","oidcIssuer":"i","subjectEmail":"e"},"rekorPublicKeyPath":"/r"}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned","fulcio":{"caPath":"/c","oidcIssuer":"i"},"rekorPublicKeyPath":"/r"}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned","fulcio":{"caPath":"/c","oidcIssuer":"i","subjectEmail":"e"}}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned","pki":{"caRootsPath":"/c"}}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned","pki":{"caRootsPath":"/c","subjectEmail":"e"},"rekorPublicKeyPath":"/r"}]}""")]
    [InlineData("""{"default":[{"type":"sigstoreSigned","keyPath":"/k","rekorPublicKeyPath":"/r","rekorPublicKeyData":"AQ=="}]}""")]
    [InlineData("""{"default":[{"type":"reject"}],"Transports":{}}""")]
    [InlineData("""{"default":[{"type":"reject"}],"transports":{"docker":{"a":[]}}}""")]
    [InlineData("""{"default":[{"type":"reject"}],"transports":{"docker":{"a":[{"type":"reject"}],"a":[{"type":"insecureAcceptAnything"}]}}}""")]
    [InlineData("""{"default":[{"type":"reject"}],"transports":{"docker-archive":{"/x":[{"type":"reject"}]}}}""")]
    [InlineData("""{"default":[{"type":"reject"}],"transports":{"oci":{"/x/../y":[{"type":"reject"}]}}}""")]
    [InlineData("""{"default":[{"type":"reject"}],"transports":{"dir":{"/":[{"type":"reject"}]}}}""")]
    public void Refuses_what_is_not_known(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    [Fact]
    public void A_policy_may_be_short() => Assert.Empty(Read($$"""{"default":{{Accept}}}""").Transports);

    private static (IReadOnlyList<PolicyRequirement> Default, Dictionary<string, Dictionary<string, IReadOnlyList<PolicyRequirement>>> Transports) Read(string json) =>
        PolicyReader.Read(Encoding.UTF8.GetBytes(json));
}
