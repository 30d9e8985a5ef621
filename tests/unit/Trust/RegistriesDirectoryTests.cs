using Podsharp.Engine.Images;
using Podsharp.Engine.Trust;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Trust;

public sealed class RegistriesDirectoryTests : IDisposable
{
    private readonly TestEnvironment _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_narrowest_scope_that_says_something_counts()
    {
        _host.Write("/etc/containers/registries.d/a.yaml", """
            # comment
            default-docker:
              sigstore: file:///default
            docker:
              r.example:
                lookaside: https://sigs.example/host
                lookaside-staging: file:///staging
              r.example/team:
                use-sigstore-attachments: true
              r.example/team/app:1:
                lookaside: file:///exact
            """);
        _host.Write("/etc/containers/registries.d/b.yaml", "# nothing\n");
        _host.Write("/etc/containers/registries.d/c.txt", "not: [valid");
        var places = Load();
        Assert.Equal("file:///exact/team/app", places.Lookaside(ImageReference.Parse("r.example/team/app:1"), write: false).AbsoluteUri);
        Assert.Equal("https://sigs.example/host/team/app", places.Lookaside(ImageReference.Parse("r.example/team/app:2"), write: false).AbsoluteUri);
        Assert.Equal("file:///staging/team/app", places.Lookaside(ImageReference.Parse("r.example/team/app:2"), write: true).AbsoluteUri);
        Assert.Equal("file:///default/library/busybox", places.Lookaside(ImageReference.Parse("busybox"), write: true).AbsoluteUri);
        Assert.True(places.UsesAttachments(ImageReference.Parse("r.example/team/app:1")));
        Assert.False(places.UsesAttachments(ImageReference.Parse("r.example/other:1")));
        Assert.Equal("file:///default/library/busybox@sha256=00/signature-2",
            RegistrySignatures.FileAddress(places.Lookaside(ImageReference.Parse("busybox"), write: false), new ContentDigest("sha256", "00"), 1).AbsoluteUri);
    }

    [Fact]
    public void Without_files_signatures_are_in_the_usual_directory() =>
        Assert.Equal($"file://{_host.Root}/var/lib/containers/sigstore/team/app", Load().Lookaside(ImageReference.Parse("r.example/team/app:1"), write: false).AbsoluteUri);

    [Fact]
    public void The_users_directory_replaces_the_hosts()
    {
        _host.Write("/etc/containers/registries.d/a.yaml", "default-docker: {lookaside: file:///host}\n");
        _host.Write("/root/.config/containers/registries.d/a.yaml", "default-docker: {lookaside: file:///user}\n");
        Assert.Equal("file:///user/x", Load().Lookaside(ImageReference.Parse("r.example/x"), write: false).AbsoluteUri);
    }

    [Theory]
    [InlineData("docker: [", "")]
    [InlineData("docker: {a: {use-sigstore-attachments: perhaps}}", "")]
    [InlineData("docker: {a: {lookaside: file:///x}}", "docker: {a: {lookaside: file:///y}}")]
    [InlineData("default-docker: {}", "default-docker: {}")]
    public void Malformed_or_contradictory_files_are_errors(string first, string second)
    {
        _host.Write("/etc/containers/registries.d/a.yaml", first);
        _host.Write("/etc/containers/registries.d/b.yaml", second);
        Assert.Equal("ConfigurationInvalid", Assert.Throws<ContainerEngineException>(() => Load()).ErrorId);
    }

    private RegistriesDirectory Load() => RegistriesDirectory.Load(_host.Environment);
}
