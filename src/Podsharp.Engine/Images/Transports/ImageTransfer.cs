using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Sends images between users and hosts: an archive goes from one engine to the other through a pipe, and is never a file of ours.</summary>
/// <param name="images">This engine's images.</param>
/// <param name="environment">What ssh gets as its environment.</param>
/// <param name="executable">This engine's own executable; null where it isn't known.</param>
/// <param name="userName">The name of this engine's user.</param>
/// <param name="isRoot">Whether this engine is root's.</param>
internal sealed class ImageTransfer(ImageService images, ConfigurationEnvironment environment, string? executable, string userName, bool isRoot)
{
    /// <summary>Sends an image.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, PermissionDenied; TransferFailed: the other engine, or ssh.</exception>
    internal async Task<ImageTransferResult> SendAsync(ImageTransferRequest request, CancellationToken cancellationToken)
    {
        var source = Own(TransferPlace.Parse(request.Source));
        var destination = Own(request.Destination is { Length: > 0 } text ? TransferPlace.Parse(text) : new TransferPlace(null, null, ""));
        if (source.Name.Length == 0)
        {
            throw EngineErrors.InvalidArgument("no image is named", request.Source, "write [[USER@]HOST::]NAME");
        }
        if (source.Host is null && destination.Host is null)
        {
            throw EngineErrors.InvalidArgument("neither source nor destination is elsewhere", request.Source, "write HOST:: before one of them; a further name is given with tag");
        }
        var names = source.Host is null ? await PushAsync(source, destination, cancellationToken)
            : destination.Host is null ? await PullAsync(source, destination, cancellationToken)
            : await PassAsync(source, destination, cancellationToken);
        return new ImageTransferResult(source.ToString(), destination.ToString(), names);
    }

    private TransferPlace Own(TransferPlace place)
    {
        if (!place.IsLocal)
        {
            return place;
        }
        if (place.User is null || place.User == userName)
        {
            return place with { Host = null, User = null };
        }
        return isRoot ? place : throw new ContainerEngineException(ErrorKind.PermissionDenied, "RootNeeded", $"only root can reach the images of {place.User}", place.ToString(), "run it as root");
    }

    private async Task<IReadOnlyList<string>> PushAsync(TransferPlace source, TransferPlace destination, CancellationToken cancellationToken)
    {
        var found = images.Get(source.Name);
        // A name that is asked for is the only one that it gets there.
        var image = destination.Name.Length > 0 ? new ImageToSave(found.Image.Id, [ImageService.NewName(destination.Name)]) : new ImageToSave(source.Name, []);
        var request = new ImageSaveRequest { Images = [image] };
        return Names(await Program(destination).LoadAsync(stream => images.SaveAsync(request, stream, new Unheard<ImageSaveProgress>(), cancellationToken), cancellationToken));
    }

    private async Task<IReadOnlyList<string>> PullAsync(TransferPlace source, TransferPlace destination, CancellationToken cancellationToken)
    {
        IReadOnlyList<ImagePullProgress> loaded = [];
        await Program(source).SaveAsync(source.Name, async stream =>
            loaded = await images.LoadAsync(stream, new ImageLoadRequest(), new Unheard<ImagePullProgress>(), cancellationToken), cancellationToken);
        if (destination.Name.Length > 0)
        {
            return images.Tag(loaded[0].Image!.Id, destination.Name) is { } tagged ? [ImageService.NewName(destination.Name)] : [];
        }
        return [.. loaded.Select(image => image.Reference)];
    }

    private async Task<IReadOnlyList<string>> PassAsync(TransferPlace source, TransferPlace destination, CancellationToken cancellationToken)
    {
        if (destination.Name.Length > 0)
        {
            throw EngineErrors.Unsupported("an image that goes from one host to another keeps its name", destination.ToString(), "leave the name out, and tag it there");
        }
        IReadOnlyList<string> names = [];
        await Program(source).SaveAsync(source.Name, async archive =>
            names = Names(await Program(destination).LoadAsync(stream => archive.CopyToAsync(stream, cancellationToken), cancellationToken)), cancellationToken);
        return names;
    }

    private TransferProgram Program(TransferPlace place) => new(place, environment, executable);

    // Both engines say "Loaded image: NAME".
    private static IReadOnlyList<string> Names(string said) =>
        [.. said.Split('\n').Select(line => line.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var end ? line[(end + 2)..].Trim() : "").Where(name => name.Length > 0)];

    /// <summary>What nobody listens to.</summary>
    private sealed class Unheard<T> : ChannelWriter<T>
    {
        public override bool TryWrite(T item) => true;

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => new(true);
    }
}
