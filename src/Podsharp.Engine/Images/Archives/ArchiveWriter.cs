using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>Writes the tar that images are saved in: plain files, owned by root, without a time, so that the same images give the same bytes.</summary>
internal sealed class ArchiveWriter(Stream target)
{
    private readonly TarWriter _tar = new(target);
    private long _remaining;
    private string _name = "";

    /// <summary>Adds a whole file.</summary>
    internal void Add(string name, ReadOnlySpan<byte> content)
    {
        Begin(name, content.Length);
        Write(content);
    }

    /// <summary>Begins a file, whose content follows.</summary>
    internal void Begin(string name, long size)
    {
        _tar.Add(new TarEntry
        {
            Name = Encoding.UTF8.GetBytes(name),
            Type = TarEntryType.File,
            Size = size,
            Mode = 0x124 /* 0444 */,
            Modified = new FileTime(0, 0),
            Accessed = new FileTime(0, 0),
        });
        (_name, _remaining) = (name, size);
    }

    /// <summary>Writes a part of the file that was begun.</summary>
    /// <exception cref="ContainerEngineException">It is longer than was said: the store's record of a layer is wrong (DataCorrupt).</exception>
    internal void Write(ReadOnlySpan<byte> data)
    {
        if (data.Length > _remaining)
        {
            throw WrongSize("more");
        }
        _tar.Write(data);
        _remaining -= data.Length;
    }

    /// <summary>Says that the file that was begun is complete.</summary>
    /// <exception cref="ContainerEngineException">It is shorter than was said (DataCorrupt).</exception>
    internal void End()
    {
        if (_remaining > 0)
        {
            throw WrongSize("less");
        }
    }

    /// <summary>Ends the archive; the stream stays open.</summary>
    internal void Finish() => _tar.Finish();

    private ContainerEngineException WrongSize(string what) => new(ErrorKind.DataCorrupt, "LayerCorrupt",
        $"the layer for {_name} has {what} content than its record says", _name, "remove and pull the images that use it again");
}
