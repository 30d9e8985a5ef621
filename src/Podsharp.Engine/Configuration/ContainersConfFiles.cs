using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>The files of containers.conf, in the order in which they apply.</summary>
internal static class ContainersConfFiles
{
    /// <summary>Finds the files. <c>CONTAINERS_CONF</c> replaces all others, <c>CONTAINERS_CONF_OVERRIDE</c> comes last.</summary>
    /// <exception cref="ContainerEngineException">A file that one of these variables names does not exist.</exception>
    internal static IReadOnlyList<string> Find(ConfigurationEnvironment environment)
    {
        var files = new List<string>();
        if (environment.Variable("CONTAINERS_CONF") is { } only)
        {
            files.Add(Existing(only, "CONTAINERS_CONF"));
        }
        else
        {
            // The order, and that this one has no drop-ins, are podman 5.8's.
            Add(files, environment.SystemPath("/usr/share/containers/containers.conf"));
            AddWithDropIns(files, environment.SystemPath("/etc/containers/containers.conf"));
            AddWithDropIns(files, Path.Combine(environment.ConfigHome, "containers/containers.conf"));
        }
        if (environment.Variable("CONTAINERS_CONF_OVERRIDE") is { } last)
        {
            files.Add(Existing(last, "CONTAINERS_CONF_OVERRIDE"));
        }
        return files;
    }

    private static void Add(List<string> files, string path)
    {
        if (File.Exists(path))
        {
            files.Add(path);
        }
    }

    private static void AddWithDropIns(List<string> files, string path)
    {
        Add(files, path);
        files.AddRange(ConfigurationEnvironment.DropIns(path + ".d"));
    }

    private static string Existing(string path, string variable) => File.Exists(path) ? path
        : throw new ContainerEngineException(ErrorKind.NotFound, "ConfigurationNotFound",
            $"the file {path}, named by the environment variable {variable}, does not exist", path, "create it, or clear the variable");
}
