using Podsharp.Engine.Configuration;

namespace Podsharp.Engine.State;

/// <summary>Finds the podsharp executable: this process itself, or the one that the module brings.</summary>
internal static class ExecutableFinder
{
    /// <summary>Its path; null when it can't be found.</summary>
    public static string? Find(ConfigurationEnvironment environment)
    {
        if (environment.Variable("PODSHARP_EXECUTABLE") is { } named)
            return named;
        if (Environment.ProcessPath is { } process && Path.GetFileName(process) == "podsharp")
            return process;
        var directory = AppContext.BaseDirectory;
        string[] places = [Path.Combine(directory, "podsharp"), Path.Combine(directory, "..", "bin", "podsharp"), "/usr/bin/podsharp", "/usr/local/bin/podsharp"];
        return places.Select(Path.GetFullPath).FirstOrDefault(File.Exists);
    }
}
