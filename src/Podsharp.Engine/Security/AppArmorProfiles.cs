using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>AppArmor's profiles for containers: which one a container gets, and whether the kernel has it.</summary>
/// <param name="host">The host.</param>
/// <param name="findParser">Finds the program that loads profiles; null where it is not installed.</param>
internal sealed class AppArmorProfiles(HostFacts host, Func<string?> findParser)
{
    /// <summary>The word for a container without a profile.</summary>
    internal const string Unconfined = "unconfined";

    private const string LoadedProfiles = "/sys/kernel/security/apparmor/profiles";

    // Seconds at most, on a slow host too.
    private static readonly TimeSpan LoadPatience = TimeSpan.FromMinutes(2);

    private readonly Lazy<string?> parser = new(findParser);

    /// <summary>Whether containers are confined here: the kernel does it, for root alone, and profiles can be loaded.</summary>
    internal bool IsEnabled => host is { AppArmor: true, IsRootless: false } && parser.Value is not null;

    /// <summary>Decides which profile a container has.</summary>
    /// <param name="asked">What was asked for; null or empty for nothing.</param>
    /// <param name="configured">containers.conf's; null for the engine's own, empty for none.</param>
    /// <param name="privileged">A privileged container has none unless it asks.</param>
    /// <returns>Its name, <see cref="Unconfined"/>, or empty for none.</returns>
    /// <exception cref="ContainerEngineException">It can't be had: Unsupported, or NotFound where it isn't loaded.</exception>
    internal string Choose(string? asked, string? configured, bool privileged)
    {
        if (!IsEnabled)
        {
            return asked is null or "" or Unconfined ? "" : throw EngineErrors.Unsupported($"apparmor profile \"{asked}\" specified, but Apparmor is not enabled on this system",
                asked, host.IsRootless ? "run as root, or leave it out" : "leave it out");
        }
        if (privileged && string.IsNullOrEmpty(asked))
            return "";
        var profile = string.IsNullOrEmpty(asked) ? configured ?? DefaultAppArmorProfile.Name : asked;
        if (profile is not ("" or Unconfined or DefaultAppArmorProfile.Name) && !IsLoaded(profile))
            throw NotLoaded(profile);
        return profile;
    }

    /// <summary>Sees to it that the kernel has a container's profile: the engine's own is loaded where it isn't yet, as after each boot.</summary>
    /// <returns>What the runtime is told; null for nothing.</returns>
    /// <exception cref="ContainerEngineException">Unsupported, NotFound, or the profile can't be loaded (MissingComponent).</exception>
    internal string? Prepare(ContainerConfig config)
    {
        var asked = SecurityOptions.Value(config.Spec.SecurityOptions, "apparmor");
        // A container of an earlier version has what it asked for.
        var profile = config.AppArmorProfile ?? asked;
        if (profile is null or "" or Unconfined)
            return null;
        if (!IsEnabled)
        {
            // Whoever boots without AppArmor wants no default of it either; what was asked for by name is missed.
            return asked != profile ? null
                : throw EngineErrors.Unsupported($"apparmor profile \"{profile}\" specified, but Apparmor is not enabled on this system", profile, "boot with AppArmor, or make the container anew without it");
        }
        if (IsLoaded(profile))
            return profile;
        if (profile != DefaultAppArmorProfile.Name)
            throw NotLoaded(profile);
        Load(DefaultAppArmorProfile.Text());
        return profile;
    }

    // One line for each: NAME (MODE).
    private static bool IsLoaded(string profile) =>
        (HostFiles.ReadText(LoadedProfiles) ?? "").Split('\n').Any(line => line.StartsWith(profile + " (", StringComparison.Ordinal));

    private static ContainerEngineException NotLoaded(string profile) => new(ErrorKind.NotFound, "AppArmorProfileNotLoaded",
        $"AppArmor profile \"{profile}\" specified but not loaded", profile, "load it with apparmor_parser, or correct the name");

    private void Load(string text)
    {
        var outcome = Programs.Run(new SpawnRequest
        {
            Path = parser.Value!,
            // No cache, since the text has no file; and one that another process loads at the same time is replaced by the same.
            Arguments = ["apparmor_parser", "--skip-cache", "--replace", "--quiet"],
        }, LoadPatience, input: text);
        if (outcome.ExitCode is not (null or 0))
        {
            throw new ContainerEngineException(ErrorKind.MissingComponent, "AppArmorProfileNotLoadable",
                $"the AppArmor profile {DefaultAppArmorProfile.Name} can't be loaded: {outcome.Error.Trim().ReplaceLineEndings(" ")}", DefaultAppArmorProfile.Name,
                "see to it that apparmor_parser works, or run the container with --security-opt apparmor=unconfined");
        }
    }
}
