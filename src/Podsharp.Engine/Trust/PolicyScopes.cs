using Podsharp.Engine.Images;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Trust;

/// <summary>The scopes of a policy that an image is in, the narrowest first. The first that the policy has counts alone.</summary>
internal static class PolicyScopes
{
    /// <summary>Of an image at a registry: its name, its repository and that one's parents, its host, and domains with a star.</summary>
    internal static IEnumerable<string> OfRegistry(ImageReference reference)
    {
        yield return reference.StoredName;
        var name = reference.Repository;
        for (var slash = name.Length; slash > 0; slash = name.LastIndexOf('/', slash - 1))
            yield return name[..slash];
        var host = reference.Domain.Split(':')[0];
        for (var dot = host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.', dot + 1))
            yield return "*" + host[dot..];
    }

    /// <summary>Of a directory or an archive: its path, with links resolved, and its parents but for the root.</summary>
    internal static IEnumerable<string> OfPath(string path)
    {
        for (var at = RealPath(path); at.Length > 1; at = at[..at.LastIndexOf('/')])
            yield return at;
    }

    // What the kernel calls it: a link is no way around a scope.
    private static string RealPath(string path)
    {
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.Path, 0, out var file) != Errno.None)
            return Path.GetFullPath(path);
        using (file)
            return File.ResolveLinkTarget($"/proc/self/fd/{(int)file!.DangerousGetHandle()}", returnFinalTarget: false)?.FullName ?? path;
    }
}
