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
        Assert.Equal(["inet: Connected TCP socket, consider using --tcp-established option.", "Dumping FAILED."], lines);
    }

    [Fact]
    public void Names_the_library_that_the_runtime_lacks()
    {
        var error = CriuErrors.Make(("id", "web"), isRestore: false, "/usr/bin/crun", new InvalidOperationException("crun: could not load `libcriu.so.2`: No such file or directory"), "/nonexistent");
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("libcriu.so.2", error.Message, StringComparison.Ordinal);
        Assert.Contains("libcriu2", error.Message, StringComparison.Ordinal);
    }
}
