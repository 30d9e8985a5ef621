using Podsharp.Engine.Configuration;

namespace Podsharp.Cli;

/// <summary>What containers.conf says to a command line, as opposed to the engine.</summary>
internal static class ClientSettings
{
    /// <summary>The keys that detach.</summary>
    internal static string DetachKeys()
    {
        var root = Environment.IsPrivilegedProcess;
        // The user's number itself doesn't matter for where containers.conf is looked for.
        return ContainersConf.Load(ConfigurationEnvironment.OfThisProcess(root ? 0u : 1u, isRootless: !root)).Engine.DetachKeys;
    }
}
