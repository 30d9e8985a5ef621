using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Registry;

public class AuthenticationTests
{
    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<RegistryCredentials?> Find(TestEnvironment host, string reference, string? file = null) =>
        await new AuthFiles(host.Environment, new RegistriesConf()).FindAsync(ImageReference.Parse(reference), file, CancellationToken.None);

    [Fact]
    public async Task The_most_specific_key_wins()
    {
        using var host = new TestEnvironment();
        host.Write("/run/containers/0/auth.json", $$$"""
            {"auths":{"r.io":{"auth":"{{{Encode("host:1")}}}"},"r.io/a":{"auth":"{{{Encode("ns:2:with:colons")}}}"},"r.io/a/b":{"auth":"{{{Encode("repo:3\0\0")}}}"} } }
            """);
        Assert.Equal(new RegistryCredentials("repo", "3"), await Find(host, "r.io/a/b"));
        Assert.Equal(new RegistryCredentials("ns", "2:with:colons"), await Find(host, "r.io/a/c"));
        Assert.Equal(new RegistryCredentials("host", "1"), await Find(host, "r.io/x"));
        Assert.Null(await Find(host, "other.io/x"));
    }

    [Fact]
    public async Task Dockers_keys_for_its_hub_are_understood()
    {
        using var host = new TestEnvironment();
        host.Write("/root/.docker/config.json", $$$"""{"auths":{"https://index.docker.io/v1/":{"auth":"{{{Encode("me:x")}}}"} } }""");
        Assert.Equal("me", (await Find(host, "nginx"))?.UserName);
    }

    [Fact]
    public async Task An_explicit_file_is_the_only_one_and_must_exist()
    {
        using var host = new TestEnvironment();
        host.Write("/run/containers/0/auth.json", $$$"""{"auths":{"r.io":{"auth":"{{{Encode("a:b")}}}"} } }""");
        Assert.Null(await Find(host, "r.io/x", host.Write("/other.json", "{}")));
        Assert.Equal("AuthFileNotFound", (await Assert.ThrowsAsync<ContainerEngineException>(() => Find(host, "r.io/x", "/absent"))).ErrorId);
    }

    [Fact]
    public void Challenges_are_taken_apart()
    {
        var challenges = AuthenticationChallenge.Parse(
        [
            "Bearer realm=\"https://auth.io/token\",service=\"r, \\\"q\\\"\",scope=\"repository:a/b:pull,push\", Basic realm=\"x\"",
            "Negotiate",
        ]);
        Assert.Equal(["bearer", "basic", "negotiate"], challenges.Select(challenge => challenge.Scheme));
        Assert.Equal("https://auth.io/token", challenges[0]["realm"]);
        Assert.Equal("r, \"q\"", challenges[0]["service"]);
        Assert.Equal("repository:a/b:pull,push", challenges[0]["scope"]);
        Assert.Equal("x", challenges[1]["realm"]);
    }

    [Fact]
    public void Tokens_come_under_two_names()
    {
        var now = DateTimeOffset.UtcNow;
        Assert.Equal("a", BearerToken.Parse("""{"token":"a"}"""u8.ToArray(), "r", now).Value);
        var token = BearerToken.Parse("""{"access_token":"b","expires_in":300}"""u8.ToArray(), "r", now);
        Assert.Equal(("b", now.AddSeconds(240)), (token.Value, token.Expires));
        Assert.Throws<ContainerEngineException>(() => BearerToken.Parse("{}"u8.ToArray(), "r", now));
    }
}
