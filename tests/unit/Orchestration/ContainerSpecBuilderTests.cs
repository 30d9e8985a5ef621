using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.UnitTests.Orchestration;

public sealed class ContainerSpecBuilderTests
{
    private static readonly CallerContext Caller = new()
    {
        Directory = "/work",
        Environment = new Dictionary<string, string> { ["HOME"] = "/root", ["TERM"] = "xterm" },
        ReadFile = path => path == "/work/vars" ? "A=file\nB=file\n" : throw new FileNotFoundException("no such file"),
    };

    [Fact]
    public void A_plain_run_leaves_all_to_the_image()
    {
        var request = Build("alpine", "ls", "-l");
        Assert.Equal("alpine", request.Spec.Image);
        Assert.Equal(["ls", "-l"], request.Spec.Command);
        Assert.Null(request.Spec.EntryPoint);
        Assert.Null(request.Spec.Name);
        Assert.Null(request.Spec.StopTimeout);
        Assert.Null(request.Spec.Umask);
        Assert.Equal(PullPolicy.Missing, request.Spec.PullPolicy);
        Assert.True(request.Spec.HttpProxy);
        Assert.True(request.Spec.ReadOnlyTmpfs);
        Assert.Equal(new ResourceLimits(), request.Spec.Resources);
        Assert.Equal(new OutputAttachment(false, true, true), request.Attach);
        Assert.True(request.SignalProxy);
        Assert.False(request.Detach);
    }

    [Fact]
    public void Options_become_the_spec()
    {
        var spec = Build("--name", "web", "-it", "--rm", "-m", "512m", "--memory-swap", "-1", "--cpus", "1.5", "--pids-limit", "50", "-l", "a=b",
            "--label", "c", "-u", "1000:1000", "-w", "/srv", "--entrypoint", "[\"sh\",\"-c\"]", "-p", "8080:80,443:443", "-v", "./d:/d:ro", "--tmpfs", "/t",
            "--cap-add", "NET_ADMIN", "--security-opt", "seccomp=unconfined", "--sysctl", "net.ipv4.ip_forward=1", "--ulimit", "nofile=5:6",
            "--network", "none", "--pid", "host", "--dns", "1.1.1.1", "--add-host", "db:10.0.0.2", "--stop-signal", "INT", "--stop-timeout", "3",
            "--read-only", "--shm-size", "1m", "--umask", "77", "--init", "-h", "box", "alpine").Spec;
        Assert.Equal("web", spec.Name);
        Assert.True(spec is { Terminal: true, Input: true, AutoRemove: true, ReadOnly: true, Init: true });
        Assert.Equal(512L << 20, spec.Resources.Memory);
        Assert.Equal(-1, spec.Resources.MemorySwap);
        Assert.Equal(1.5, spec.Resources.Cpus);
        Assert.Equal(50, spec.Resources.PidsLimit);
        Assert.Equal(new Dictionary<string, string> { ["a"] = "b", ["c"] = "" }, spec.Labels);
        Assert.Equal(["sh", "-c"], spec.EntryPoint!);
        Assert.Equal([8080, 443], spec.Ports.Select(p => p.HostPort));
        Assert.Equal(["/work/d", ""], spec.Mounts.Select(m => m.Source));
        Assert.Equal(NamespaceKind.None, spec.Network.Kind);
        Assert.Equal(NamespaceKind.Host, spec.PidNamespace.Kind);
        Assert.Equal("0077", spec.Umask);
        Assert.Equal(3, spec.StopTimeout);
        Assert.Equal("INT", spec.StopSignal);
        Assert.Equal("box", spec.HostName);
        Assert.Equal(1L << 20, spec.ShmSize);
    }

    [Fact]
    public void Later_sources_of_variables_win()
    {
        var spec = Build("--env-file", "vars", "-e", "B=option", "-e", "HOME", "-e", "NOPE", "alpine").Spec;
        Assert.Equal(new Dictionary<string, string> { ["A"] = "file", ["B"] = "option", ["HOME"] = "/root" }, spec.Environment);
        Assert.Equal("xterm", Build("--env-host", "alpine").Spec.Environment["TERM"]);
    }

    [Theory]
    [InlineData("sh", "sh")]
    [InlineData("", "")]
    [InlineData("/bin/a b", "/bin/a b")]
    public void A_plain_entry_point_is_one_program(string text, string expected) => Assert.Equal([expected], Build("--entrypoint", text, "x").Spec.EntryPoint!);

    [Fact]
    public void Attach_chooses_streams()
    {
        Assert.Equal(new OutputAttachment(true, true, true), Build("-i", "x").Attach);
        Assert.Equal(new OutputAttachment(false, false, true), Build("-a", "stderr", "x").Attach);
        Assert.Equal(new OutputAttachment(true, true, false), Build("-i", "-a", "stdin,stdout", "x").Attach);
    }

    [Theory]
    [InlineData("-d", "-a", "stdout", "x")]
    [InlineData("--replace", "x")]
    [InlineData("-m", "lots", "x")]
    [InlineData("--cpus", "-1", "x")]
    [InlineData("--memory-swappiness", "101", "x")]
    [InlineData("--env-file", "missing", "x")]
    [InlineData("--add-host", "db", "x")]
    [InlineData("--pull=sometimes", "x")]
    [InlineData("--umask", "9", "x")]
    [InlineData("-w", "relative", "x")]
    [InlineData("--stop-signal", "FROB", "x")]
    [InlineData("--sysctl", "a", "x")]
    [InlineData("--ip", "10.0.0.300", "x")]
    [InlineData("--network", "host", "--ip", "10.0.0.3", "x")]
    [InlineData("-a", "stdfrob", "x")]
    public void Contradictions_and_nonsense_are_refused(params string[] words)
    {
        Assert.Equal(ErrorKind.InvalidArgument, Assert.ThrowsAny<ContainerEngineException>(() => Build(words)).Kind);
    }

    [Fact]
    public void Registry_options()
    {
        var registry = Build("--creds", "me:p:w", "--tls-verify=false", "--cert-dir", "certs", "--retry", "2", "--retry-delay", "5s", "x").Spec.Registry;
        Assert.Equal("me", registry.UserName);
        Assert.Equal("p:w", registry.Password);
        Assert.False(registry.TlsVerify);
        Assert.Equal("/work/certs", registry.CertificateDirectory);
        Assert.Equal(TimeSpan.FromSeconds(5), registry.RetryDelay);
        Assert.Null(Build("x").Spec.Registry.TlsVerify);
    }

    private static RunRequest Build(params string[] words) =>
        ContainerSpecBuilder.Build(CommandLineParserTests.Parse("run", words), Caller, ["podsharp", "run"]);
}
