using System.Diagnostics;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>What the set-up of a container's run does otherwise when its processes come from a checkpoint.</summary>
internal sealed class RestoreRun(CheckpointFiles files, ContainerRestoreRequest request)
{
    private long started;

    /// <summary>CRIU's images.</summary>
    internal string Images => files.Images;

    /// <summary>How long conmon and the OCI runtime took.</summary>
    internal TimeSpan Duration { get; private set; }

    /// <summary>Options for the runtime's command <c>restore</c>.</summary>
    internal IReadOnlyList<string> RuntimeOptions
    {
        get
        {
            var options = new List<string>();
            if (request.TcpEstablished)
                options.Add("--tcp-established");
            if (request.TcpClose)
                options.Add("--tcp-close");
            if (request.FileLocks)
                options.Add("--file-locks");
            return options;
        }
    }

    /// <summary>The configuration with the addresses that the container had, where it is to have them again.</summary>
    internal ContainerConfig WithAddresses(ContainerConfig config) =>
        FormerAddresses.Wanted(config, files.NetworkStatus, addresses: !request.IgnoreStaticIp, hardware: !request.IgnoreStaticMac);

    /// <summary>Fills the container's /dev/shm.</summary>
    internal void LoadSharedMemory(string? directory, CancellationToken cancellationToken)
    {
        if (directory is not null)
            SharedMemoryArchive.Load(files.SharedMemory, directory, cancellationToken);
    }

    /// <summary>From here on the time counts.</summary>
    internal void Begin() => started = Stopwatch.GetTimestamp();

    /// <summary>Until here.</summary>
    internal void End() => Duration = Stopwatch.GetElapsedTime(started);
}
