using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Secrets;

/// <summary>Finds the driver of a secret.</summary>
internal static class SecretDrivers
{
    /// <summary>The driver, with options that are enough for it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static ISecretDriver Create(string driver, IReadOnlyDictionary<string, string> options, ConfigurationEnvironment environment) => driver switch
    {
        "file" => new FileSecretDriver(Needed(driver, options, "path")),
        "pass" => new PassSecretDriver(options, environment),
        "shell" => new ShellSecretDriver(Needed(driver, options, "store"), Needed(driver, options, "lookup"), Needed(driver, options, "delete"), environment),
        _ => throw EngineErrors.InvalidArgument("invalid driver", driver, "use file, pass or shell"),
    };

    /// <summary>Refuses options that no driver of that name has, before a secret is made with them.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(string driver, IReadOnlyDictionary<string, string> options)
    {
        string[] known = driver switch
        {
            "file" => ["path"],
            "pass" => ["root", "key", "gpghomedir"],
            "shell" => ["list", "lookup", "store", "delete"],
            _ => [.. options.Keys],
        };
        foreach (var option in options.Keys)
        {
            if (!known.Contains(option))
                throw EngineErrors.InvalidArgument($"the secret driver {driver} has no option \"{option}\"", option, "use " + string.Join(", ", known));
        }
        // podman wants all four, and would refuse to use a secret that has fewer.
        if (driver == "shell")
            foreach (var option in known)
                Needed(driver, options, option);
    }

    private static string Needed(string driver, IReadOnlyDictionary<string, string> options, string name) => options.TryGetValue(name, out var value) && value.Length > 0 ? value
        : throw EngineErrors.InvalidArgument($"missing config value: the secret driver {driver} needs the option {name}", name, $"give --driver-opts {name}=...");
}
