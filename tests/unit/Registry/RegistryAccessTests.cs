using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Registry;

public class RegistryAccessTests
{
    [Theory]
    [InlineData("me", "secret", false, true)]
    [InlineData("me", "secret", true, false)]
    [InlineData(null, "token", false, true)]
    [InlineData(null, "token", true, false)]
    public async Task Credentials_for_a_name_are_not_for_another_host(string? user, string password, bool isElsewhere, bool areSent)
    {
        using var host = new TestEnvironment();
        using var registry = new FakeRegistry(request => request.Headers["Authorization"] is null
            ? new FakeAnswer(401, [], ("WWW-Authenticate", "Basic realm=\"x\"")) : FakeAnswer.Text("{}"));
        var access = new RegistryAccess(host.Environment, new ContainersConf(), new RegistriesConf());
        var source = new PullSource(ImageReference.Parse(registry.Host + "/a:1"), Insecure: true) { IsElsewhere = isElsewhere };
        using var client = await access.ReadAsync(source, new RegistryOptions { UserName = user, Password = password, Retry = 0 }, static _ => { }, default);
        await Record.ExceptionAsync(() => client.GetManifestAsync("a", "1", default));
        Assert.Contains(registry.Requests, request => request.Path == "/v2/a/manifests/1");
        Assert.Equal(areSent, registry.Requests.Any(request => request.Authorization is not null));
    }

    [Fact]
    public async Task What_is_blocked_is_not_connected_to()
    {
        using var host = new TestEnvironment();
        var access = new RegistryAccess(host.Environment, new ContainersConf(), new RegistriesConf());
        var source = new PullSource(ImageReference.Parse("a.io/x:1"), false) { BlockedBy = new RegistryEntry("a.io", new RegistryLocation("a.io", false), true, []) };
        Assert.Equal("RegistryBlocked", (await Assert.ThrowsAsync<ContainerEngineException>(() => access.ReadAsync(source, new RegistryOptions(), static _ => { }, default))).ErrorId);
    }
}
