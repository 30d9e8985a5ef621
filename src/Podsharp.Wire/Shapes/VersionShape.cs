using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>The program's version as <c>podman version</c> shows its own.</summary>
public static class VersionShape
{
    /// <summary>Makes the shape.</summary>
    /// <param name="version">Version.</param>
    /// <param name="framework">.NET's version.</param>
    /// <param name="publish">How the program was published.</param>
    /// <param name="commit">The commit; empty if it isn't known.</param>
    /// <param name="platform">OS/ARCH.</param>
    public static WireStruct Create(string version, string framework, string publish, string commit, string platform) => new WireStruct("*define.Version")
        .Add("APIVersion", version)
        .Add("Version", version)
        .Add("Framework", framework)
        .Add("Publish", publish)
        .Add("GitCommit", commit)
        .Add("OsArch", platform)
        .Add("Os", platform.Split('/')[0]);
}
