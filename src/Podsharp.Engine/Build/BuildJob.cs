using System.Threading.Channels;
using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>One build: what its stages share.</summary>
internal sealed class BuildJob : IDisposable
{
    private readonly Dictionary<string, MountedDirectory> views = new(StringComparer.Ordinal);
    private readonly List<string> made = [];
    private readonly Lock gate = new();

    internal BuildJob(EngineParts parts, BuildSession session, ImageBuildRequest request, ChannelWriter<ImageBuildProgress> output)
    {
        Parts = parts;
        Request = request;
        Output = output;
        Session = session;
        Cache = new BuildCache(parts.Storage, request.CacheAge);
        Shared = new SharedCache(parts, request, progress => output.TryWrite(progress));
        Times = request.Timestamp is { } time ? new(time.ToUnixTimeSeconds(), null)
            : new(null, request is { RewriteTimestamp: true, SourceDate: { } date } ? date.ToUnixTimeSeconds() : null);
    }

    /// <summary>The engine.</summary>
    internal EngineParts Parts { get; }

    /// <summary>What is asked for.</summary>
    internal ImageBuildRequest Request { get; }

    /// <summary>Where progress goes.</summary>
    internal ChannelWriter<ImageBuildProgress> Output { get; }

    /// <summary>Its lock and directories.</summary>
    internal BuildSession Session { get; }

    /// <summary>The build's id.</summary>
    internal string Id => Session.Id;

    /// <summary>Results of earlier builds.</summary>
    internal BuildCache Cache { get; }

    /// <summary>Results of steps in repositories.</summary>
    internal SharedCache Shared { get; }

    /// <summary>What RUN's commands read; null for nothing.</summary>
    internal Stream? Input { get; init; }

    /// <summary>What becomes of times in layers.</summary>
    internal Storage.Tar.LayerTimes Times { get; }

    /// <summary>The context.</summary>
    internal required BuildContext Context { get; init; }

    /// <summary>The Containerfile.</summary>
    internal required Containerfile File { get; init; }

    /// <summary>The stages that are built.</summary>
    internal required StagePlan Plan { get; init; }

    /// <summary>When the image and what its history tells was made.</summary>
    internal DateTimeOffset Now => Request.Timestamp ?? Request.SourceDate ?? DateTimeOffset.UtcNow;

    /// <summary>The files of a layer and those below it.</summary>
    internal FileTree View(string? topLayer)
    {
        if (topLayer is null)
            return FileTree.Empty;
        lock (gate)
        {
            if (!views.TryGetValue(topLayer, out var view))
                views[topLayer] = view = Parts.Storage.OpenLayerPrivately(topLayer);
            return new(view.Handle);
        }
    }

    /// <summary>Notes an image that was made for a step, where it is not to stay.</summary>
    internal void Note(StoredImage image)
    {
        if (Request.Layers)
            return;
        lock (gate)
            made.Add(image.Id);
    }

    /// <summary>Warns of something.</summary>
    internal void Warn(string text) => Output.TryWrite(new() { Stage = ImageBuildStage.Warning, Text = text });

    // Somebody may have given it a name, or made a container of it, by now.
    private void Remove(string image)
    {
        try
        {
            Parts.Storage.RemoveImage(image);
        }
        catch (ContainerEngineException)
        {
            Warn($"the image {image[..12]} of a step is in use, and stays");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in views.Values)
            view.Dispose();
        Context.Dispose();
        foreach (var image in Enumerable.Reverse(made))
            Remove(image);
    }
}
