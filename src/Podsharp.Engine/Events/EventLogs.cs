using Podsharp.Engine.Configuration;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>Chooses where events are kept.</summary>
internal static class EventLogs
{
    private const string File = "file";
    private const string Journald = "journald";
    private const string None = "none";

    /// <summary>Whether a backend that was asked for can serve here.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    internal static void Check(string? backend)
    {
        if (backend is not (null or "" or File or Journald or None))
            throw EngineErrors.Unsupported($"the events backend \"{backend}\" is not supported", backend, "use file, journald or none");
        if (backend == Journald && !Journal.IsUsable)
            throw EngineErrors.Unsupported("the events backend journald can't be used: this host has no journal of systemd's, or no libsystemd", backend, "use file");
    }

    /// <summary>The backend: what was asked for, else what is configured. A configuration is made for many hosts, those without a journal, too.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: no such backend.</exception>
    internal static string Choose(string? asked, EngineDefaults defaults)
    {
        if (!string.IsNullOrEmpty(asked))
            return asked;
        switch (defaults.EventsLogger?.ToLowerInvariant())
        {
            case null or "":
                return File;
            case Journald:
                return Journal.IsUsable ? Journald : File;
            case var configured:
                Check(configured);
                return configured;
        }
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: the configured path is relative.</exception>
    internal static IEventLog Open(string backend, EngineDefaults defaults, EnginePaths paths, HostFacts host)
    {
        if (backend != File)
            return backend == Journald ? new EventJournal(host.OutsideUserId) : new NoEvents();
        var path = defaults.EventsLogFile is { Length: > 0 } configured ? configured : paths.EventLog;
        if (!Path.IsPathFullyQualified(path))
            throw EngineErrors.InvalidArgument($"events_logfile_path \"{path}\" in containers.conf is no absolute path", path, "write it from / on");
        return new EventFile(path, ByteSize.Parse(defaults.EventsLogFileMaximumSize));
    }
}
