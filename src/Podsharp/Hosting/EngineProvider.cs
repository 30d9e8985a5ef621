using System.Collections;
using System.Runtime.CompilerServices;
using Podsharp.Engine;
using Podsharp.Model;

namespace Podsharp.Hosting;

/// <summary>The one place where cmdlets get their engine from: one engine per set of options, kept for the session.</summary>
internal static class EngineProvider
{
    /// <summary>The variable with which a session chooses another state: a hashtable whose keys are the properties of
    /// <see cref="EngineOptions"/>, for example <c>$ContainerEnginePreference = @{ Root = '/srv/store'; Runtime = 'runc' }</c>.</summary>
    public const string PreferenceVariable = "ContainerEnginePreference";

    // What the engine's configuration depends on besides its options; a script may change them between two commands.
    private static readonly string[] Variables =
    [
        "CONTAINERS_STORAGE_CONF", "STORAGE_DRIVER", "STORAGE_OPTS", "CONTAINERS_CONF", "CONTAINERS_CONF_OVERRIDE",
        "CONTAINERS_REGISTRIES_CONF", "REGISTRIES_CONFIG_PATH", "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME", "HOME", "TMPDIR", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy",
    ];

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, IContainerEngine> Engines = [];
    private static EngineOptions lastOptions = new();

    /// <summary>The engine for these options; made on first use. Takes milliseconds then, so call it off the pipeline thread.</summary>
    public static IContainerEngine Get(EngineOptions options)
    {
        var key = Key(options);
        lock (Gate)
        {
            lastOptions = options;
            if (!Engines.TryGetValue(key, out var engine))
                Engines.Add(key, engine = Create(options));
            return engine;
        }
    }

    /// <summary>The engine that the session used last: what completers ask.</summary>
    public static IContainerEngine GetLast() => Get(lastOptions);

    /// <summary>Closes all engines.</summary>
    public static void CloseAll()
    {
        IContainerEngine[] engines;
        lock (Gate)
        {
            engines = [.. Engines.Values];
            Engines.Clear();
        }
        Task.WhenAll(engines.Select(engine => Task.Run(async () => await engine.DisposeAsync()))).Wait(TimeSpan.FromSeconds(5));
    }

    /// <summary>Reads the preference variable's value.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for an unknown key or a value of another type.</exception>
    public static EngineOptions ReadPreference(object? value)
    {
        if (value is not IDictionary preference)
            return value as EngineOptions ?? new EngineOptions();
        string? Text(string name) => preference[name]?.ToString();
        IReadOnlyList<string> List(string name) => preference[name] switch
        {
            null => [],
            string one => [one],
            IEnumerable many => [.. many.Cast<object?>().Select(item => item?.ToString() ?? "")],
            var other => [other.ToString() ?? ""],
        };
        var known = typeof(EngineOptions).GetProperties().Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var key in preference.Keys)
            if (!known.Contains(key.ToString() ?? ""))
                throw EngineErrors.InvalidArgument($"${PreferenceVariable} has no setting \"{key}\"", key.ToString(),
                    "use one of " + string.Join(", ", known.Order()));
        return new EngineOptions
        {
            Root = Text(nameof(EngineOptions.Root)),
            RunRoot = Text(nameof(EngineOptions.RunRoot)),
            StateDirectory = Text(nameof(EngineOptions.StateDirectory)),
            TmpDirectory = Text(nameof(EngineOptions.TmpDirectory)),
            VolumePath = Text(nameof(EngineOptions.VolumePath)),
            NetworkConfigDirectory = Text(nameof(EngineOptions.NetworkConfigDirectory)),
            NetworkCommandPath = Text(nameof(EngineOptions.NetworkCommandPath)),
            StorageDriver = Text(nameof(EngineOptions.StorageDriver)),
            StorageOptions = List(nameof(EngineOptions.StorageOptions)),
            Runtime = Text(nameof(EngineOptions.Runtime)),
            RuntimeFlags = List(nameof(EngineOptions.RuntimeFlags)),
            CdiDirectories = List(nameof(EngineOptions.CdiDirectories)),
            HookDirectories = List(nameof(EngineOptions.HookDirectories)),
            Conmon = Text(nameof(EngineOptions.Conmon)),
            CgroupManager = Text(nameof(EngineOptions.CgroupManager)),
            EventsBackend = Text(nameof(EngineOptions.EventsBackend)),
            ExecutablePath = Text(nameof(EngineOptions.ExecutablePath)),
        };
    }

    private static IContainerEngine Create(EngineOptions options)
    {
        var module = Path.GetDirectoryName(typeof(EngineProvider).Assembly.Location)!;
        // The executable that conmon's exit command names comes with the module.
        if (options.ExecutablePath is null && Path.Combine(module, "bin", "podsharp") is var bundled && File.Exists(bundled))
            options = options with { ExecutablePath = bundled };
        return CreateLocal(options);
    }

    /// <summary>This host's files, for copying to and from containers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHostFiles CreateHostFiles() => EngineFactory.CreateHostFiles();

    // With the one above the only use of Podsharp.Engine in this assembly, in a method of its own: compiling it loads the engine.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IContainerEngine CreateLocal(EngineOptions options) => EngineFactory.CreateLocal(options);

    private static string Key(EngineOptions options)
    {
        var parts = Variables.Select(Environment.GetEnvironmentVariable)
            .Concat(
            [
                options.Root, options.RunRoot, options.StateDirectory, options.TmpDirectory, options.VolumePath,
                options.NetworkConfigDirectory, options.NetworkCommandPath, options.StorageDriver, string.Join('\u0001', options.StorageOptions), options.Runtime,
                string.Join('\u0001', options.RuntimeFlags), string.Join('\u0001', options.CdiDirectories),
                string.Join('\u0001', options.HookDirectories), options.Conmon, options.CgroupManager, options.EventsBackend,
                options.ExecutablePath,
            ]);
        return string.Join('\0', parts);
    }
}
