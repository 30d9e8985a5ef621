using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images;

public class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.27", "docker.io/library/nginx:1.27")]
    [InlineData("user/app", "docker.io/user/app:latest")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/library/nginx", "docker.io/library/nginx:latest")]
    [InlineData("localhost/app", "localhost/app:latest")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest")]
    [InlineData("127.0.0.1:5000/a/b/c:v1", "127.0.0.1:5000/a/b/c:v1")]
    [InlineData("[::1]:5000/app", "[::1]:5000/app:latest")]
    [InlineData("quay.io/a/b__c-d.e--f:T_1.x", "quay.io/a/b__c-d.e--f:T_1.x")]
    [InlineData("Host/app", "Host/app:latest")]
    [InlineData("docker://quay.io/a/b", "quay.io/a/b:latest")]
    [InlineData("nginx@" + Digest, "docker.io/library/nginx@" + Digest)]
    [InlineData("nginx:1.27@" + Digest, "docker.io/library/nginx@" + Digest)]
    public void Makes_names_complete(string text, string stored) => Assert.Equal(stored, ImageReference.Parse(text).StoredName);

    [Theory]
    [InlineData("")]
    [InlineData(":tag")]
    [InlineData("Nginx")]
    [InlineData("a//b")]
    [InlineData("a/b/")]
    [InlineData("/a")]
    [InlineData("a:")]
    [InlineData("a:-x")]
    [InlineData("a:b:c/")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("-a")]
    [InlineData("a@sha256:123")]
    [InlineData("a@md5:0123456789abcdef0123456789abcdef")]
    [InlineData("host:port/app")]
    [InlineData("-host.com/app")]
    [InlineData("a b")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Refuses_what_is_no_name(string text)
    {
        var error = Assert.Throws<ContainerEngineException>(() => ImageReference.Parse(text));
        Assert.Equal("InvalidReference", error.ErrorId);
        Assert.Contains($"\"{text}\"", error.Message);
    }

    [Theory]
    [InlineData("docker.io/library/nginx", "nginx")]
    [InlineData("docker.io/user/app", "user/app")]
    [InlineData("quay.io/a/b", "quay.io/a/b")]
    public void Shows_names_as_docker_does(string text, string familiar) => Assert.Equal(familiar, ImageReference.Parse(text).FamiliarRepository);

    [Theory]
    [InlineData("nginx", true)]
    [InlineData("library/nginx:1", true)]
    [InlineData("localhost/nginx", false)]
    [InlineData("quay.io/nginx", false)]
    [InlineData("host:5000/nginx", false)]
    public void Knows_short_names(string text, bool isShort) => Assert.Equal(isShort, ImageReference.IsShort(text));

    [Fact]
    public void Tag_and_digest_are_kept_apart()
    {
        var reference = ImageReference.Parse("nginx:1@" + Digest);
        Assert.Equal(("1", Digest), (reference.Tag, reference.Digest));
        Assert.Equal(Digest, reference.ManifestKey);
        Assert.Equal($"docker.io/library/nginx:1@{Digest}", reference.ToString());
    }

    [Fact]
    public void A_name_of_more_than_255_characters_is_refused() =>
        Assert.Throws<ContainerEngineException>(() => ImageReference.Parse(new string('a', 300)));
}
