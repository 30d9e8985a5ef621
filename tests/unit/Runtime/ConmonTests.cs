using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.UnitTests.Runtime;

public sealed class ConmonTests
{
    [Fact]
    public void CommandLineForCreate()
    {
        var arguments = ConmonArguments.ForCreate(new ConmonLaunch
        {
            ConmonPath = "/usr/bin/conmon", RuntimePath = "/usr/bin/crun", RuntimeFlags = ["debug"], ContainerId = "ID", Name = "web", BundleDirectory = "/b",
            ExitDirectory = "/e", PersistDirectory = "/p", PidFile = "/r/pidfile", ConmonPidFile = "/r/conmon.pid", OciLog = "/r/oci-log",
            LogPath = "/b/ctr.log", LogSizeMaximum = 1000, Input = true, ExitCommand = ["/x/podsharp", "container", "cleanup"],
        });
        Assert.Equal("/usr/bin/conmon --api-version 1 -c ID -u ID -r /usr/bin/crun -b /b -p /r/pidfile -n web --exit-dir /e --persist-dir /p --full-attach "
            + "--log-level warning --runtime-arg=--debug --runtime-arg=--log-format=json --runtime-arg=--log=/r/oci-log -l k8s-file:/b/ctr.log "
            + "--log-size-max 1000 -i --conmon-pidfile /r/conmon.pid --exit-command /x/podsharp --exit-command-arg container --exit-command-arg cleanup",
            string.Join(' ', arguments));
    }

    [Fact]
    public void ATerminalIsNeverPassedWithInput()
    {
        var arguments = ConmonArguments.ForCreate(new ConmonLaunch
        {
            ConmonPath = "c", RuntimePath = "r", ContainerId = "ID", Name = "n", BundleDirectory = "/b", ExitDirectory = "/e", PersistDirectory = "/p",
            PidFile = "/1", ConmonPidFile = "/2", OciLog = "/3", LogDriver = "none", Terminal = true, Input = true,
        });
        Assert.Contains("-t", arguments);
        Assert.DoesNotContain("-i", arguments);
        Assert.Equal("none", arguments[arguments.IndexOf("-l") + 1]);
    }

    [Fact]
    public void LogsAreSetAsideWhereConmonCan()
    {
        var launch = new ConmonLaunch
        {
            ConmonPath = "c", RuntimePath = "r", ContainerId = "ID", Name = "n", BundleDirectory = "/b", ExitDirectory = "/e", PersistDirectory = "/p",
            PidFile = "/1", ConmonPidFile = "/2", OciLog = "/3", LogPath = "/l", LogSizeMaximum = 9, LogBackups = 4,
        };
        Assert.Contains("-l k8s-file:/l --log-size-max 9 --log-rotate --log-max-files 4", string.Join(' ', ConmonArguments.ForCreate(launch)));
        Assert.Contains("-l journald --log-tag t", string.Join(' ', ConmonArguments.ForCreate(launch with { LogDriver = "journald", LogTag = "t" })));
        Assert.Contains("-l passthrough", string.Join(' ', ConmonArguments.ForCreate(launch with { LogDriver = "passthrough-tty" })));
        Assert.True(ConmonFeatures.Parse("  --log-size-max   Maximum\n  --log-rotate   Enable\n").RotatesLogs);
        Assert.False(ConmonFeatures.Parse("  --log-size-max   Maximum\n").RotatesLogs);
    }

    [Fact]
    public void DescriptorsAreCountedFromThreeOn()
    {
        var launch = new ExecLaunch { ConmonPath = "c", RuntimePath = "r", ContainerId = "ID", Name = "n", SessionId = "S", SessionDirectory = "/s", Process = [], PreservedDescriptors = [3, 6] };
        Assert.Contains("--runtime-opt --preserve-fds --runtime-opt 4", string.Join(' ', ConmonArguments.ForExec(launch)));
        Assert.DoesNotContain("--runtime-opt", ConmonArguments.ForExec(launch with { PreservedDescriptors = [] }));
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => PreservedDescriptors.Check([1])).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => PreservedDescriptors.Check([1023])).Kind);
    }

    [Fact]
    public void MessagesOfTheSyncPipe()
    {
        Assert.Equal(new SyncMessage(42, null), SyncMessage.Parse("{\"data\": 42}\n"u8));
        Assert.Equal(new SyncMessage(-1, "no"), SyncMessage.Parse("{\"data\": -1, \"message\": \"no\"}\n"u8));
        Assert.Null(SyncMessage.Parse([]));
        Assert.Null(SyncMessage.Parse("rubbish"u8));
    }

    [Theory]
    [InlineData("runc create failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH", ErrorKind.CommandNotFound)]
    [InlineData("runc create failed: unable to start container process: exec: \"/x\": stat /x: no such file or directory", ErrorKind.CommandNotFound)]
    [InlineData("executable file `nosuch` not found in $PATH: No such file or directory", ErrorKind.CommandNotFound)]
    [InlineData("runc create failed: unable to start container process: exec: \"/etc\": permission denied", ErrorKind.CommandNotExecutable)]
    [InlineData("open executable: Operation not permitted", ErrorKind.CommandNotExecutable)]
    [InlineData("exec container process `/x`: Exec format error", ErrorKind.CommandNotExecutable)]
    [InlineData("error mounting \"/nosuch\" to rootfs at \"/m\": stat /nosuch: no such file or directory", ErrorKind.Runtime)]
    [InlineData("cgroups in hybrid mode not supported, drop all controllers from cgroupv2", ErrorKind.Runtime)]
    public void WordsOfTheRuntimes(string text, ErrorKind kind) => Assert.Equal(kind, RuntimeErrors.FromText("/usr/bin/runc", "id", text).Kind);

    [Fact]
    public void TheLastErrorOfALogCounts()
    {
        var log = Path.GetTempFileName();
        try
        {
            File.WriteAllText(log, "{\"msg\":\"first\",\"level\":\"error\"}\nno json\n{\"msg\":\"second\",\"level\":\"error\"}\n{\"msg\":\"w\",\"level\":\"warning\"}\n");
            Assert.Equal("second", RuntimeErrors.LastError(log));
        }
        finally
        {
            File.Delete(log);
        }
    }
}
