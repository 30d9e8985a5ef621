using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>What a RUN has mounted, and holds as long as its command runs.</summary>
internal sealed class MountedFiles : IDisposable
{
    private readonly List<IDisposable> held = [];

    /// <summary>What the result depends on.</summary>
    internal List<string> Keys { get; } = [];

    /// <summary>The mounts.</summary>
    internal List<ContainerMount> Mounts { get; } = [];

    /// <summary>Secrets that are variables.</summary>
    internal List<SecretUse> Secrets { get; } = [];

    /// <summary>Variables, each as NAME=VALUE.</summary>
    internal List<string> Environment { get; } = [];

    /// <summary>Where something is mounted, from the root.</summary>
    internal List<string> Targets { get; } = [];

    /// <summary>What makes the mounts' sources, once it is known that the command has to run.</summary>
    internal List<Func<CancellationToken, Task>> Pending { get; } = [];

    /// <summary>Makes the sources.</summary>
    internal async Task MountAsync(CancellationToken cancellationToken)
    {
        foreach (var make in Pending)
            await make(cancellationToken);
    }

    /// <summary>Keeps something until the command has ended.</summary>
    internal void Hold(IDisposable item) => held.Add(item);

    /// <inheritdoc/>
    public void Dispose() => held.ForEach(item => item.Dispose());
}
