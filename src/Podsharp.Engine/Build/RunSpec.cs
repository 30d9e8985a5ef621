using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>The container of a RUN.</summary>
internal static class RunSpec
{
    /// <summary>Defines it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; Unsupported.</exception>
    internal static ContainerSpec Create(BuildJob job, StageState state, RunInstruction instruction, RunCommand command, IReadOnlyList<string> variables, MountedFiles mounted)
    {
        var given = job.Request.Run;
        var environment = new Dictionary<string, string>(given.Environment, StringComparer.Ordinal);
        foreach (var variable in variables.Concat(mounted.Environment))
        {
            var equals = variable.IndexOf('=');
            environment[variable[..equals]] = variable[(equals + 1)..];
        }
        return given with
        {
            Image = state.ImageId!,
            EntryPoint = [],
            Command = command.Arguments,
            Environment = environment,
            User = state.Section.User is { Length: > 0 } user ? user : null,
            WorkingDirectory = state.Section.WorkingDir is { Length: > 0 } directory ? directory : "/",
            Mounts = [.. given.Mounts, .. mounted.Mounts],
            Secrets = [.. given.Secrets, .. mounted.Secrets],
            Network = Network(given, instruction),
            // A user whom the image doesn't know stays unknown to it.
            Passwd = false,
            // What an image declares as volumes is a part of it as long as it is built.
            ImageVolumes = "ignore",
            Health = new HealthSpec { None = true },
            Systemd = "false",
            SdNotify = "ignore",
            LogDriver = "none",
            Privileged = given.Privileged || IsInsecure(instruction, job.Request),
            Input = job.Input is not null,
        };
    }

    private static NamespaceMode Network(ContainerSpec given, RunInstruction instruction) => instruction.Network switch
    {
        null or "default" => given.Network,
        "none" => NamespaceMode.Parse("none", "--network"),
        "host" => NamespaceMode.Parse("host", "--network"),
        _ => throw EngineErrors.InvalidArgument($"--network={instruction.Network} is not known to RUN", instruction.Network, "use default, none or host"),
    };

    private static bool IsInsecure(RunInstruction instruction, ImageBuildRequest request) => instruction.Security switch
    {
        null or "sandbox" => false,
        "insecure" when request.AllowInsecure || request.Run.Privileged => true,
        "insecure" => throw EngineErrors.Unsupported("--security=insecure wants all privileges, which the build hasn't been given", "insecure", "allow it: --allow security.insecure"),
        _ => throw EngineErrors.InvalidArgument($"--security={instruction.Security} is not known to RUN", instruction.Security, "use sandbox or insecure"),
    };
}
