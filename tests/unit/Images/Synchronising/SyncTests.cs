using Podsharp.Engine.Images.Synchronising;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images.Synchronising;

public sealed class SyncTests
{
    [Theory]
    [InlineData(">= 1.2, < 2", "1.2.0 1.10.0", "1.1.9 2.0.0 1.3.0-rc1")]
    [InlineData(">=3.12.0", "3.12 v3.13.1", "3.11.9")]
    [InlineData("~1.2", "1.2.0 1.2.9", "1.3.0 1.1.0")]
    [InlineData("~1", "1.2.0 1.9.9", "2.0.0")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2")]
    [InlineData("^1.2", "1.2.0 1.9.0", "2.0.0 1.1.0")]
    [InlineData("1.2.x || 4", "1.2.7 4.5.6", "1.3.0 5.0.0")]
    [InlineData("!= 1.0.0", "1.0.1", "1.0.0")]
    [InlineData(">1.2", "1.3.0", "1.2.9")]
    [InlineData(">1.0.0-alpha", "1.0.0-beta 1.0.0", "1.0.0-alpha 0.9.0")]
    [InlineData("*", "0.0.1 9.9.9", "1.0.0-rc")]
    public void Ranges_hold_versions(string range, string inside, string outside)
    {
        var parsed = VersionRange.Parse(range);
        Assert.All(inside.Split(' '), version => Assert.True(parsed.Contains(SemanticVersion.TryParse(version)!), version));
        Assert.All(outside.Split(' '), version => Assert.False(parsed.Contains(SemanticVersion.TryParse(version)!), version));
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData(">= ")]
    [InlineData("1.2 ||")]
    [InlineData("=<>1")]
    public void What_is_no_range_is_refused(string text) => Assert.Throws<ContainerEngineException>(() => VersionRange.Parse(text));

    [Theory]
    [InlineData("latest")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2-")]
    [InlineData("v")]
    [InlineData("")]
    public void What_is_no_version_is_known(string text) => Assert.Null(SemanticVersion.TryParse(text));

    [Fact]
    public void A_description_is_read()
    {
        var repositories = SyncDescription.Parse("""
            registry.example.org:
              tls-verify: false
              credentials: {username: me, password: secret}
              cert-dir: /certs
              images:
                app: [1.10, latest, "sha256:0000000000000000000000000000000000000000000000000000000000000000"]
                team/all: []
              images-by-tag-regex:
                app: ^v[0-9]$
              images-by-semver:
                app: ">= 1.2"
            other.example.org:
              images: {x: [a]}
            """, new RegistryOptions { AuthFile = "/auth" });
        Assert.Equal(5, repositories.Count);
        Assert.Equal(["1.10", "latest", "sha256:0000000000000000000000000000000000000000000000000000000000000000"], repositories[0].Names);
        Assert.Equal(("me", "secret", "/certs", false, "/auth"), (repositories[0].Registry.UserName, repositories[0].Registry.Password,
            repositories[0].Registry.CertificateDirectory, repositories[0].Registry.TlsVerify, repositories[0].Registry.AuthFile));
        Assert.Equal("registry.example.org/team/all", repositories[1].Repository.ToString());
        Assert.Empty(repositories[1].Names);
        Assert.True(repositories[2].Wants("v1") && !repositories[2].Wants("v10"));
        Assert.True(repositories[3].Wants("1.10") && !repositories[3].Wants("latest"));
        // Credentials of one registry are not for another.
        Assert.Null(repositories[4].Registry.UserName);
    }

    [Theory]
    [InlineData("- a")]
    [InlineData("a: {bogus: 1}")]
    [InlineData("a.example.org: {images: {\"app:1\": []}}")]
    [InlineData("a.example.org: {images-by-semver: {app: new}}")]
    [InlineData("a.example.org: {images-by-tag-regex: {app: \"(\"}}")]
    [InlineData("a.example.org: {tls-verify: perhaps}")]
    [InlineData("{")]
    public void What_is_no_description_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => SyncDescription.Parse(text, new RegistryOptions())).Kind);
}
