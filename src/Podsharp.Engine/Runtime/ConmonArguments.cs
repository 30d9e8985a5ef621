using System.Globalization;

namespace Podsharp.Engine.Runtime;

/// <summary>conmon's command line (conmon(8)); each option works from version 2.1.6 on.</summary>
internal static class ConmonArguments
{
    /// <summary>For the creation of a container.</summary>
    internal static List<string> ForCreate(ConmonLaunch launch)
    {
        var arguments = Common(launch.ConmonPath, launch.ContainerId, launch.ContainerId, launch.RuntimePath, launch.BundleDirectory,
            launch.PidFile, launch.Name, launch.ExitDirectory, launch.PersistDirectory, launch.RuntimeFlags, launch.OciLog);
        AddLog(arguments, launch);
        // A terminal has its input open anyway; conmon takes only one of the two.
        if (launch.Terminal)
            arguments.Add("-t");
        else if (launch.Input)
            arguments.Add("-i");
        if (launch.Timeout is > 0 and var timeout)
            arguments.AddRange(["-T", timeout.ToString(CultureInfo.InvariantCulture)]);
        AddPreserved(arguments, launch.PreservedDescriptors);
        if (launch.RestoreFrom is { } images)
            arguments.AddRange(["--restore", images, .. launch.RestoreOptions.SelectMany(option => new[] { "--runtime-opt", option })]);
        if (launch.NotifySocket is { } socket)
            arguments.Add("--sdnotify-socket=" + socket);
        if (launch.NoPivotRoot)
            arguments.Add("--no-pivot");
        if (launch.NoKeyring)
            arguments.Add("--no-new-keyring");
        arguments.AddRange(["--conmon-pidfile", launch.ConmonPidFile]);
        AddExitCommand(arguments, launch.ExitCommand);
        return arguments;
    }

    /// <summary>For a command in a container.</summary>
    internal static List<string> ForExec(ExecLaunch launch)
    {
        var arguments = Common(launch.ConmonPath, launch.ContainerId, launch.SessionId, launch.RuntimePath, launch.SessionDirectory,
            launch.PidFile, launch.Name, launch.ExitDirectory, launch.PersistDirectory, launch.RuntimeFlags, launch.OciLog);
        arguments.AddRange(["-l", "none"]);
        if (launch.Terminal)
            arguments.Add("-t");
        if (launch.Input)
            arguments.Add("-i");
        AddPreserved(arguments, launch.PreservedDescriptors);
        arguments.Add("-e");
        if (launch.Attach)
            arguments.Add("--exec-attach");
        arguments.AddRange(["--exec-process-spec", launch.ProcessFile, "--conmon-pidfile", launch.ConmonPidFile]);
        AddExitCommand(arguments, launch.ExitCommand);
        return arguments;
    }

    private static List<string> Common(string conmon, string id, string uuid, string runtime, string bundle, string pidFile, string name,
        string exits, string persist, IReadOnlyList<string> flags, string log)
    {
        List<string> arguments =
        [
            conmon, "--api-version", "1", "-c", id, "-u", uuid, "-r", runtime, "-b", bundle, "-p", pidFile, "-n", name,
            "--exit-dir", exits, "--persist-dir", persist, "--full-attach", "--log-level", "warning",
        ];
        foreach (var flag in flags)
            arguments.Add("--runtime-arg=--" + flag);
        arguments.AddRange(["--runtime-arg=--log-format=json", "--runtime-arg=--log=" + log]);
        return arguments;
    }

    private static void AddLog(List<string> arguments, ConmonLaunch launch)
    {
        var driver = launch.LogDriver switch
        {
            "json-file" or "" => "k8s-file",
            "passthrough-tty" => "passthrough",
            var other => other,
        };
        arguments.AddRange(["-l", driver == "k8s-file" ? "k8s-file:" + launch.LogPath : driver]);
        if (driver == "k8s-file" && launch.LogSizeMaximum is > 0 and var size)
        {
            arguments.AddRange(["--log-size-max", size.ToString(CultureInfo.InvariantCulture)]);
            if (launch.LogBackups > 0)
                arguments.AddRange(["--log-rotate", "--log-max-files", launch.LogBackups.ToString(CultureInfo.InvariantCulture)]);
        }
        if (launch.LogTag.Length > 0)
            arguments.AddRange(["--log-tag", launch.LogTag]);
    }

    private static void AddPreserved(List<string> arguments, IReadOnlyList<int> descriptors)
    {
        if (PreservedDescriptors.Count(descriptors) is > 0 and var count)
            arguments.AddRange(["--runtime-opt", "--preserve-fds", "--runtime-opt", count.ToString(CultureInfo.InvariantCulture)]);
    }

    private static void AddExitCommand(List<string> arguments, IReadOnlyList<string> command)
    {
        if (command.Count == 0)
            return;
        arguments.AddRange(["--exit-command", command[0]]);
        foreach (var argument in command.Skip(1))
            arguments.AddRange(["--exit-command-arg", argument]);
    }
}
