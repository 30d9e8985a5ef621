using Podsharp.Engine.Containers.Checkpoints;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Containers;

public sealed class CriuGroundTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("Version: 4.0\n")]
    [InlineData("Version: 4.2.1\nGitID: v4.2.1\n")]
    [InlineData("Version: 10.1\n")]
    [InlineData("")]
    public void Takes_new_versions_and_leaves_unknown_ones_to_the_runtime(string text) => CriuGround.CheckVersion(text, "/usr/sbin/criu");

    [Fact]
    public void Refuses_an_old_version()
    {
        var error = Assert.Throws<ContainerEngineException>(() => CriuGround.CheckVersion("Version: 3.17.1\n", "/usr/sbin/criu"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("3.17.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_what_the_programs_deny()
    {
        var denied = new ProgramOutcome(1, "", "crun: unknown command checkpoint");
        Assert.Contains("crun", Assert.Throws<ContainerEngineException>(() => CriuGround.CheckRuntime(denied, "/usr/bin/crun")).Message, StringComparison.Ordinal);
        Assert.Contains("--pre-checkpoint", Assert.Throws<ContainerEngineException>(() => CriuGround.CheckTracking(denied)).Message, StringComparison.Ordinal);
        CriuGround.CheckRuntime(denied with { ExitCode = 0 }, "/usr/bin/crun");
        CriuGround.CheckTracking(denied with { ExitCode = 0 });
    }

    [Fact]
    public void Finds_debuggers_and_ids_out_of_reach()
    {
        var record = Record();
        const string Root = "Name:\tsh\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nTracerPid:\t0\n";
        ContainerGround.CheckProcess(record, 7, Root, reachesOthers: false);
        var traced = Assert.Throws<ContainerEngineException>(() => ContainerGround.CheckProcess(record, 7, Root.Replace("TracerPid:\t0", "TracerPid:\t99", StringComparison.Ordinal), reachesOthers: true));
        Assert.Contains("traced by process 99", traced.Message, StringComparison.Ordinal);
        var other = Root.Replace("Gid:\t0", "Gid:\t33", StringComparison.Ordinal);
        Assert.Contains("33", Assert.Throws<ContainerEngineException>(() => ContainerGround.CheckProcess(record, 7, other, reachesOthers: false)).Message, StringComparison.Ordinal);
        ContainerGround.CheckProcess(record, 7, other, reachesOthers: true);
    }

    [Fact]
    public void Asks_again_after_a_bad_answer_a_change_and_a_boot()
    {
        var (program, kept, asked) = (Path.Combine(directory, "program"), Path.Combine(directory, "kept"), 0);
        File.WriteAllText(program, "1");
        Assert.Throws<InvalidOperationException>(() => new GroundAnswers(kept, "boot").Require("q", program, () => throw new InvalidOperationException()));
        Ask("boot");
        Ask("boot");
        Assert.Equal(1, asked);
        File.WriteAllText(program, "22");
        Ask("boot");
        Assert.Equal(2, asked);
        Ask("next boot");
        Assert.Equal(3, asked);

        void Ask(string boot) => new GroundAnswers(kept, boot).Require("q", program, () => asked++);
    }

    private static ContainerRecord Record() => new() { Config = new() { Id = "id", Name = "web", Spec = new() }, Name = "web", Created = DateTimeOffset.UnixEpoch };
}
