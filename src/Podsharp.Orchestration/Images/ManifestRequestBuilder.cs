using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Makes requests about lists of images of command lines.</summary>
public static class ManifestRequestBuilder
{
    /// <summary>The request of <c>manifest create</c>.</summary>
    /// <exception cref="ContainerEngineException">An option's value can't be understood.</exception>
    public static ManifestCreateRequest Create(ParsedCommand line, CallerContext caller) => new()
    {
        Name = line.Arguments[0],
        Images = [.. line.Arguments.Skip(1)],
        All = line.Flag("all"),
        Amend = line.Flag("amend"),
        Annotations = Annotations(line),
        Registry = ContainerSpecBuilder.Registry(line, caller),
    };

    /// <summary>The request of <c>manifest add</c>.</summary>
    /// <exception cref="ContainerEngineException">An option's value can't be understood.</exception>
    public static ManifestAddRequest Add(ParsedCommand line, CallerContext caller) => new()
    {
        Images = [.. line.Arguments.Skip(1)],
        All = line.Flag("all"),
        Change = Change(line),
        Registry = ContainerSpecBuilder.Registry(line, caller),
    };

    /// <summary>The request of <c>manifest annotate</c>.</summary>
    /// <exception cref="ContainerEngineException">An option's value can't be understood, or options contradict each other.</exception>
    public static ManifestAnnotateRequest Annotate(ParsedCommand line, CallerContext caller)
    {
        var image = line.Arguments.Count > 1 ? line.Arguments[1] : null;
        var request = new ManifestAnnotateRequest { Image = image, Subject = line.Text("subject"), Registry = ContainerSpecBuilder.Registry(line, caller) };
        var change = Change(line) with { OsFeatures = line.List("os-features") };
        if (!line.Flag("index"))
        {
            return image is null ? throw EngineErrors.InvalidArgument("expected an instance digest, image name, or artifact name", null, "name an image of the list, or --index for the list itself")
                : request with { Change = change };
        }
        if (image is not null)
            throw EngineErrors.InvalidArgument($"did not expect image or artifact name \"{image}\" when modifying the entire index", image, "leave the image or --index out");
        return !change.HasPlatform ? request with { ListAnnotations = change.Annotations }
            : throw EngineErrors.InvalidArgument("a list as a whole has no platform", line.Arguments[0], "name the image of the list that has it");
    }

    /// <summary>The request of <c>manifest push</c>, and of a <c>push</c> of a list.</summary>
    /// <exception cref="ContainerEngineException">An option's value can't be understood.</exception>
    public static ManifestPushRequest Push(ParsedCommand line, CallerContext caller)
    {
        // push has all of these options but two.
        var image = PushRequestBuilder.Build(line, caller);
        var isOfLists = line.Command.FindOption("add-compression") is not null;
        return new()
        {
            Name = image.Image,
            Destination = image.Destination is { } destination ? ImagePlaces.Resolve(destination, caller.Resolve) : null,
            All = !isOfLists || line.Flag("all"),
            Format = image.Format,
            Compression = image.Compression,
            CompressionLevel = image.CompressionLevel,
            ForceCompression = image.ForceCompression,
            AddCompression = isOfLists ? [.. line.List("add-compression").Select(text => PushRequestBuilder.Compression(text) ?? throw EngineErrors.InvalidArgument("--add-compression names no compression", text, "choose gzip or zstd"))] : [],
            RemoveSignatures = image.RemoveSignatures,
            Registry = image.Registry,
        };
    }

    private static ManifestImageChange Change(ParsedCommand line) => new()
    {
        Os = NotEmpty(line.Text("os")),
        Architecture = NotEmpty(line.Text("arch")),
        Variant = NotEmpty(line.Text("variant")),
        OsVersion = NotEmpty(line.Text("os-version")),
        Features = line.List("features"),
        Annotations = Annotations(line),
    };

    private static Dictionary<string, string> Annotations(ParsedCommand line) => KeyValueParser.Parse(line.List("annotation"), "annotation", valueNeeded: true);

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
