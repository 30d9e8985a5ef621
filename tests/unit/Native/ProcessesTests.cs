using System.Runtime.InteropServices;
using Podsharp.Engine.Native;

namespace Podsharp.UnitTests.Native;

public sealed class ProcessesTests
{
    [Fact]
    public void AChildGetsDefaultSignalsAndNothingElse()
    {
        // What a careless host process would hand on: a descriptor without close-on-exec, and .NET's ignored SIGPIPE.
        var output = Run("/bin/sh", ["sh", "-c", "grep -E 'SigIgn|SigBlk' /proc/self/status; ls /proc/self/fd | tr '\\n' ' '; pwd; env; umask"], ["A=b"]);
        Assert.Contains("SigBlk:\t0000000000000000", output, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000", output, StringComparison.Ordinal);
        // 3 is ls's own: the directory it reads.
        Assert.Contains("0 1 2 3 /\n", output, StringComparison.Ordinal);
        Assert.Contains("A=b", output, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME=", output, StringComparison.Ordinal);
        Assert.EndsWith("0022\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void DescriptorsArriveWhereTheyBelong()
    {
        using var three = MemoryFile.Create("three");
        using var four = MemoryFile.Create("four");
        var pid = Processes.Spawn(new SpawnRequest
        {
            Path = "/bin/sh",
            Arguments = ["sh", "-c", "echo first >&3; echo second >&4; exit 7"],
            Descriptors = new Dictionary<int, SafeHandle> { [3] = three, [4] = four },
        });
        Assert.Equal(7, Processes.Wait(pid).ExitCode);
        Assert.Equal("first\n", MemoryFile.ReadText(three));
        Assert.Equal("second\n", MemoryFile.ReadText(four));
    }

    [Fact]
    public void ASignalIsAnExitCodeAbove128()
    {
        var pid = Spawn("sleep 100");
        var start = ProcessTable.StartTime(pid);
        Assert.True(ProcessTable.IsAlive(pid, start));
        Assert.False(ProcessTable.IsAlive(pid, start + 1));
        using var handle = Pidfd.Open(pid, start);
        Assert.NotNull(handle);
        Assert.False(handle.WaitForExit(TimeSpan.Zero, default));
        Assert.True(handle.Signal(9));
        Assert.True(handle.WaitForExit(TimeSpan.FromSeconds(10), default));
        Assert.False(ProcessTable.IsAlive(pid, start));
        Assert.Equal(137, Processes.Wait(pid).ExitCode);
        Assert.False(Processes.Exists(pid));
        Assert.Null(Pidfd.Open(pid, start));
    }

    [Fact]
    public void AWaitCanBeCancelled()
    {
        var pid = Spawn("sleep 100");
        using var source = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => Processes.Wait(pid, source.Token));
        Processes.Kill(pid, 9);
    }

    [Fact]
    public void AMissingProgramIsNamed()
    {
        var error = Assert.Throws<LinuxException>(() => Processes.Spawn(new SpawnRequest { Path = "/no/such", Arguments = ["such"] }));
        Assert.Equal(Errno.NoEntry, error.Errno);
        Assert.Contains("/no/such", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherUmaskStaysOnItsThread()
    {
        var before = FileSystemContext.Umask();
        Assert.Equal(0x3fu, FileSystemContext.Run(0x3f, FileSystemContext.Umask));
        Assert.Equal(before, FileSystemContext.Umask());
    }

    [Fact]
    public void PacketsKeepTheirBorders()
    {
        var (one, other) = Sockets.Pair();
        using (one)
        using (other)
        {
            Assert.True(Descriptors.Write(one, "ab"u8));
            Assert.True(Descriptors.Write(one, "cd"u8));
            var buffer = new byte[10];
            Assert.Equal(2, Descriptors.Read(other, buffer));
            one.Dispose();
            Assert.Equal(2, Descriptors.Read(other, buffer));
            Assert.Equal(0, Descriptors.Read(other, buffer));
        }
    }

    [Fact]
    public async Task DotNetsOwnChildrenAndOursKeepTheirExitCodes()
    {
        // A session starts programs through Process, whose SIGCHLD handler looks at every child that ends.
        async Task<int> Theirs(int code)
        {
            using var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exit {code}"]);
            await process.WaitForExitAsync();
            return process.ExitCode;
        }

        var theirs = Enumerable.Range(0, 20).Select(code => (code, Task.Run(() => Theirs(code)))).ToList();
        var ours = Enumerable.Range(100, 20).Select(code => (code, Task.Run(() => Processes.Wait(Spawn($"sh -c 'exit {code}'")).ExitCode))).ToList();
        foreach (var (code, task) in theirs)
            Assert.Equal(code, await task);
        foreach (var (code, task) in ours)
            Assert.Equal(code, await task);
    }

    private static int Spawn(string script) => Processes.Spawn(new SpawnRequest { Path = "/bin/sh", Arguments = ["sh", "-c", "exec " + script], Environment = ["PATH=/usr/bin:/bin"] });

    private static string Run(string path, string[] arguments, string[] environment)
    {
        using var output = MemoryFile.Create("out");
        var pid = Processes.Spawn(new SpawnRequest
        {
            Path = path, Arguments = arguments, Environment = environment, Descriptors = new Dictionary<int, SafeHandle> { [1] = output, [2] = output },
        });
        Assert.Equal(0, Processes.Wait(pid).ExitCode);
        return MemoryFile.ReadText(output);
    }
}
