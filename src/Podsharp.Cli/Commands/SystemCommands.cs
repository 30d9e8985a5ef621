using System.Reflection;
using System.Runtime.InteropServices;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Wire.GoTemplates;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>info, version, boot-unit, supervise, help and completion.</summary>
internal static class SystemCommands
{
    /// <summary>What the engine starts when a container waits for its restart; nobody waits for its end.</summary>
    internal static async Task<int> SuperviseAsync(CommandContext context)
    {
        await context.Engine.SuperviseAsync(context.Cancelled);
        return 0;
    }

    /// <summary>What the engine starts for an ordinary user's published ports, with all that it needs: no engine is made in it.</summary>
    internal static Task<int> ForwardPorts()
    {
        Podsharp.Engine.Networks.Forwarding.PortForwarder.Run();
        return Task.FromResult(0);
    }

    internal static async Task<int> BootUnitAsync(CommandContext context)
    {
        var (enable, disable) = (context.Line.Flag("enable"), context.Line.Flag("disable"));
        if (enable && disable)
            throw EngineErrors.InvalidArgument("--enable and --disable exclude each other", null, "give one of them");
        var unit = enable || disable ? await context.Engine.SetBootUnitAsync(enable, context.Cancelled) : await context.Engine.GetBootUnitAsync(context.Cancelled);
        context.Out.WriteLine($"{unit.Name}: {unit.State.ToString().ToLowerInvariant()}{(unit.Reason.Length > 0 ? ": " + unit.Reason : "")}");
        return 0;
    }

    internal static async Task<int> InfoAsync(CommandContext context)
    {
        var info = InfoShape.Create(await context.Engine.GetInfoAsync(context.Cancelled), Version());
        switch (context.Line.Text("format"))
        {
            case null:
                context.Out.Write(WireYaml.ToText(info));
                break;
            case var format when Listing.IsJson(format):
                context.Out.WriteLine(WireJson.ToText(info, 2));
                break;
            case var format:
                context.Out.WriteLine(GoTemplate.Parse("info", GoTemplate.Unescape(format)).Execute(info));
                break;
        }
        return 0;
    }

    internal static Task<int> VersionAsync(CommandContext context)
    {
        var version = Version();
        if (context.Line.Path == "--version")
        {
            context.Out.WriteLine($"podsharp version {version["Version"]}");
            return Task.FromResult(0);
        }
        var client = new WireStruct("versionReport").Add("Client", version);
        switch (context.Line.Text("format"))
        {
            case null:
                context.Out.Write(Text(version));
                break;
            case var format when Listing.IsJson(format):
                context.Out.WriteLine(WireJson.ToText(client));
                break;
            case var format:
                context.Out.WriteLine(GoTemplate.Parse("version", GoTemplate.Unescape(format)).Execute(client));
                break;
        }
        return Task.FromResult(0);
    }

    internal static Task<int> HelpAsync(CommandContext context)
    {
        var words = context.Line.Arguments;
        if (words.Count == 0)
        {
            context.Out.Write(HelpPage.Root());
            return Task.FromResult(0);
        }
        if (words.Count == 1 && CommandTable.IsGroup(words[0]))
        {
            context.Out.Write(HelpPage.Group(words[0]));
            if (context.Line.Path != "missing")
                return Task.FromResult(0);
            context.Fail($"missing command 'podsharp {words[0]} COMMAND'");
            return Task.FromResult(ExitCodes.Error);
        }
        var (command, path, _) = CommandTable.Resolve(words);
        context.Out.Write(HelpPage.Command(command, path));
        return Task.FromResult(0);
    }

    internal static Task<int> CompletionAsync(CommandContext context)
    {
        var script = CompletionScripts.For(context.Argument)
            ?? throw EngineErrors.InvalidArgument($"there is no completion for the shell \"{context.Argument}\"", context.Argument, "use bash, fish, powershell or zsh");
        if (context.Line.Text("file") is { } file)
            File.WriteAllText(context.Caller.Resolve(file), script);
        else
            context.Out.Write(script);
        return Task.FromResult(0);
    }

    internal static WireStruct Version()
    {
        var assembly = typeof(SystemCommands).Assembly;
        var full = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = full.IndexOf('+');
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "amd64",
            var other => other.ToString().ToLowerInvariant(),
        };
        return VersionShape.Create(plus < 0 ? full : full[..plus], RuntimeInformation.FrameworkDescription, Publish(assembly),
            plus < 0 ? "" : full[(plus + 1)..], "linux/" + architecture);
    }

    private static string Publish(Assembly assembly)
    {
        foreach (var attribute in assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
            if (attribute.Key == "PodsharpPublish")
                return attribute.Value ?? "";
        return "development";
    }

    private static string Text(WireStruct version)
    {
        var text = $"Client:\tPodsharp\nVersion:\t{version["Version"]}\nAPI Version:\t{version["APIVersion"]}\n"
            + $"Framework:\t{version["Framework"]}\nPublished:\t{version["Publish"]}\n";
        if (version["GitCommit"] is string { Length: > 0 } commit)
            text += $"Git Commit:\t{commit}\n";
        return Table.Format(text + $"OS/Arch:\t{version["OsArch"]}\n");
    }
}
