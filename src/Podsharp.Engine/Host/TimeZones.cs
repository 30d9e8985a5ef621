using Podsharp.Model;

namespace Podsharp.Engine.Host;

/// <summary>The host's time zones (tzfile(5)).</summary>
internal static class TimeZones
{
    private const string Local = "local";
    private static readonly string[] Directories = ["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo"];

    /// <summary>The file that describes a zone; null where none is wanted, or the host has none of its own.</summary>
    /// <param name="name">A name such as <c>Europe/Paris</c>, <c>local</c> for the host's own zone, or null.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for a zone that the host doesn't know.</exception>
    internal static string? Find(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        if (name == Local)
            return File.Exists("/etc/localtime") ? "/etc/localtime" : null;
        // A name is a path below the database, and never leaves it.
        var safe = name[0] is not ('/' or '\\') && !name.Split('/', '\\').Any(part => part is ".." or "." or "");
        return (safe ? Directories.Select(directory => $"{directory}/{name}").FirstOrDefault(File.Exists) : null)
            ?? throw EngineErrors.InvalidArgument($"unknown time zone \"{name}\"", name, "give a name such as Europe/Paris, or local; the package tzdata has them");
    }
}
