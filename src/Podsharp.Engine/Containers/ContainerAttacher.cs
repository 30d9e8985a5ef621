using Podsharp.Engine.Containers.Logs;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Connects to containers' streams.</summary>
internal sealed class ContainerAttacher(EngineParts parts)
{
    /// <summary>Connects. A container that doesn't run is initialised first: what it writes at its start is then not missed.</summary>
    public ContainerStream Attach(string nameOrId, AttachOptions options, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Starter.AcquireWithPod(nameOrId, cancellationToken);
        using (held)
        {
            if (LogSettings.PassesStreams(record.Config.LogDriver))
                throw EngineErrors.Unsupported($"this container is using the '{record.Config.LogDriver}' log driver, cannot attach: this container is not logging output", record.Id,
                    "its streams are those of the process that started it");
            if (record.State is ContainerState.Created or ContainerState.Exited)
                record = parts.Starter.Initialize(record, cancellationToken);
            if (!record.HasRun || record.State == ContainerState.Stopped)
                throw EngineErrors.InvalidState(record.Id, $"can't attach to container {record.Name}: it is {record.State.ToString().ToLowerInvariant()}");
            var stream = AttachConnection.Open(parts.Storage.RunDirectory(record.Id), options with { Input = options.Input && TakesInput(record.Config.Spec) });
            parts.Containers.Log(record, "attach", null);
            return stream;
        }
    }

    /// <summary>Tells the terminal its size.</summary>
    public void Resize(string nameOrId, TerminalSize size) =>
        ControlPipe.Resize(parts.Storage.RunDirectory(parts.Containers.Resolve(nameOrId)), size);

    private static bool TakesInput(ContainerSpec spec) => spec.Input || spec.Terminal;
}
