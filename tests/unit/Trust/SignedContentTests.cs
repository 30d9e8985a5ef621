using System.Text;
using System.Text.Json;
using Podsharp.Engine.Images;
using Podsharp.Engine.Trust;

namespace Podsharp.UnitTests.Trust;

public class SignedContentTests
{
    private static readonly byte[] s_manifest = "{}"u8.ToArray();
    private static readonly SignedIdentity s_identity = new(SignedIdentityKind.MatchRepositoryDigestOrExact);

    [Fact]
    public void What_is_written_is_accepted_for_its_manifest_and_name_only()
    {
        var content = SignedContent.Write(SignedContent.SigstoreType, "r.example/app:1", ContentDigest.Of(s_manifest).ToString(), "us", DateTimeOffset.UnixEpoch);
        Assert.Null(Check(content, "r.example/app:1", s_manifest));
        Assert.Contains("another manifest", Check(content, "r.example/app:1", [.. s_manifest, 32]), StringComparison.Ordinal);
        Assert.Contains("not accepted", Check(content, "r.example/app:2", s_manifest), StringComparison.Ordinal);
        Assert.Contains("its type is not", SignedContent.Check(content, SignedContent.SimpleType, s_identity, ImageReference.Parse("r.example/app:1"), s_manifest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":"D"},"identity":{"docker-reference":"N"}},"optional":null}""", true)]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":"D"},"identity":{"docker-reference":"N"}},"optional":{"note":{"a":1}}}""", true)]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":"D"},"identity":{"docker-reference":"N"}}}""", false)]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":"D"},"identity":{"docker-reference":"N"},"more":1},"optional":{}}""", false)]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":"D"},"identity":{"docker-reference":"M","docker-reference":"N"}},"optional":{}}""", false)]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":"D"},"identity":{}},"optional":{}}""", false)]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":7},"identity":{"docker-reference":"N"}},"optional":{}}""", false)]
    [InlineData("""{"critical":{"type":"T","image":{"docker-manifest-digest":"D"},"identity":{"docker-reference":"N"}},"optional":{"timestamp":1.5}}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("nonsense", false)]
    public void Refuses_content_with_less_or_more_than_there_should_be(string json, bool good)
    {
        var content = Encoding.UTF8.GetBytes(json.Replace("\"T\"", JsonSerializer.Serialize(SignedContent.SigstoreType), StringComparison.Ordinal)
            .Replace("\"N\"", "\"r.example/app:1\"", StringComparison.Ordinal).Replace("\"D\"", $"\"{ContentDigest.Of(s_manifest)}\"", StringComparison.Ordinal));
        Assert.Equal(good, Check(content, "r.example/app:1", s_manifest) is null);
    }

    [Fact]
    public void Signatures_keep_their_form_in_files()
    {
        var simple = Assert.IsType<SimpleSignature>(ImageSignature.FromBlob([0x90, 1, 2]));
        Assert.Equal([0x90, 1, 2], simple.ToBlob());
        var sigstore = new SigstoreSignature(SigstoreSignature.PayloadType, [1, 2, 3], new Dictionary<string, string> { [SigstoreSignature.SignatureKey] = "AQ==" });
        Assert.StartsWith("\0sigstore-json\n", Encoding.UTF8.GetString(sigstore.ToBlob()), StringComparison.Ordinal);
        Assert.True(sigstore.IsSame(Assert.IsType<SigstoreSignature>(ImageSignature.FromBlob(sigstore.ToBlob()))));
        Assert.IsType<SimpleSignature>(ImageSignature.FromBlob([0, .. "sigstore-json\n{"u8]));
    }

    private static string? Check(byte[] content, string name, byte[] manifest) =>
        SignedContent.Check(content, SignedContent.SigstoreType, s_identity, ImageReference.Parse(name), manifest);
}
