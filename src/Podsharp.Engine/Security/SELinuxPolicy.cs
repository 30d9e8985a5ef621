using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>What the host's SELinux policy says of containers, and the rules by which a container's labels follow from it.</summary>
/// <param name="process">The context of a container's process.</param>
/// <param name="file">The context of a container's files.</param>
/// <param name="initProcess">The context of a container whose process is a service manager; empty for any container's.</param>
internal sealed class SELinuxPolicy(string process, string file, string initProcess)
{
    private const string ContextsOfContainers = "/usr/share/containers/selinux/contexts";
    private const int Categories = 1024;

    private static readonly string[] Keys = ["user", "role", "type", "level"];

    /// <summary>The level of files that no confined container can use: those of containers without a label.</summary>
    internal static string PrivateLevel { get; } = string.Create(CultureInfo.InvariantCulture, $"s0:c{Categories - 2},c{Categories - 1}");

    /// <summary>The label of files that all containers share; empty where the policy knows nothing of containers.</summary>
    internal string SharedFile => file.Length == 0 ? "" : SELinuxContext.Parse(file).Shared().ToString();

    /// <summary>Reads the host's.</summary>
    internal static SELinuxPolicy Read() => Parse(HostFiles.ReadText(ContextsOfContainers)
        ?? HostFiles.ReadText($"/etc/selinux/{Value(HostFiles.ReadText("/etc/selinux/config") ?? "", "SELINUXTYPE")}/contexts/lxc_contexts") ?? "");

    /// <summary>Reads a list of contexts: lines KEY = "CONTEXT".</summary>
    internal static SELinuxPolicy Parse(string text) => new(Value(text, "process"), Value(text, "file"), Value(text, "init_process"));

    /// <summary>Decides a container's labels.</summary>
    /// <param name="options">The words after <c>label=</c>: disable, or user:, role:, type:, level:, filetype: with a value.</param>
    /// <param name="level">The level that it has unless the options say another one.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such word.</exception>
    internal SELinuxLabels Decide(IReadOnlyList<string> options, string level)
    {
        if (process.Length == 0 || file.Length == 0)
            return new("", file);
        var (ofProcess, ofFiles) = (WithLevel(process, level), WithLevel(file, level));
        foreach (var option in options)
        {
            if (option == "disable")
                return new("", WithLevel(file, PrivateLevel).ToString());
            var (key, value) = option.Split(':', 2) is [var word, var rest] ? (word, rest) : (option, null);
            if (value is null || (key != "filetype" && !Keys.Contains(key)))
                throw EngineErrors.InvalidArgument($"bad label option \"{option}\"", option, "use label=disable, or user:, role:, type:, level: or filetype: with a value");
            ofProcess = key switch
            {
                "user" => ofProcess with { User = value },
                "role" => ofProcess with { Role = value },
                "type" => ofProcess with { Type = value },
                "level" => ofProcess with { Level = value },
                _ => ofProcess,
            };
            ofFiles = key switch
            {
                "user" => ofFiles with { User = value },
                "level" => ofFiles with { Level = value },
                "filetype" => ofFiles with { Type = value },
                _ => ofFiles,
            };
        }
        return new(ofProcess.ToString(), ofFiles.ToString());
    }

    /// <summary>The label of a container's process, if that is a service manager.</summary>
    internal string OfInit(string processLabel) => processLabel.Length == 0 || initProcess.Length == 0 ? processLabel
        : (SELinuxContext.Parse(processLabel) with { Type = SELinuxContext.Parse(initProcess).Type }).ToString();

    /// <summary>The options that give a container another one's label.</summary>
    internal static IReadOnlyList<string> OptionsOf(string processLabel)
    {
        if (processLabel.Length == 0)
            return [];
        var context = SELinuxContext.Parse(processLabel);
        IReadOnlyList<string> options = ["user:" + context.User, "role:" + context.Role, "type:" + context.Type];
        return context.Level.Length > 0 ? [.. options, "level:" + context.Level] : options;
    }

    /// <summary>The options that give a container user and role of a process.</summary>
    /// <param name="context">The process's context, as /proc tells it; empty for none.</param>
    internal static IReadOnlyList<string> UserOf(string context)
    {
        if (context.TrimEnd('\0', '\n') is not { Length: > 0 } text)
            return [];
        var own = SELinuxContext.Parse(text);
        return ["user:" + own.User, "role:" + own.Role];
    }

    /// <summary>A level with two categories that no other container has.</summary>
    internal static string NewLevel(IReadOnlySet<string> taken)
    {
        while (true)
        {
            var (first, second) = (RandomNumberGenerator.GetInt32(Categories), RandomNumberGenerator.GetInt32(Categories));
            var level = string.Create(CultureInfo.InvariantCulture, $"s0:c{Math.Min(first, second)},c{Math.Max(first, second)}");
            if (first != second && level != PrivateLevel && !taken.Contains(level))
                return level;
        }
    }

    /// <summary>Refuses a label that the loaded policy doesn't know.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void CheckKnown(string label)
    {
        if (label.Length == 0)
            return;
        try
        {
            using var file = Files.Open(SecurityOptions.KernelFiles + "/context", OpenFlags.ReadWrite);
            Files.Write(file, Encoding.UTF8.GetBytes(label));
        }
        catch (LinuxException error)
        {
            // Who isn't allowed to ask is told by the start.
            if (error.Errno != Errno.Invalid)
                return;
            throw EngineErrors.InvalidArgument($"the SELinux policy of this host knows no label \"{label}\"", label, "correct the words of label=, or load a policy that has it");
        }
    }

    private static SELinuxContext WithLevel(string context, string level)
    {
        var parsed = SELinuxContext.Parse(context);
        return parsed.Level.Length > 0 ? parsed with { Level = level } : parsed;
    }

    private static string Value(string text, string key)
    {
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or ';')))
        {
            if (line.Split('=', 2) is [var name, var value] && name.Trim() == key)
                return value.Trim().Trim('"');
        }
        return "";
    }
}
