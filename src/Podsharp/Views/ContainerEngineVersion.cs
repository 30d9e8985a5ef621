using Podsharp.Model;

namespace Podsharp.Views;

/// <summary>Versions of the engine and of what it uses.</summary>
/// <param name="Version">Podsharp's.</param>
/// <param name="Framework">.NET's.</param>
/// <param name="Platform">Operating system and processor.</param>
/// <param name="Kernel">Kernel release.</param>
/// <param name="Runtime">The OCI runtime.</param>
/// <param name="Conmon">conmon.</param>
/// <param name="Netavark">netavark.</param>
/// <param name="AardvarkDns">aardvark-dns.</param>
/// <param name="Init">catatonit.</param>
public sealed record ContainerEngineVersion(string Version, string Framework, string Platform, string Kernel, ComponentInfo? Runtime,
    ComponentInfo? Conmon, ComponentInfo? Netavark, ComponentInfo? AardvarkDns, ComponentInfo? Init)
{
    /// <inheritdoc/>
    public override string ToString() => Version;
}
