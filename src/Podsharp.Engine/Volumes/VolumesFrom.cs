using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>The mounts that a container takes over from others (<c>--volumes-from</c>): binds and volumes, as podman does it.</summary>
internal static class VolumesFrom
{
    /// <summary>Finds them; where two have the same place the later container's counts.</summary>
    /// <param name="sources"><c>NAME[:OPTIONS]</c>; options take the place of each mount's own.</param>
    /// <param name="mountsOf">The mounts of a container, by its name or id.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument, or NotFound for the container.</exception>
    internal static IReadOnlyList<ContainerMount> Find(IReadOnlyList<string> sources, Func<string, IReadOnlyList<ContainerMount>> mountsOf)
    {
        var found = new List<ContainerMount>();
        foreach (var source in sources)
        {
            var colon = source.IndexOf(':', StringComparison.Ordinal);
            var options = colon < 0 ? null : Options(source[(colon + 1)..]);
            foreach (var mount in mountsOf(colon < 0 ? source : source[..colon]).Where(mount => mount.Type != MountType.Tmpfs))
            {
                found.RemoveAll(other => other.Target == mount.Target);
                found.Add(options is null ? mount : mount with { Options = options });
            }
        }
        return found;
    }

    private static string[] Options(string text)
    {
        var options = text.Split(',');
        foreach (var option in options)
        {
            if (option is not ("z" or "ro" or "rw"))
            {
                throw EngineErrors.InvalidArgument($"invalid option \"{option}\" specified - volumes from another container can only use z,ro,rw options", option,
                    "leave it out");
            }
        }
        if (options.Count(option => option == "z") > 1)
            throw EngineErrors.InvalidArgument("cannot set :z more than once in mount options", text, "give it once");
        return options.Count(option => option is "ro" or "rw") <= 1 ? options
            : throw EngineErrors.InvalidArgument("cannot set ro or rw options more than once", text, "give one of them");
    }
}
