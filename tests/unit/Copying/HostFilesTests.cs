using System.IO.Compression;
using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Model;
using Podsharp.UnitTests.Storage;

namespace Podsharp.UnitTests.Copying;

/// <summary>Trees into archives and out of them, on this host.</summary>
public sealed class HostFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-copy-").FullName;
    private readonly HostFiles files = new(Credentials.Effective);

    public static TheoryData<string> Corpus => HostileArchiveTests.Corpus;

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task Nothing_outside_is_touched(string name)
    {
        using var fixture = new StorageFixture();
        var before = fixture.Snapshot();
        try
        {
            await files.WriteAsync(directory, new MemoryStream(HostileArchiveTests.Archives(fixture.Outside)[name]), new() { Overwrite = true }, CancellationToken.None);
        }
        catch (ContainerEngineException)
        {
        }
        Assert.Equal(before, fixture.Snapshot());
    }

    [Fact]
    public async Task A_tree_comes_out_as_it_went_in()
    {
        var source = Make("source/sub/file", "text");
        File.CreateSymbolicLink(Path.Combine(source, "link"), "sub/file");
        File.SetUnixFileMode(Path.Combine(source, "sub"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(Path.Combine(source, "sub/file"), DateTime.UnixEpoch.AddTicks(12_345_678_901));
        var archive = new MemoryStream();
        await files.ReadAsync(source, "copy", archive, CancellationToken.None);
        await Unpack(archive.ToArray());
        var copy = Path.Combine(directory, "copy");
        Assert.Equal("text", File.ReadAllText(Path.Combine(copy, "link")));
        Assert.Equal("sub/file", new FileInfo(Path.Combine(copy, "link")).LinkTarget);
        Assert.Equal(File.GetUnixFileMode(Path.Combine(source, "sub")), File.GetUnixFileMode(Path.Combine(copy, "sub")));
        Assert.Equal(DateTime.UnixEpoch.AddTicks(12_345_678_901), File.GetLastWriteTimeUtc(Path.Combine(copy, "sub/file")));
    }

    [Fact]
    public async Task Content_goes_without_its_directory()
    {
        var archive = new MemoryStream();
        await files.ReadAsync(Make("source/file", "text"), "", archive, CancellationToken.None);
        await Unpack(archive.ToArray());
        Assert.Equal("text", File.ReadAllText(Path.Combine(directory, "file")));
    }

    [Fact]
    public async Task Packed_archives_are_unpacked()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(new TarBuilder().File("file", "text").Build());
        await Unpack(packed.ToArray());
        Assert.Equal("text", File.ReadAllText(Path.Combine(directory, "file")));
    }

    [Theory]
    [InlineData(true, "file")]
    [InlineData(false, "directory")]
    public async Task Directories_and_files_replace_each_other_only_when_asked(bool isFile, string name)
    {
        Directory.CreateDirectory(Path.Combine(directory, "file/inner"));
        File.WriteAllText(Path.Combine(directory, "directory"), "");
        var tar = isFile ? new TarBuilder().File(name, "text").Build() : new TarBuilder().Directory(name).Build();
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => Unpack(tar));
        Assert.Equal("FileExists", error.ErrorId);
        await Unpack(tar, overwrite: true);
        Assert.Equal(isFile, File.Exists(Path.Combine(directory, name)));
    }

    [Fact]
    public async Task What_is_there_is_merged_with()
    {
        Make("d/old", "old");
        await Unpack(new TarBuilder().Directory("d/").File("d/new", "new").Symlink("d/old", "new").Build());
        Assert.Equal("new", File.ReadAllText(Path.Combine(directory, "d/old")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no archive")]
    public async Task What_is_no_archive_is_refused(string text)
    {
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => Unpack(TarBuilder.Latin(text)));
        Assert.Equal(ErrorKind.DataCorrupt, error.Kind);
    }

    [Fact]
    public async Task The_cause_is_told_when_the_source_breaks()
    {
        await Assert.ThrowsAsync<IOException>(() => files.WriteAsync(directory, new BreakingStream(new TarBuilder().File("f", new string('x', 600_000)).Build()), new(), CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private Task Unpack(byte[] tar, bool overwrite = false) => files.WriteAsync(directory, new MemoryStream(tar), new() { Overwrite = overwrite }, CancellationToken.None);

    // Returns the first directory of the path.
    private string Make(string path, string content)
    {
        var full = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return Path.Combine(directory, path.Split('/')[0]);
    }

    private sealed class BreakingStream(byte[] start) : MemoryStream(start[..(start.Length / 2)])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("broken");
    }
}
