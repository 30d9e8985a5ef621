using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Finds the platforms for which all base images of a Containerfile are to be had (<c>--all-platforms</c>).</summary>
internal static class BasePlatforms
{
    /// <summary>Finds them, in the order of the first base image's list.</summary>
    /// <param name="parts">The engine.</param>
    /// <param name="request">The build; its contexts may stand for images.</param>
    /// <param name="stages">The stages that are built.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is no base image, or no platform that all have. What a registry raises.</exception>
    internal static async Task<IReadOnlyList<ImagePlatform>> FindAsync(EngineParts parts, ImageBuildRequest request, IReadOnlyList<Stage> stages, CancellationToken cancellationToken)
    {
        // A stage that names its platform doesn't tell for which others there might be.
        List<string> bases = [.. stages.Where(stage => stage.BaseStage is null && stage.BaseImage != "scratch" && string.IsNullOrEmpty(stage.Platform))
            .Select(stage => BuildSources.ReferenceOf(request, stage.BaseImage)).Distinct()];
        if (bases.Count == 0)
            throw EngineErrors.InvalidArgument("build uses no non-scratch base images", null, "name the platforms: --platform linux/amd64,linux/arm64");
        List<ImagePlatform>? common = null;
        foreach (var name in bases)
        {
            var platforms = await parts.Images.Lists.PlatformsAsync(name, request.PullPolicy, request.Registry, cancellationToken);
            common = common is null ? [.. platforms.Distinct()] : [.. common.Where(platforms.Contains)];
        }
        return common!.Count > 0 ? common : throw EngineErrors.InvalidArgument($"there is no platform for which all of {string.Join(", ", bases)} are to be had", bases[0],
            "name the platforms: --platform linux/amd64,linux/arm64");
    }
}
