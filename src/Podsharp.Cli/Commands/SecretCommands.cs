using System.Globalization;
using System.Text;
using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.GoTemplates;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>secret create, ls, inspect, rm and exists.</summary>
internal static class SecretCommands
{
    private const string SecretTable = "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.CreatedAt}}\t{{.UpdatedAt}}";
    private const int Indent = 5;

    internal static async Task<int> CreateAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        await using var value = Value(context, line.Arguments[1], line.Flag("env"));
        var secret = await context.Engine.CreateSecretAsync(new()
        {
            Name = context.Argument,
            Driver = line.Text("driver"),
            DriverOptions = KeyValueParser.Parse(line.List("driver-opts"), "driver option", valueNeeded: true),
            Labels = KeyValueParser.Parse(line.List("label"), "label"),
            Replace = line.Flag("replace"),
            Ignore = line.Flag("ignore"),
        }, value, context.Cancelled);
        context.Out.WriteLine(secret.Id);
        return 0;
    }

    internal static async Task<int> ListAsync(CommandContext context)
    {
        var line = context.Line;
        var format = line.Text("format");
        var secrets = new List<ContainerSecret>();
        await foreach (var secret in context.Engine.ListSecretsAsync(new() { Filters = context.Filters() }, context.Cancelled))
            secrets.Add(secret);
        var now = DateTimeOffset.UtcNow;
        if (line.Flag("quiet") && format is null)
            secrets.ForEach(secret => context.Out.WriteLine(secret.Id));
        else if (Listing.IsJson(format))
            context.Out.WriteLine(WireJson.ToText(WireList.From(secrets.Select(secret => SecretShape.List(secret, now))), 4));
        else
            context.Out.Write(new Listing("secret", SecretShape.Headings).Render(format is null or "table" ? SecretTable : format,
                secrets.Select(secret => SecretShape.List(secret, now)), !line.Flag("noheading")));
        return 0;
    }

    internal static async Task<int> InspectAsync(CommandContext context)
    {
        var line = context.Line;
        var found = new WireList();
        var pretty = new StringBuilder();
        var code = await Targets.EachAsync(context, line.Arguments, async name =>
        {
            var secret = await context.Engine.InspectSecretAsync(name, context.Cancelled);
            var value = line.Flag("showsecret") ? await ReadAsync(context, name) : null;
            found.Add(SecretShape.Create(secret, value));
            Describe(pretty, secret, value);
        });
        if (line.Flag("pretty"))
            context.Out.Write(pretty.ToString());
        else if (line.Text("format") is { } format && !Listing.IsJson(format))
        {
            var template = GoTemplate.Parse("inspect", GoTemplate.Unescape(format));
            foreach (var item in found.Items)
                context.Out.WriteLine(template.Execute(item));
        }
        else
        {
            context.Out.Write(WireJson.ToUtf8(found, Indent));
            context.Out.WriteLine("");
        }
        return code;
    }

    internal static async Task<int> RemoveAsync(CommandContext context)
    {
        var line = context.Line;
        var names = new List<string>(line.Arguments);
        if (line.Flag("all") ? names.Count > 0 : names.Count == 0)
            throw EngineErrors.InvalidArgument("`podsharp secret rm` requires one argument, or the --all flag");
        if (line.Flag("all"))
            await foreach (var secret in context.Engine.ListSecretsAsync(new(), context.Cancelled))
                names.Add(secret.Id);
        return await Targets.EachAsync(context, names, async name =>
        {
            try
            {
                context.Out.WriteLine(await context.Engine.RemoveSecretAsync(name, context.Cancelled));
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound && line.Flag("ignore"))
            {
                // That is what was asked for.
            }
        });
    }

    internal static async Task<int> ExistsAsync(CommandContext context) => await context.Engine.SecretExistsAsync(context.Argument, context.Cancelled) ? 0 : 1;

    /// <summary>A secret's value as text.</summary>
    internal static async Task<string> ReadAsync(CommandContext context, string name)
    {
        using var value = new MemoryStream();
        await context.Engine.ReadSecretAsync(name, value, context.Cancelled);
        return Encoding.UTF8.GetString(value.GetBuffer(), 0, (int)value.Length);
    }

    private static Stream Value(CommandContext context, string source, bool isVariable)
    {
        if (isVariable)
        {
            return context.Caller.Environment.TryGetValue(source, out var value) ? new MemoryStream(Encoding.UTF8.GetBytes(value))
                : throw EngineErrors.InvalidArgument($"cannot create store secret data: environment variable {source} is not set", source, "set it, or leave --env out for a file");
        }
        if (source == "-")
            return context.In;
        var path = context.Caller.Resolve(source);
        return File.Exists(path) || Directory.Exists(path) ? File.OpenRead(path)
            : throw new ContainerEngineException(ErrorKind.NotFound, "FileNotFound", $"open {source}: no such file or directory", source, "correct the path, or give - for standard input");
    }

    // podman's columns, blanks and all.
    private static void Describe(StringBuilder text, ContainerSecret secret, string? value)
    {
        text.Append(CultureInfo.InvariantCulture, $"ID:              {secret.Id}\nName:              {secret.Name}\n");
        if (secret.Labels.Count > 0)
        {
            text.Append("Labels:\n");
            foreach (var (name, label) in secret.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $" - {name}{(label.Length > 0 ? "=" : "")}{label}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"Driver:            {secret.Driver}\nCreated at:        {GoText.Time(secret.Created)}\nUpdated at:        {GoText.Time(secret.Updated)}\n");
        if (value is not null)
            text.Append(CultureInfo.InvariantCulture, $"Secret:            {value}\n");
    }
}
