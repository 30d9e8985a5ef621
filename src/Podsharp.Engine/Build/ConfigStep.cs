using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Applies instructions that change the configuration alone (Dockerfile reference; imagebuilder's rules where it leaves something open).</summary>
internal static class ConfigStep
{
    private static readonly IReadOnlyList<string> s_defaultShell = ["/bin/sh", "-c"];

    /// <summary>The configuration with what an instruction says; null where it is none of these.</summary>
    /// <param name="section">The configuration before.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="expand">Expands a word to one.</param>
    /// <param name="expandWords">Expands a word to several.</param>
    /// <param name="isCommandSet">Whether this stage has a CMD already: then an entry point leaves it alone.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static ImageConfigSection? TryApply(ImageConfigSection section, Instruction instruction, Func<string, string> expand, Func<string, IReadOnlyList<string>> expandWords,
        bool isCommandSet) => instruction switch
        {
            EnvInstruction env => section with { Env = ConfigOverrides.Variables(section.Env, Pairs(env.Variables, expand)) },
            LabelInstruction label => section with { Labels = ConfigOverrides.Labels(section.Labels, label.Labels.Select(pair => KeyValuePair.Create(expand(pair.Key), expand(pair.Value)))) },
            CmdInstruction cmd => section with { Cmd = Command(cmd.Command, section) },
            EntrypointInstruction entry => section with { Entrypoint = Command(entry.Command, section), Cmd = isCommandSet ? section.Cmd : null },
            ShellInstruction shell => section with { Shell = shell.Arguments },
            UserInstruction user => section with { User = expand(user.User) },
            WorkdirInstruction directory => section with { WorkingDir = WorkingDirectory(section, expand(directory.Path)) },
            VolumeInstruction volume => section with { Volumes = ConfigOverrides.Names(section.Volumes, [.. volume.Paths.Select(expand)]) },
            ExposeInstruction expose => section with { ExposedPorts = ConfigOverrides.Names(section.ExposedPorts, [.. expose.Ports.SelectMany(expandWords).Select(Port)]) },
            StopsignalInstruction signal => section with { StopSignal = expand(signal.Signal) },
            OnbuildInstruction onbuild => section with { OnBuild = [.. section.OnBuild ?? [], onbuild.Trigger] },
            HealthcheckInstruction check => section with { Healthcheck = Healthcheck(check, section) },
            MaintainerInstruction => section,
            ArgInstruction => section,
            _ => null,
        };

    /// <summary>A command as it is started.</summary>
    internal static IReadOnlyList<string> Command(CommandForm command, ImageConfigSection section) =>
        command.Shell ? [.. section.Shell is { Count: > 0 } shell ? shell : s_defaultShell, .. command.Arguments] : command.Arguments;

    // All of one instruction see the variables as they were before it.
    private static List<string> Pairs(IReadOnlyList<KeyValuePair<string, string>> pairs, Func<string, string> expand) =>
        [.. pairs.Select(pair => $"{expand(pair.Key)}={expand(pair.Value)}")];

    private static string WorkingDirectory(ImageConfigSection section, string path)
    {
        var full = path.StartsWith('/') ? path : $"{section.WorkingDir}/{path}";
        return "/" + Copying.RawPath.Clean(full);
    }

    // A range stays one, as under podman.
    private static string Port(string text)
    {
        var (range, protocol) = text.Split('/') is [var before, var behind] ? (before, behind.ToLowerInvariant()) : (text, "tcp");
        var ends = range.Split('-');
        if (ends.Length > 2 || !ushort.TryParse(ends[0], out var first) || !ushort.TryParse(ends[^1], out var last) || last < first || protocol is not ("tcp" or "udp" or "sctp"))
            throw EngineErrors.InvalidArgument($"EXPOSE {text}: this is no port", text, "write 80, 53/udp or 8000-8010");
        return $"{range}/{protocol}";
    }

    private static HealthcheckSection Healthcheck(HealthcheckInstruction check, ImageConfigSection section) => new()
    {
        Test = check.Test switch
        {
            null => ["NONE"],
            { Shell: true } => ["CMD-SHELL", .. check.Test.Arguments],
            _ => ["CMD", .. check.Test.Arguments],
        },
        Interval = Nanoseconds(check.Interval),
        Timeout = Nanoseconds(check.Timeout),
        StartPeriod = Nanoseconds(check.StartPeriod),
        StartInterval = Nanoseconds(check.StartInterval),
        Retries = check.Retries,
    };

    private static long? Nanoseconds(TimeSpan? time) => time is { } given ? given.Ticks * 100 : null;
}
