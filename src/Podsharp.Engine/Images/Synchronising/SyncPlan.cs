using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Synchronising;

/// <summary>Works out which copies a set consists of.</summary>
/// <param name="request">The set.</param>
/// <param name="access">Opens registries.</param>
internal sealed class SyncPlan(ImageSyncRequest request, RegistryAccess access)
{
    /// <summary>The copies.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound; what registries raise that are asked for tags.</exception>
    internal async Task<IReadOnlyList<ImageCopyRequest>> MakeAsync(CancellationToken cancellationToken)
    {
        if (request.DestinationKind == ImageSyncPlace.Description || (request.SourceKind, request.DestinationKind) is (ImageSyncPlace.Directory, ImageSyncPlace.Directory))
        {
            throw EngineErrors.InvalidArgument(request.DestinationKind == ImageSyncPlace.Directory ? "sync from 'dir' to 'dir' not implemented, consider using rsync instead"
                : "a description is no destination", request.Destination, "choose docker or dir");
        }
        var sources = request.SourceKind switch
        {
            ImageSyncPlace.Directory => Directories(),
            ImageSyncPlace.Registry => await RepositoryAsync(One(), cancellationToken),
            _ => await DescribedAsync(cancellationToken),
        };
        return sources.Count > 0 ? [.. sources.Select(ToCopy)] : throw new ContainerEngineException(ErrorKind.NotFound, "NothingToCopy", "no images to sync found in the source", request.Source);
    }

    private SyncRepository One()
    {
        var reference = ImageReference.Parse(request.Source);
        return new SyncRepository(reference with { Tag = null, Digest = null }, request.SourceRegistry) { Names = reference is { Tag: null, Digest: null } ? [] : [reference.ManifestKey] };
    }

    private async Task<List<Source>> DescribedAsync(CancellationToken cancellationToken)
    {
        var sources = new List<Source>();
        foreach (var repository in SyncDescription.Parse(request.Source, request.SourceRegistry))
        {
            sources.AddRange(await RepositoryAsync(repository, cancellationToken));
        }
        return [.. sources.DistinctBy(source => source.Place)];
    }

    private async Task<List<Source>> RepositoryAsync(SyncRepository repository, CancellationToken cancellationToken)
    {
        var names = repository.Names.Count > 0 ? repository.Names : [.. (await TagsAsync(repository, cancellationToken)).Where(repository.Wants)];
        return [.. names.Select(name => ContentDigest.TryParse(name, out _) ? repository.Repository with { Digest = name } : repository.Repository with { Tag = name })
            .Select(reference => new Source($"docker://{ImageReference.Parse(reference.ToString())}", Suffix(reference.ToString()), repository.Registry))];
    }

    private async Task<IReadOnlyList<string>> TagsAsync(SyncRepository repository, CancellationToken cancellationToken)
    {
        var errors = new List<ContainerEngineException>();
        foreach (var source in PullSources.Of(repository.Repository, access.Registries))
        {
            try
            {
                using var client = await access.ReadAsync(source, repository.Registry, static _ => { }, cancellationToken);
                return await client.GetTagsAsync(source.Reference.Path, cancellationToken);
            }
            catch (ContainerEngineException error)
            {
                errors.Add(error);
            }
        }
        throw PullSources.Combine(repository.Repository.ToString(), errors);
    }

    // As skopeo has it: each directory with a manifest is an image.
    private List<Source> Directories()
    {
        var root = request.Source.TrimEnd('/');
        if (!Path.IsPathRooted(request.Source) || !Directory.Exists(request.Source))
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "ImageDirectoryNotFound", $"the directory {request.Source} doesn't exist", request.Source, "correct the path");
        }
        return [.. Directory.EnumerateFiles(root, "manifest.json", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal)
            .Select(path => new Source($"dir:{path}", Suffix(path.Length > root.Length ? path[(root.Length + 1)..] : Path.GetFileName(path)), request.SourceRegistry))];
    }

    private string Suffix(string name) => request.Scoped ? name : name[(name.LastIndexOf('/') + 1)..];

    private ImageCopyRequest ToCopy(Source source) => new()
    {
        Source = source.Place,
        Destination = request.DestinationKind == ImageSyncPlace.Directory ? $"dir:{request.Destination.TrimEnd('/')}/{WithTagSuffix(source.Suffix)}" : AtRegistry(source),
        SourceRegistry = source.Registry,
        DestinationRegistry = request.DestinationRegistry,
        Lists = request.AllImages ? ImageListCopy.All : ImageListCopy.System,
        Format = request.Format,
        PreserveDigests = request.PreserveDigests,
        RemoveSignatures = request.RemoveSignatures,
    };

    private string AtRegistry(Source source)
    {
        var name = $"{request.Destination.TrimEnd('/')}/{WithTagSuffix(source.Suffix)}";
        return ImageReference.TryParse(name, out _, out var problem) ? $"docker://{name}" : throw ImageReference.Invalid(name, problem);
    }

    private string WithTagSuffix(string name) => request.TagSuffix.Length == 0 ? name : ImageReference.Split(name) switch
    {
        (_, _, not null) => name,
        (var repository, var tag, _) => $"{repository}:{tag ?? "latest"}{request.TagSuffix}",
    };

    /// <summary>An image to copy.</summary>
    private sealed record Source(string Place, string Suffix, RegistryOptions Registry);
}
