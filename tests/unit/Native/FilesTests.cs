using Podsharp.Engine.Native;

namespace Podsharp.UnitTests.Native;

public sealed class FilesTests
{
    [Fact]
    public void A_directory_that_is_removed_while_it_is_read_is_empty()
    {
        var path = Directory.CreateTempSubdirectory("podsharp-files-").FullName;
        File.WriteAllText(path + "/file", "x");
        using var open = Files.Open(path, OpenFlags.Directory);
        Assert.Single(Files.ReadDirectory(open));
        Directory.Delete(path, recursive: true);
        Assert.Empty(Files.ReadDirectory(open));
    }

    [Fact]
    public async Task Three_can_remove_the_same_tree_at_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = Directory.CreateTempSubdirectory("podsharp-files-").FullName;
            for (var i = 0; i < 40; i++)
                File.WriteAllText(Directory.CreateDirectory($"{path}/{i}/inner").FullName + "/file", "x");
            var removals = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() => Files.RemoveTree(path), TaskCreationOptions.LongRunning));
            await Task.WhenAll(removals);
            Assert.False(Directory.Exists(path));
        }
    }

    [Fact]
    public void A_tree_deeper_than_stack_and_open_files_go_is_removed()
    {
        // In memory: a disk takes half a minute for it.
        var path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "podsharp-files-" + Guid.NewGuid().ToString("N"));
        Files.MakeDirectory(path, 0x1C0);
        var inner = Files.Open(path, OpenFlags.Directory);
        for (var i = 0; i < 30000; i++)
        {
            Assert.Equal(Errno.None, Files.TryMakeDirectory(inner, "d", 0x1C0));
            Assert.Equal(Errno.None, Files.TryOpenAt(inner, "d", OpenFlags.Directory, 0, out var next));
            inner.Dispose();
            inner = next!;
        }
        inner.Dispose();
        Files.RemoveTree(path);
        Assert.False(Directory.Exists(path));
    }
}
