using System.Runtime.CompilerServices;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Looks for images in registries.</summary>
internal sealed class ImageSearcher(ConfigurationEnvironment environment, ContainersConf configuration)
{
    private const string DockerSearch = "index.docker.io";

    /// <summary>The repositories, or the tags of one.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; Network, Unauthorized: none of the registries could be searched.</exception>
    internal async IAsyncEnumerable<ImageSearchResult> FindAsync(ImageSearchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.Limit < 1)
            throw EngineErrors.InvalidArgument($"the limit {request.Limit} is too low", null, "give at least 1");
        var registries = RegistriesConf.Load(environment);
        if (request.ListTags)
        {
            foreach (var tag in await TagsAsync(request, registries, cancellationToken))
                yield return tag;
            yield break;
        }
        var (named, term) = Split(request.Term);
        IReadOnlyList<string> places = named is null ? registries.UnqualifiedSearchRegistries : [named];
        if (places.Count == 0)
            throw EngineErrors.InvalidArgument("there is no registry to search: registries.conf names none", request.Term, "write the registry before the term: docker.io/" + request.Term);
        var errors = new List<ContainerEngineException>();
        foreach (var place in places)
        {
            IReadOnlyList<ImageSearchResult> found = [];
            try
            {
                found = await SearchAsync(place, term, request, registries, cancellationToken);
            }
            catch (ContainerEngineException error) when (places.Count > 1)
            {
                errors.Add(error);
            }
            foreach (var result in found)
                yield return result;
        }
        if (errors.Count == places.Count)
            throw errors[0];
    }

    private async Task<IReadOnlyList<ImageSearchResult>> SearchAsync(string registry, string term, ImageSearchRequest request, RegistriesConf registries, CancellationToken cancellationToken)
    {
        // docker.io itself can't be searched; its neighbour can.
        using var client = await ConnectAsync(registry, registry == ImageReference.DockerDomain ? DockerSearch : registry, registry, request.Registry, registries, cancellationToken);
        if (term.Length > 0 && await client.SearchAsync(term, request.Limit, cancellationToken) is { } known)
            return [.. known.Select(item => new ImageSearchResult
            {
                Registry = registry,
                Name = $"{registry}/{(registry == ImageReference.DockerDomain && !item.Name.Contains('/') ? "library/" : "")}{item.Name}",
                Description = item.Description,
                Stars = item.Stars,
                Official = item.Official,
                Automated = item.Automated,
            }).Where(item => Passes(item, request)).Take(request.Limit)];
        var found = new List<ImageSearchResult>();
        await foreach (var repository in client.GetRepositoriesAsync(cancellationToken))
        {
            var item = new ImageSearchResult { Registry = registry, Name = $"{registry}/{repository}" };
            if (repository.Contains(term, StringComparison.Ordinal) && Passes(item, request))
                found.Add(item);
            if (found.Count == request.Limit)
                break;
        }
        return found;
    }

    private static bool Passes(ImageSearchResult item, ImageSearchRequest request) =>
        item.Stars >= request.Stars && (request.Official is null || item.Official == request.Official) && (request.Automated is null || item.Automated == request.Automated);

    private async Task<IReadOnlyList<ImageSearchResult>> TagsAsync(ImageSearchRequest request, RegistriesConf registries, CancellationToken cancellationToken)
    {
        var text = request.Term.StartsWith("docker://", StringComparison.Ordinal) ? request.Term["docker://".Length..] : request.Term;
        if (Split(text).Registry is null)
            throw EngineErrors.InvalidArgument($"reference \"{request.Term}\" must be a docker reference", request.Term, "write the whole name: docker.io/library/" + request.Term);
        var reference = ImageReference.Parse(text);
        using var client = await ConnectAsync(reference.Domain, reference.Domain, reference.Repository, request.Registry, registries, cancellationToken);
        var tags = await client.GetTagsAsync(reference.Path, cancellationToken);
        return [.. tags.Take(request.Limit).Select(tag => new ImageSearchResult { Registry = reference.Domain, Name = reference.Repository, Tag = tag })];
    }

    private async Task<RegistryClient> ConnectAsync(string registry, string host, string name, RegistryOptions options, RegistriesConf registries, CancellationToken cancellationToken)
    {
        var credentials = options.UserName is { Length: > 0 } user ? new RegistryCredentials(user, options.Password ?? "")
            : (await new AuthFiles(environment, registries).FindAsync(new RegistryKey(name, registry), new CredentialPlace(options.AuthFile), cancellationToken))?.Credentials;
        return new(RegistryConnector.Connect(environment, configuration, host, registries.Find(name), credentials, options));
    }

    private static (string? Registry, string Term) Split(string text)
    {
        var slash = text.IndexOf('/');
        var first = slash < 0 ? "" : text[..slash];
        return first.Contains('.') || first.Contains(':') || first == "localhost" ? (first, text[(slash + 1)..]) : (null, text);
    }
}
