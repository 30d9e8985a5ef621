using System.Threading.Channels;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>Saves images of the store.</summary>
/// <param name="storage">The store.</param>
/// <param name="catalog">Finds images.</param>
/// <param name="spoolDirectory">Where compressed layers wait until their digest is known.</param>
internal sealed class ImageSaver(ContainerStorage storage, ImageCatalog catalog, string spoolDirectory)
{
    /// <summary>Writes images to a stream.</summary>
    /// <returns>The images, as they were found.</returns>
    /// <exception cref="ContainerEngineException">ImageNotFound; InvalidArgument for what a format can't have; DataCorrupt.</exception>
    internal async Task<IReadOnlyList<FoundImage>> SaveAsync(ImageSaveRequest request, Stream target, ChannelWriter<ImageSaveProgress> output, CancellationToken cancellationToken)
    {
        Check(request);
        // All of them first: nothing is written where one doesn't exist.
        var images = request.Images.Select(image => (Found: catalog.Get(image.NameOrId), Names: image.AdditionalNames.Select(name => NameOf(name, image, request.Format)).ToList())).ToList();
        var archive = Create(request, target, progress => output.TryWrite(progress));
        for (var i = 0; i < images.Count; i++)
        {
            var (found, names) = images[i];
            // A name with a digest is none that a loaded image could have.
            if (found.Name is { } name && !name.Contains('@'))
            {
                names.Insert(0, name);
            }
            await archive.AddAsync(ImageSource.Open(storage, catalog, found.Image), [.. names.Distinct()], request.Images[i].NameOrId, cancellationToken);
        }
        archive.Finish();
        return [.. images.Select(image => image.Found)];
    }

    private ImageArchive Create(ImageSaveRequest request, Stream target, Action<ImageSaveProgress> progress) => request.Format switch
    {
        ImageArchiveFormat.DockerArchive => new DockerArchive(target) { Progress = progress },
        ImageArchiveFormat.DockerDirectory => new DockerDirectory(target, request.Compress ?? false, spoolDirectory) { Progress = progress },
        _ => new OciLayout(target, request.Compress ?? true, spoolDirectory) { Progress = progress },
    };

    private static void Check(ImageSaveRequest request)
    {
        if (request.Images.Count == 0)
        {
            throw EngineErrors.InvalidArgument("no image is named");
        }
        if (request.Format == ImageArchiveFormat.DockerArchive && request.Compress == true)
        {
            throw EngineErrors.InvalidArgument("an archive in Docker's form has plain layers", null, "compress the archive as a whole, or choose another format");
        }
        if (request.Format == ImageArchiveFormat.DockerDirectory && request.Images.Count > 1)
        {
            throw EngineErrors.InvalidArgument("a directory in Docker's form holds one image only", null, "save each to a directory of its own, or choose another format");
        }
    }

    private static string NameOf(string text, ImageToSave image, ImageArchiveFormat format)
    {
        if (image.TransportNames && format is (ImageArchiveFormat.OciArchive or ImageArchiveFormat.OciDirectory))
        {
            return text;
        }
        var reference = image.TransportNames ? ImageReference.Parse(text) : ImageService.LocalName(text);
        return reference.Digest is null ? reference.StoredName : throw ImageReference.Invalid(text, "a name to give can't have a digest");
    }
}
