using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>The files of registries.conf that count for a user, chosen as containers/image chooses them.</summary>
/// <param name="Main">The main file; it may not exist.</param>
/// <param name="DropIns">The files that are laid over it, in order.</param>
internal sealed record RegistriesConfFiles(string Main, IReadOnlyList<string> DropIns)
{
    /// <summary>Finds the files. A variable's file stands in for the main file only; a file of the user's own stands in for the host's files and its drop-ins.</summary>
    /// <exception cref="ContainerEngineException">A file that a variable names does not exist (<c>ConfigurationInvalid</c>).</exception>
    internal static RegistriesConfFiles Find(ConfigurationEnvironment environment)
    {
        // Always ~/.config: containers/image takes no notice of XDG_CONFIG_HOME here, and both engines must see the same registries.
        var own = Path.Combine(environment.HomeDirectory, ".config/containers/registries.conf");
        var ownDropIns = ConfigurationEnvironment.DropIns(own + ".d");
        if (Named(environment) is { } named)
        {
            return new(named, [.. HostDropIns(environment), .. ownDropIns]);
        }
        if (File.Exists(own))
        {
            return new(own, ownDropIns);
        }
        var host = environment.SystemPath("/etc/containers/registries.conf");
        var shipped = environment.SystemPath("/usr/share/containers/registries.conf");
        return new(!File.Exists(host) && File.Exists(shipped) ? shipped : host, [.. HostDropIns(environment), .. ownDropIns]);
    }

    private static IEnumerable<string> HostDropIns(ConfigurationEnvironment environment) =>
        new[] { "/usr/share/containers/registries.conf.d", "/etc/containers/registries.conf.d" }.SelectMany(directory => ConfigurationEnvironment.DropIns(environment.SystemPath(directory)));

    // The second name is the older one; podman looks at it only where the first isn't set at all.
    private static string? Named(ConfigurationEnvironment environment)
    {
        var variable = environment.Variables.ContainsKey("CONTAINERS_REGISTRIES_CONF") ? "CONTAINERS_REGISTRIES_CONF" : "REGISTRIES_CONFIG_PATH";
        return environment.Variable(variable) is not { } path ? null
            : File.Exists(path) ? path
            : throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"{variable} names the file {path}, which does not exist", path, "correct the variable, or unset it");
    }
}
