using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Small rules that several parts of the spec share.</summary>
internal static class SpecRules
{
    /// <summary>Whether the container has a namespace of its own in this mode.</summary>
    internal static bool OwnsNamespace(NamespaceMode mode) => mode.Kind is not (NamespaceKind.Host or NamespaceKind.Container or NamespaceKind.Path);

    /// <summary>The entry point and the command in force.</summary>
    /// <remarks>An entry point of one's own leaves the image's command behind: it was written for the image's.</remarks>
    internal static (IReadOnlyList<string> EntryPoint, IReadOnlyList<string> Command) Command(ContainerSpec spec, ImageConfig image) => (
        spec.EntryPoint is null ? image.EntryPoint : [.. spec.EntryPoint.Where(word => word.Length > 0 || spec.EntryPoint.Count > 1)],
        spec.Command.Count > 0 || spec.EntryPoint is not null ? spec.Command : image.Command);

    /// <summary>Reads an octal umask.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static uint ParseUmask(string text)
    {
        if (text.Length is > 0 and <= 5 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToUInt32(text, 8) is <= 0x1ff and var mask)
            return mask;
        throw EngineErrors.InvalidArgument($"invalid umask \"{text}\"", text, "use an octal number such as 0022");
    }
}
