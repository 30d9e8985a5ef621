using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Images;

namespace Podsharp.UnitTests.Orchestration;

public sealed class BuildStepOptionsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("podsharp-steps-").FullName;
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/root" };

    public void Dispose() => Directory.Delete(_root, true);

    private ImageBuildRequest Build(params string[] words) => BuildRequestBuilder.Build(CommandLineParserTests.Parse("build", [.. words, _root]),
        new() { Directory = _root, Environment = _environment }, () => "");

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_root, name), text);
        return Path.Combine(_root, name);
    }

    [Fact]
    public void Keys_and_sockets_of_agents_are_told_apart()
    {
        var (key, other, socket) = (Write("key", "PRIVATE"), Write("other", "PRIVATE"), Write("socket", ""));
        var request = Build("--ssh", "one=key", "--ssh", "two=key,other", "--ssh", "default=socket");
        Assert.Equal([new("default", socket)], request.SshAgents);
        Assert.Equal([key], request.SshKeys["one"]);
        Assert.Equal([key, other], request.SshKeys["two"]);
        Assert.Contains("SSH_AUTH_SOCK is not set", Assert.Throws<ContainerEngineException>(() => Build("--ssh", "default")).Message, StringComparison.Ordinal);
        _environment["SSH_AUTH_SOCK"] = "/run/agent";
        Assert.Equal("/run/agent", Build("--ssh", "default").SshAgents["default"]);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => Build("--ssh", "a=key,socket")).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => Build("--ssh", "a=nowhere")).Kind);
    }

    [Fact]
    public void Isolation_is_an_option_or_a_variable()
    {
        Assert.Equal(BuildIsolation.Oci, Build().Isolation);
        Assert.Equal(BuildIsolation.Oci, Build("--isolation", "rootless").Isolation);
        Assert.Equal(BuildIsolation.Chroot, Build("--isolation", "chroot").Isolation);
        _environment["BUILDAH_ISOLATION"] = "chroot";
        Assert.Equal(BuildIsolation.Chroot, Build().Isolation);
        Assert.Equal(BuildIsolation.Oci, Build("--isolation", "oci").Isolation);
    }

    [Fact]
    public void The_engine_gets_what_is_the_runtimes()
    {
        var request = Build("--runtime-flag", "--debug,log-format=json", "--hooks-dir", "hooks", "--cdi-config-dir", "/cdi", "--cache-from", "r/a", "--cache-to", "r/b", "--compat-volumes");
        Assert.Equal(["debug", "log-format=json"], request.RuntimeFlags);
        Assert.Equal([Path.Combine(_root, "hooks")], request.HookDirectories);
        Assert.Equal(["/cdi"], request.CdiDirectories);
        Assert.Equal(["r/a"], request.CacheFrom);
        Assert.Equal(["r/b"], request.CacheTo);
        Assert.True(request.CompatVolumes);
        _environment["BUILDAH_CPPFLAGS"] = "-DA='b c'";
        Assert.Equal(["-DA=b c", "-DD"], Build("--cpp-flag", "-DD").PreprocessorFlags);
    }

    [Fact]
    public void What_cannot_be_is_refused_with_its_reason()
    {
        Assert.Contains("signature", Assert.Throws<CommandLineException>(() => Build("--sign-by", "x")).Message, StringComparison.Ordinal);
        Assert.Contains("--rm=false is refused", Assert.Throws<CommandLineException>(() => Build("--rm=false")).Message, StringComparison.Ordinal);
        Assert.NotNull(Build("--rm"));
    }
}
