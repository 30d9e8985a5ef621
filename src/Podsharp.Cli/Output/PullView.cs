using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Output;

/// <summary>Pulls an image and shows how far it is, on standard error.</summary>
internal static class PullView
{
    /// <summary>Makes sure that a container's image is there, as its pull policy says.</summary>
    internal static async Task EnsureAsync(CommandContext context, ContainerSpec spec, bool quiet)
    {
        if (spec.PullPolicy == PullPolicy.Never)
            return;
        if (spec.PullPolicy == PullPolicy.Missing && spec.Platform is null && await context.Engine.ImageExistsAsync(spec.Image, context.Cancelled))
            return;
        await PullAsync(context, new()
        {
            Reference = spec.Image,
            Policy = spec.PullPolicy,
            Platform = spec.Platform,
            Registry = spec.Registry,
        }, quiet);
    }

    /// <summary>Pulls.</summary>
    internal static async Task<ContainerImage> PullAsync(CommandContext context, ImagePullRequest request, bool quiet)
    {
        ContainerImage? image = null;
        using var view = new Progress(context, quiet);
        await foreach (var step in context.Engine.PullImageAsync(request, context.Cancelled))
        {
            view.Show(step);
            image = step.Image ?? image;
        }
        return image ?? throw new ContainerEngineException(ErrorKind.Internal, "PullIncomplete", $"the pull of {request.Reference} ended without an image", request.Reference);
    }

    /// <summary>Loads images from an archive.</summary>
    /// <returns>The names they were given, or digests.</returns>
    internal static async Task<IReadOnlyList<string>> LoadAsync(CommandContext context, Stream archive, ImageLoadRequest request, bool quiet)
    {
        var names = new List<string>();
        using var view = new Progress(context, quiet);
        await foreach (var step in context.Engine.LoadImagesAsync(archive, request, context.Cancelled))
        {
            view.Show(step);
            if (step.Image is not null)
                names.Add(step.Reference);
        }
        return names;
    }

    /// <summary>On a terminal a line per layer that is drawn over; else a line when a layer begins.</summary>
    private sealed class Progress(CommandContext context, bool quiet) : IDisposable
    {
        private const int RedrawMilliseconds = 100;

        private readonly bool live = !quiet && Engine.Native.Terminal.IsTerminal(2);
        private readonly List<string> order = [];
        private readonly Dictionary<string, string> lines = new(StringComparer.Ordinal);
        private int drawn;
        private long last;

        internal void Show(ImagePullProgress step)
        {
            if (quiet)
                return;
            switch (step.Stage)
            {
                case ImagePullStage.Resolving:
                    Line(step.Message ?? $"Trying to pull {step.Reference}...");
                    break;
                case ImagePullStage.Retrying:
                    Line(step.Message ?? "Trying again");
                    break;
                case ImagePullStage.LayerExists:
                    Layer(step, "skipped: already exists", always: true);
                    break;
                case ImagePullStage.Downloading:
                    Layer(step, Amount(step), always: false);
                    break;
                case ImagePullStage.LayerDone:
                    Layer(step, "done", always: live);
                    break;
                default:
                    Draw();
                    break;
            }
        }

        public void Dispose()
        {
            if (live && drawn > 0)
                Draw();
        }

        private static string Amount(ImagePullProgress step) => step.Total > 0
            ? $"{Human.Size(step.Current, 3)} / {Human.Size(step.Total, 3)}" : Human.Size(step.Current, 3);

        private void Layer(ImagePullProgress step, string state, bool always)
        {
            var digest = step.BlobDigest ?? "";
            var name = digest[(digest.IndexOf(':') + 1)..];
            name = name.Length > 12 ? name[..12] : name;
            var isNew = !lines.ContainsKey(name);
            if (isNew)
                order.Add(name);
            lines[name] = $"Copying layer {name} {state}";
            if (live)
            {
                var now = Environment.TickCount64;
                if (isNew || always || now - last >= RedrawMilliseconds)
                {
                    last = now;
                    Draw();
                }
            }
            else if (isNew)
                Line(state.StartsWith("skipped", StringComparison.Ordinal) ? lines[name] : $"Copying layer {name}");
        }

        private void Line(string text)
        {
            Erase();
            context.Error.WriteLine(text);
            context.Error.Flush();
            if (live && order.Count > 0)
                Draw();
        }

        private void Draw()
        {
            if (!live)
                return;
            Erase();
            foreach (var name in order)
                context.Error.WriteLine(lines[name]);
            drawn = order.Count;
            context.Error.Flush();
        }

        private void Erase()
        {
            if (drawn > 0)
                context.Error.Write($"\u001b[{drawn}A\u001b[J");
            drawn = 0;
        }
    }
}
