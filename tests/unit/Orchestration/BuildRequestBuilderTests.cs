using System.Text;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Images;

namespace Podsharp.UnitTests.Orchestration;

public sealed class BuildRequestBuilderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("podsharp-build-").FullName;
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/root", ["TOKEN"] = "secret" };

    public BuildRequestBuilderTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "context"));
        Write("context/Containerfile", "FROM a");
        Write("context/inner", "FROM inner");
        Write("outer", "FROM outer");
    }

    public void Dispose() => Directory.Delete(_root, true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_root, name), text);

    private ImageBuildRequest Build(params string[] words) => BuildRequestBuilder.Build(CommandLineParserTests.Parse("build", words),
        new() { Directory = _root, Environment = _environment }, () => "FROM input");

    private ContainerEngineException Refusal(params string[] words) => Assert.ThrowsAny<ContainerEngineException>(() => Build(words));

    [Fact]
    public void A_plain_build_leaves_all_to_the_engine()
    {
        var request = Build("context");
        Assert.Equal(Path.Combine(_root, "context"), request.Context);
        Assert.Empty(request.Files);
        Assert.Null(request.IgnoreRules);
        Assert.Equal((ImageFormat.Oci, PullPolicy.Missing, 0, null), (request.Format, request.PullPolicy, request.Jobs, request.Platform));
        Assert.True(request is { Layers: true, UseCache: true, SkipUnusedStages: true, Squash: false, SquashAll: false, Timestamp: null, SourceDate: null });
        Assert.True(request.Run.HttpProxy);
    }

    [Fact]
    public void Files_are_read_here_or_named_in_the_context()
    {
        var request = Build("-f", "outer", "-f", "inner", "-f", "-", "context");
        Assert.Equal([new("outer", "FROM outer"), new("inner", null), new("-", "FROM input")], request.Files);
        Assert.Equal("ContainerfileNotFound", Refusal("-f", "nowhere", "context").ErrorId);
        // The engine fetches it.
        Assert.Equal([new("https://x/y", null)], Build("-f", "https://x/y", "context").Files);
        Assert.Equal(ErrorKind.InvalidArgument, Refusal("-f", "git://x/y", "context").Kind);
    }

    [Fact]
    public void Without_a_context_it_is_the_first_files_directory()
    {
        Assert.Equal(_root, Build().Context);
        Assert.Equal(Path.Combine(_root, "context"), Build("-f", "context/inner").Context);
        Assert.Null(Build("-").Context);
        Assert.Null(Build("-f", "-").Context);
        Assert.Empty(Build("-f", "-").Files);
        Assert.Equal("https://x/y.git#main:sub", Build("https://x/y.git#main:sub").Context);
        Assert.Contains("context must be a directory", Refusal("outer").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_beside_a_file_come_before_the_contexts()
    {
        Write("rules", "named");
        Assert.Equal("named", Build("--ignorefile", "rules", "context").IgnoreRules);
        Write("context/Containerfile.containerignore", "beside");
        Assert.Equal("beside", Build("context").IgnoreRules);
        Write("context/inner.dockerignore", "docker's");
        Assert.Equal("docker's", Build("-f", "inner", "context").IgnoreRules);
        Assert.Equal("docker's", Build("-f", "context/inner", "context").IgnoreRules);
        Assert.Contains("can't read nowhere", Refusal("--ignorefile", "nowhere", "context").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_come_from_files_words_and_the_caller()
    {
        Write("arguments", "# a comment\nA=file\nB=file\n");
        var request = Build("--build-arg-file", "arguments", "--build-arg", "A=1=2", "--build-arg", "TOKEN", "--build-arg", "B", "--build-arg", "NONE", "context");
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1=2", ["TOKEN"] = "secret" }, request.Arguments);
        Assert.Equal("InvalidArgument", Refusal("--build-arg", "=x", "context").ErrorId);
    }

    [Fact]
    public void Layers_are_made_as_podman_reads_its_options()
    {
        Assert.False(Build("--layers=false", "context").Layers);
        Assert.True(Build("--squash", "context") is { Squash: true, SquashAll: false, Layers: false });
        Assert.True(Build("--squash-all", "context") is { Squash: false, SquashAll: true, Layers: false });
        Assert.True(Build("--squash-all", "--layers", "context") is { SquashAll: true, Layers: true });
        Assert.Contains("cannot specify --squash-all with --squash", Refusal("--squash", "--squash-all", "context").Message, StringComparison.Ordinal);
        _environment["BUILDAH_LAYERS"] = "false";
        Assert.False(Build("context").Layers);
        Assert.True(Build("--layers", "context").Layers);
        Assert.True(Build("--no-cache", "--cache-ttl", "2h", "context") is { UseCache: false, CacheAge: { TotalHours: 2 } });
    }

    [Fact]
    public void Times_come_from_options_or_a_variable()
    {
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(5), Build("--timestamp", "5", "context").Timestamp);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(6), Build("--source-date-epoch", "6", "context").SourceDate);
        Assert.Contains("exclude each other", Refusal("--timestamp", "5", "--source-date-epoch", "6", "context").Message, StringComparison.Ordinal);
        _environment["SOURCE_DATE_EPOCH"] = "7";
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(7), Build("context").SourceDate);
        Assert.Contains("is not a time", Refusal("--source-date-epoch", "yesterday", "context").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_read_and_not_shown()
    {
        Write("file", "of the file");
        var request = Build("--secret", "id=a,src=file", "--secret", "id=b,env=TOKEN", "--secret", "id=TOKEN", "--secret", "id=file", "--secret", "id=c,src=TOKEN,type=env", "context");
        Assert.Equal(["of the file", "secret", "secret", "of the file", "secret"], request.Secrets.Select(secret => Encoding.UTF8.GetString(secret.Value.Span)));
        Assert.Equal(["a", "b", "TOKEN", "file", "c"], request.Secrets.Select(secret => secret.ToString()));
        Assert.Contains("invalid secret", Refusal("--secret", "src=file", "context").Message, StringComparison.Ordinal);
        Assert.Contains("invalid secret", Refusal("--secret", "id=a,type=x", "context").Message, StringComparison.Ordinal);
        Assert.Contains("the variable NONE is not set", Refusal("--secret", "id=a,env=NONE", "context").Message, StringComparison.Ordinal);
        Assert.Contains("can't read the secret a", Refusal("--secret", "id=a,src=none", "context").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_get_what_containers_get()
    {
        var request = Build("--network", "none", "-m", "64m", "-v", "/a:/b:ro", "--cap-drop", "all", "--ulimit", "nofile=5:6", "--userns-uid-map", "0:1000:10", "--add-host", "db:10.0.0.2",
            "--shm-size", "1m", "--http-proxy=false", "--group-add", "7", "--cpu-shares", "5", "context");
        Assert.Equal((NamespaceKind.None, 64L << 20, "/b", false, 1L << 20, 5uL),
            (request.Run.Network.Kind, request.Run.Resources.Memory, request.Run.Mounts[0].Target, request.Run.HttpProxy, request.Run.ShmSize, request.Run.Resources.CpuShares));
        Assert.Equal(["all"], request.Run.DropCapabilities);
        Assert.Equal(["0:1000:10"], request.Run.UserMap);
        Assert.Equal(["db:10.0.0.2"], request.Run.AddHosts);
        Assert.Equal(["7"], request.Run.Groups);
    }

    [Fact]
    public void The_result_has_names_labels_and_variables()
    {
        var request = Build("-t", "a", "-t", "b:1", "--label", "l=1", "--unsetlabel", "m,n", "--annotation", "x=y", "--env", "E=1", "--env", "TOKEN", "--unsetenv", "F", "--format", "docker", "--omit-history",
            "--rewrite-timestamp", "--target", "t", "--jobs", "4", "--skip-unused-stages=false", "--build-context", "c=context", "--build-context", "i=docker://img",
            "--build-context", "u=https://x/y.tar", "context");
        Assert.Equal(["a", "b:1"], request.Names);
        Assert.Equal(["m", "n"], request.RemoveLabels);
        Assert.Equal(new Dictionary<string, string> { ["E"] = "1", ["TOKEN"] = "secret" }, request.Environment);
        Assert.Equal(new Dictionary<string, string> { ["c"] = Path.Combine(_root, "context"), ["i"] = "container-image://img", ["u"] = "https://x/y.tar" }, request.Contexts);
        Assert.True(request is { Format: ImageFormat.Docker, OmitHistory: true, RewriteTimestamp: true, Target: "t", Jobs: 4, SkipUnusedStages: false });
        Assert.Equal(("1", "y", "F"), (request.Labels["l"], request.Annotations["x"], request.RemoveEnvironment[0]));
    }

    [Fact]
    public void Policies_and_platforms_are_podmans()
    {
        Assert.Equal(PullPolicy.Always, Build("--pull", "context").PullPolicy);
        Assert.Equal(PullPolicy.Never, Build("--pull=false", "context").PullPolicy);
        Assert.Equal(PullPolicy.Newer, Build("--pull=newer", "context").PullPolicy);
        Assert.Equal(PullPolicy.Never, Build("--pull-never", "context").PullPolicy);
        Assert.Contains("can only set one of", Refusal("--pull=always", "--pull-never", "context").Message, StringComparison.Ordinal);
        Assert.Equal(new("linux", "arm64", "v8"), Build("--platform", "linux/arm64/v8", "context").Platform);
        Assert.Equal(new("linux", "arm64"), Build("--arch", "arm64", "context").Platform);
        Assert.Equal([new("linux", "arm64"), new("linux", "amd64")], Build("--platform", "linux/arm64,linux/amd64", "context").Platforms);
        Assert.Contains("may not be used with", Refusal("--platform", "linux/arm64", "--arch", "arm64", "context").Message, StringComparison.Ordinal);
        Assert.Contains("--logfile", Refusal("--logsplit", "context").Message, StringComparison.Ordinal);
        var request = Build("--all-platforms", "--manifest", "list", "--os-version", "1", "--os-feature", "a,b", "context");
        Assert.Equal((true, "list", "1"), (request.AllPlatforms, request.List, request.OsVersion));
        Assert.Equal(["a", "b"], request.OsFeatures);
    }

    [Theory]
    [InlineData("--blob-cache", "x")]
    [InlineData("--cw", "type=SNP")]
    [InlineData("--rm=false")]
    public void What_the_engine_has_not_is_refused(params string[] words) => Assert.IsType<CommandLineException>(Refusal([.. words, "context"]));

    [Theory]
    [InlineData("--isolation", "oci")]
    [InlineData("--rm")]
    [InlineData("--force-rm")]
    [InlineData("--load")]
    [InlineData("--progress", "plain")]
    [InlineData("--stdin=false")]
    [InlineData("-D")]
    public void What_asks_for_what_is_done_anyway_is_accepted(params string[] words) => Assert.NotNull(Build([.. words, "context"]));

    [Theory]
    [InlineData("image build")]
    [InlineData("buildx build")]
    public void It_has_other_names(string path) => Assert.Equal(CommandId.Build, CommandTable.Find(path)!.Id);
}
