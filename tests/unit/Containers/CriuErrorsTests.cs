using Podsharp.Engine.Containers.Checkpoints;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Containers;

public sealed class CriuErrorsTests
{
    [Fact]
    public void Tells_the_lines_that_tell()
    {
        var lines = CriuErrors.Lines("(00.1) all well\n(00.2) Error (criu/sk-inet.c:191): inet: Connected TCP socket, consider using --tcp-established option.\n"
            + "(00.2) Error (criu/sk-inet.c:191): inet: Connected TCP socket, consider using --tcp-established option.\n(00.3) Error (criu/cr-dump.c:2111): Dumping FAILED.\n");
        Assert.Equal(["inet: Connected TCP socket, consider using --tcp-established option."], lines);
        Assert.Equal(["Dumping FAILED."], CriuErrors.Lines("(00.3) Error (criu/cr-dump.c:2111): Dumping FAILED.\n"));
    }

    [Fact]
    public void Names_the_library_that_the_runtime_lacks()
    {
        var error = CriuErrors.Make(("id", "web"), isRestore: false, "/usr/bin/crun", new InvalidOperationException("crun: could not load `libcriu.so.2`: No such file or directory"), "/nonexistent");
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("libcriu.so.2", error.Message, StringComparison.Ordinal);
        Assert.Contains("libcriu2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Error (criu/files-reg.c:1): Can't dump ghost file /tmp/g of 3002368 size, increase limit", "/etc/criu/runc.conf")]
    [InlineData("Error (criu/sk-unix.c:1): unix: External socket is used.", "Unix socket of the host")]
    [InlineData("Error (criu/mount.c:1): mnt: 1:./m doesn't have a proper root mount", ":bind")]
    [InlineData("Error (criu/x.c:1): nobody knows", "the kernel lacks this; ")]
    public void Names_a_way_out(string log, string remedy)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "(00.1) " + log + "\n");
            var error = CriuErrors.Make(("id", "web"), isRestore: false, "/usr/bin/runc", new InvalidOperationException("x"), path, () => ["the kernel lacks this", ""]);
            Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
