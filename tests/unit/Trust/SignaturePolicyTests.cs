using Podsharp.Engine.Images;
using Podsharp.Engine.Trust;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Trust;

public sealed class SignaturePolicyTests : IDisposable
{
    private const string Accept = """[{"type":"insecureAcceptAnything"}]""";
    private const string Reject = """[{"type":"reject"}]""";
    private const string Sign = """[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k"}]""";

    private readonly TestEnvironment _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_host_without_a_policy_accepts_everything() => Assert.Null(SignaturePolicy.Load(_host.Environment));

    [Theory]
    [InlineData(Accept, "", true)]
    [InlineData(Reject, "", false)]
    [InlineData(Sign, "", false)]
    [InlineData(Reject, $"\"r.io/team\":{Accept}", true)]
    [InlineData(Reject, $"\"r.io/team/app:1\":{Accept}", true)]
    [InlineData(Reject, $"\"r.io/team/app:2\":{Accept}", false)]
    [InlineData(Reject, $"\"r.io/tea\":{Accept}", false)]
    [InlineData(Reject, $"\"*.io\":{Accept}", true)]
    [InlineData(Accept, $"\"*.io\":{Reject},\"r.io\":{Accept}", true)]
    [InlineData(Accept, $"\"\":{Reject}", false)]
    [InlineData(Accept, $"\"r.io\":{Sign}", false)]
    public void The_narrowest_scope_counts(string fallback, string scopes, bool allowed)
    {
        var policy = Load($"{{\"default\":{fallback},\"transports\":{{\"docker\":{{{scopes}}}}}}}");
        var error = Record.Exception(() => policy.Check(ImageReference.Parse("r.io/team/app:1")));
        Assert.Equal(allowed ? null : "PolicyRejected", (error as ContainerEngineException)?.ErrorId);
    }

    [Fact]
    public void A_link_is_no_way_around_the_scope_of_a_directory()
    {
        Directory.CreateDirectory(_host.Root + "/images/app");
        Directory.CreateSymbolicLink(_host.Root + "/link", _host.Root + "/images");
        var policy = Load($"{{\"default\":{Accept},\"transports\":{{\"oci\":{{\"{_host.Root}/images\":{Reject}}}}}}}");
        Assert.Throws<ContainerEngineException>(() => policy.CheckUnsigned(PolicyImage.InFiles("oci", _host.Root + "/images/app")));
        Assert.Throws<ContainerEngineException>(() => policy.CheckUnsigned(PolicyImage.InFiles("oci", _host.Root + "/link/app")));
        policy.CheckUnsigned(PolicyImage.InFiles("oci", _host.Root + "/imagesx"));
        policy.CheckUnsigned(PolicyImage.InFiles("dir", _host.Root + "/images/app"));
        policy.CheckUnsigned(PolicyImage.InFiles("oci", null));
    }

    [Fact]
    public void What_is_malformed_accepts_nothing() =>
        Assert.Equal("ConfigurationInvalid", Assert.Throws<ContainerEngineException>(() => Load("""{"default":[{"type":"signedBy"}]}""")).ErrorId);

    private SignaturePolicy Load(string json)
    {
        _host.Write("/etc/containers/policy.json", json);
        return SignaturePolicy.Load(_host.Environment)!;
    }
}
