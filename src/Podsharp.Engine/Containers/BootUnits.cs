using System.Security.Cryptography;
using System.Text;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The systemd unit that starts containers after a reboot: root's is the system's, another user's belongs to that user's systemd and needs
/// lingering.</summary>
internal sealed class BootUnits(EngineParts parts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private bool IsUsers => parts.Host.IsRootless;
    private string Target => IsUsers ? "default.target" : "multi-user.target";
    private string UnitDirectory => IsUsers ? Path.Combine(parts.Environment.ConfigHome, "systemd", "user") : parts.Environment.SystemPath("/etc/systemd/system");
    private string UnitPath => Path.Combine(UnitDirectory, Name);

    /// <summary>Its name: one for each state, so that another store's containers aren't forgotten.</summary>
    private string Name => field ??= parts.Options is { Root: null, StateDirectory: null } ? "podsharp-restart.service"
        : $"podsharp-restart-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts.Paths.StateDirectory)))[..8]}.service";

    /// <summary>The unit as it stands.</summary>
    public BootUnit Get()
    {
        var unit = new BootUnit { Name = Name, Path = UnitPath };
        if (Obstacle() is { } obstacle)
            return unit with { Reason = obstacle };
        if (!File.Exists(UnitPath) || Files.TryStatus(Path.Combine(UnitDirectory, Target + ".wants", Name)) is null)
            return unit with { State = BootUnitState.Disabled, Reason = $"the unit {Name} is not enabled" };
        return IsUsers && !Lingers()
            ? unit with { State = BootUnitState.Disabled, Reason = "lingering is not enabled for this user (loginctl enable-linger), so that nothing of the user's runs before a login" }
            : unit with { State = BootUnitState.Enabled };
    }

    /// <summary>What to tell about a container that a reboot is to start; null where all is well.</summary>
    public string? Warning(RestartPolicy policy, string name)
    {
        if (!policy.OutlivesReboot || Get() is not { State: not BootUnitState.Enabled } unit)
            return null;
        return $"container {name} is not started after a reboot: {unit.Reason}"
            + (unit.State == BootUnitState.Disabled ? "; 'podsharp system boot-unit --enable' or -EnableBootUnit does it" : "");
    }

    /// <summary>Enables or disables it.</summary>
    /// <exception cref="ContainerEngineException">Unsupported with the reason, PermissionDenied, or what systemctl says.</exception>
    public BootUnit Set(bool enabled, CancellationToken cancellationToken)
    {
        if (Obstacle() is { } obstacle)
            throw EngineErrors.Unsupported($"the unit that starts containers after a reboot can't be {(enabled ? "enabled" : "disabled")}: {obstacle}", Name,
                "start them by other means: podsharp start --all --filter should-start-on-boot=true");
        if (enabled)
            Enable(cancellationToken);
        else if (File.Exists(UnitPath))
            Disable(cancellationToken);
        return Get();
    }

    private void Enable(CancellationToken cancellationToken)
    {
        Files.MakeDirectories(UnitDirectory, 0x1ED);
        Files.Replace(UnitPath, Encoding.UTF8.GetBytes(BootUnitFile.Text(Command(), Target)), 0x1A4, durable: true);
        Run("systemctl", ["daemon-reload"], cancellationToken);
        Run("systemctl", ["enable", Name], cancellationToken);
        if (IsUsers && !Lingers())
            Run("loginctl", ["enable-linger"], cancellationToken);
    }

    private void Disable(CancellationToken cancellationToken)
    {
        Run("systemctl", ["disable", Name], cancellationToken);
        File.Delete(UnitPath);
        Run("systemctl", ["daemon-reload"], cancellationToken);
        parts.Executables.Keep(null);
    }

    /// <summary>An executable of the system's is updated in its place; any other is named by its installed copy, which then outlives its containers.</summary>
    private List<string> Command()
    {
        var hash = parts.Executables.Ensure();
        var command = parts.Bundles.EngineCommand(hash);
        if (parts.Executables.Source.StartsWith("/usr/", StringComparison.Ordinal))
        {
            command[0] = parts.Executables.Source;
            hash = null;
        }
        parts.Executables.Keep(hash);
        return command;
    }

    /// <summary>Why this host can't have it; null where it can.</summary>
    private string? Obstacle()
    {
        // As sd_booted(3).
        if (!Directory.Exists(parts.Environment.SystemPath("/run/systemd/system")))
            return "systemd does not run on this host";
        if (IsUsers && !(parts.Environment.Variable("XDG_RUNTIME_DIR") is { } directory && Directory.Exists(Path.Combine(directory, "systemd"))))
            return "no systemd runs for this user: it comes with a login session";
        return parts.Components.FindHelper("systemctl") is null ? "systemctl is not installed" : null;
    }

    private bool Lingers() => File.Exists(parts.Environment.SystemPath("/var/lib/systemd/linger/" + UserName()));

    private string UserName() => parts.Environment.Variable("USER") ?? parts.Environment.Variable("LOGNAME") ?? Path.GetFileName(parts.Environment.HomeDirectory);

    private void Run(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var path = parts.Components.FindHelper(program) ?? throw EngineErrors.MissingComponent(program, "to enable the unit that starts containers after a reboot", "systemd");
        string[] kept = ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "HOME"];
        var outcome = Programs.Run(new SpawnRequest
        {
            Path = path,
            Arguments = [program, .. IsUsers && program == "systemctl" ? ["--user"] : (string[])[], .. arguments],
            Environment = [.. kept.Where(name => parts.Environment.Variable(name) is not null).Select(name => $"{name}={parts.Environment.Variable(name)}"), "PATH=/usr/bin:/bin"],
        }, Patience, cancellationToken);
        if (outcome.ExitCode is not (null or 0))
            throw new ContainerEngineException(ErrorKind.Runtime, "BootUnitFailed", $"{program} {arguments[0]} failed: {outcome.Error.Trim().Split('\n')[^1]}", Name,
                $"see systemctl status {Name}");
    }
}
