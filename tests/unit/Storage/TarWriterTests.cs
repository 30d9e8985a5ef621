using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.UnitTests.Storage;

public sealed class TarWriterTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var names = from length in Gen.Frequency((5, Gen.Choose(1, 40)), (2, Gen.Choose(90, 110)), (2, Gen.Choose(250, 270)), (1, Gen.Choose(300, 5000)))
                    from bytes in Gen.Elements<byte>(97, 98, 0xC3, 0xA4, 0xFF, 32, 10, 47).ArrayOf(length)
                    select (byte[])[(byte)'n', .. bytes, (byte)'e'];
        var times = from seconds in Gen.Elements<long>(0, 1_700_000_000, -1, -5_000_000_000, 0x1_0000_0000, 1L << 40)
                    from nanoseconds in Gen.Elements<long>(0, 1, 250_000_000, 999_999_999)
                    select new FileTime(seconds, nanoseconds);
        var ids = Gen.Elements<uint>(0, 1000, 2_097_151, 2_097_152, 4_000_000_000);
        var entries = from name in names
                      from type in Gen.Elements<TarEntryType>(Enum.GetValues<TarEntryType>())
                      from link in names
                      from modified in times
                      from accessed in times
                      from uid in ids
                      from gid in ids
                      from mode in Gen.Choose(0, 0xFFF)
                      from minor in Gen.Elements<uint>(0, 255, 1_048_575)
                      from size in Gen.Elements<int>(0, 1, 511, 512, 513, 70_000)
                      from value in Gen.Choose(0, 255).Select(v => (byte)v).ArrayOf()
                      select new TarEntry
                      {
                          Name = type == TarEntryType.Directory ? [.. name, (byte)'/'] : name,
                          Type = type,
                          Size = type == TarEntryType.File ? size : 0,
                          LinkName = type is TarEntryType.Symlink or TarEntryType.HardLink ? link : [],
                          Mode = (uint)mode,
                          UserId = uid,
                          GroupId = gid,
                          Modified = modified,
                          Accessed = accessed,
                          DeviceMajor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? 4095u : 0,
                          DeviceMinor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? minor : 0,
                          Attributes = value.Length % 2 == 0 ? [] : [new("user.one", value), new("security.capability", [1, 0, 10, 61])],
                      };
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Gen.ListOf(entries).ToArbitrary(), list =>
        {
            var read = Read(Write([.. list]));
            Assert.Equal(list.Select(Describe), read.Select(item => Describe(item.Entry)));
            Assert.Equal(list.Select(entry => Convert.ToHexString(Content(entry))), read.Select(item => Convert.ToHexString(item.Content)));
        }));
    }

    [Fact]
    public void A_file_larger_than_eight_gibibytes_has_its_size_in_an_extended_header()
    {
        var output = new MemoryStream();
        var writer = new TarWriter(output);
        var size = (1L << 33) + 5;
        writer.Add(new() { Name = "big"u8.ToArray(), Type = TarEntryType.File, Size = size });
        // The buffer is let out by content; the entry itself is never completed.
        for (var i = 0; i < 3; i++)
            writer.Write(new byte[100_000]);
        Assert.Equal(size, new TarReader(new Input(output.ToArray()), null).Next()!.Size);
    }

    [Fact]
    public void Content_that_does_not_fit_the_size_is_a_defect()
    {
        var writer = new TarWriter(Stream.Null);
        writer.Add(new() { Name = "f"u8.ToArray(), Type = TarEntryType.File, Size = 3 });
        Assert.Throws<InvalidOperationException>(() => writer.Write("four"u8));
        writer.Write("th"u8);
        Assert.Throws<InvalidOperationException>(writer.Finish);
    }

    [Fact]
    public void Gnu_tar_understands_it()
    {
        var deep = string.Join('/', Enumerable.Repeat(new string('d', 60), 6));
        TarEntry[] entries =
        [
            new() { Name = "dir"u8.ToArray(), Type = TarEntryType.Directory, Size = 0, Mode = 0x1ED },
            new() { Name = "dir/file"u8.ToArray(), Type = TarEntryType.File, Size = 513, Mode = 0x9ED, UserId = 3_000_000, Modified = new(1_000_000_000, 123_456_789) },
            new() { Name = "dir/hard"u8.ToArray(), Type = TarEntryType.HardLink, Size = 0, Mode = 0x9ED, LinkName = "dir/file"u8.ToArray() },
            new() { Name = Encoding.ASCII.GetBytes(deep + "/split"), Type = TarEntryType.File, Size = 0, Mode = 0x180 },
            new() { Name = [.. "latin-"u8, 0xE4], Type = TarEntryType.Fifo, Size = 0, Mode = 0x1A4 },
            new() { Name = "link"u8.ToArray(), Type = TarEntryType.Symlink, Size = 0, Mode = 0x1FF, LinkName = Encoding.ASCII.GetBytes(new string('t', 300)) },
            new() { Name = "null"u8.ToArray(), Type = TarEntryType.CharacterDevice, Size = 0, Mode = 0x1B6, DeviceMajor = 1, DeviceMinor = 3 },
        ];
        var lines = List(Write(entries));
        Assert.Equal(entries.Length, lines.Length);
        Assert.Matches("^drwxr-xr-x .* dir/$", lines[0]);
        Assert.Matches("^-rwsr-xr-x 3000000/0 +513 2001-09-09 .*:40.123456789 dir/file$", lines[1]);
        Assert.Matches("^hrwsr-xr-x .* dir/hard link to dir/file$", lines[2]);
        Assert.EndsWith($" {deep}/split", lines[3]);
        Assert.EndsWith(@" latin-\344", lines[4]);
        Assert.EndsWith($" link -> {new string('t', 300)}", lines[5]);
        Assert.Matches("^crw-rw-rw- 0/0 +1,3 .* null$", lines[6]);
    }

    private static string[] List(byte[] tar)
    {
        var start = new ProcessStartInfo("tar", ["--list", "--verbose", "--full-time", "--numeric-owner", "--utc", "--file=-"])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(tar);
        process.StandardInput.Close();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return lines;
    }

    private static byte[] Write(IReadOnlyList<TarEntry> entries)
    {
        var output = new MemoryStream();
        var writer = new TarWriter(output);
        foreach (var entry in entries)
        {
            writer.Add(entry);
            writer.Write(Content(entry));
        }
        writer.Finish();
        return output.ToArray();
    }

    private static byte[] Content(TarEntry entry)
    {
        var content = new byte[entry.Size];
        new Random(entry.Name.Length).NextBytes(content);
        return content;
    }

    private static List<(TarEntry Entry, byte[] Content)> Read(byte[] tar)
    {
        var reader = new TarReader(new Input(tar), null);
        var entries = new List<(TarEntry, byte[])>();
        while (reader.Next() is { } entry)
        {
            var content = new List<byte>();
            while (reader.ReadData(1000) is { IsEmpty: false } data)
                content.AddRange(data);
            entries.Add((entry, [.. content]));
        }
        return entries;
    }

    private static string Describe(TarEntry entry) => string.Join('|', Convert.ToHexString(entry.Name), entry.Type, entry.Size,
        Convert.ToHexString(entry.LinkName), entry.Mode, entry.UserId, entry.GroupId, entry.Modified, entry.Accessed, entry.DeviceMajor,
        entry.DeviceMinor, string.Join(',', entry.Attributes.Select(item => item.Key + "=" + Convert.ToHexString(item.Value))));

    private sealed class Input(byte[] bytes) : ITarInput
    {
        private int position;

        public ReadOnlySpan<byte> Take(int maximum)
        {
            var part = bytes.AsSpan(position, Math.Min(maximum, bytes.Length - position));
            position += part.Length;
            return part;
        }
    }
}
