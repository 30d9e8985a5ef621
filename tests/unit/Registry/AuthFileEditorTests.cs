using Podsharp.Engine.Registry;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Registry;

public sealed class AuthFileEditorTests : IDisposable
{
    private readonly TestEnvironment _host = new();

    public void Dispose() => _host.Dispose();

    private string Path => _host.Root + "/auth.json";

    private AuthFileEditor Editor => new(Path, _host.Root + "/locks/auth");

    private static RegistryKey Key(string text) => RegistryKey.Parse(text, new RegistriesConf());

    [Fact]
    public void What_else_is_in_the_file_stays()
    {
        _host.Write("/auth.json", """{"auths":{"a.io":{"auth":"YTpi","email":"x"}},"n":1.50,"credHelpers":{"h.io":"bar"}}""");
        Editor.Set("b.io/team", new RegistryCredentials("me", "p+<>"), default);
        Assert.Equal("{\n\t\"auths\": {\n\t\t\"a.io\": {\n\t\t\t\"auth\": \"YTpi\",\n\t\t\t\"email\": \"x\"\n\t\t},\n\t\t\"b.io/team\": {\n\t\t\t\"auth\": \"bWU6cCs8Pg==\"\n\t\t}\n\t},\n\t\"n\": 1.50,\n\t\"credHelpers\": {\n\t\t\"h.io\": \"bar\"\n\t}\n}",
            File.ReadAllText(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal([("h.io", "bar")], Editor.Helpers());
        Assert.True(Editor.Remove(Key("b.io/team"), default));
        Assert.False(Editor.Remove(Key("b.io/team"), default));
        Assert.Contains("a.io", File.ReadAllText(Path), StringComparison.Ordinal);
        Editor.RemoveAll(default);
        Assert.Equal("{\n\t\"auths\": {},\n\t\"n\": 1.50,\n\t\"credHelpers\": {\n\t\t\"h.io\": \"bar\"\n\t}\n}", File.ReadAllText(Path));
    }

    [Fact]
    public void Dockers_hub_goes_by_all_its_names()
    {
        _host.Write("/auth.json", """{"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"},"docker.io":{"auth":"YTpi"},"docker.io/a":{"auth":"YTpi"}}}""");
        Assert.True(Editor.Remove(Key("docker.io"), default));
        Assert.Equal("{\n\t\"auths\": {\n\t\t\"docker.io/a\": {\n\t\t\t\"auth\": \"YTpi\"\n\t\t}\n\t}\n}", File.ReadAllText(Path));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"auths":{},"auths":{}}""")]
    public void A_file_that_is_none_is_left_alone(string text)
    {
        _host.Write("/auth.json", text);
        Assert.Equal("ConfigurationInvalid", Assert.Throws<ContainerEngineException>(() => Editor.Set("a.io", new RegistryCredentials("a", "b"), default)).ErrorId);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Theory]
    [InlineData("reg.io", "reg.io", "reg.io")]
    [InlineData("https://reg.io:5000/", "reg.io:5000", "reg.io:5000")]
    [InlineData("reg.io/team/app", "reg.io/team/app", "reg.io")]
    [InlineData("localhost", "localhost", "localhost")]
    public void Keys_are_registries_or_parts_of_them(string text, string key, string host) => Assert.Equal(new RegistryKey(key, host), Key(text));

    [Theory]
    [InlineData("reg.io/app:1")]
    [InlineData("reg.io/app@sha256:aaaa")]
    [InlineData("reg.io/App")]
    [InlineData("reg io")]
    [InlineData("reg.io:port")]
    [InlineData("")]
    public void Other_things_are_refused(string text) => Assert.Equal("InvalidArgument", Assert.Throws<ContainerEngineException>(() => Key(text)).ErrorId);
}
