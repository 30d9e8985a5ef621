using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>system check.</summary>
internal static class CheckCommands
{
    internal static async Task<int> CheckAsync(CommandContext context)
    {
        var line = context.Line;
        var options = new StorageCheckOptions { Quick = line.Flag("quick"), MaximumAge = Age(line.Text("max")!) };
        var lossy = line.Flag("force") || line.Flag("repair-lossy");
        using var interrupt = new InterruptHandler(context);
        if (!line.Flag("repair") && !lossy)
        {
            var report = await context.Engine.CheckStorageAsync(options, context.Cancelled);
            Print(context, report);
            return report.Healthy ? 0 : Fail(context, "damage detected in local storage");
        }
        var repair = new StorageRepairOptions { Check = options, Highest = lossy ? RepairCost.Containers : RepairCost.Images };
        Print(context, await context.Engine.RepairStorageAsync(repair, context.Cancelled));
        var after = await context.Engine.CheckStorageAsync(options, context.Cancelled);
        return after.Healthy ? 0 : Fail(context, "damage in local storage still present after repair attempt");
    }

    private static TimeSpan Age(string text) => DurationParser.TryParse(text, out var age) ? age
        : throw EngineErrors.InvalidArgument($"invalid duration \"{text}\" for --max", text, "write it like 24h or 30m");

    private static int Fail(CommandContext context, string message)
    {
        context.Fail(message);
        return ExitCodes.Error;
    }

    private static void Print(CommandContext context, StorageCheckReport report)
    {
        if (context.Line.Text("format") is { } format)
        {
            if (!Listing.IsJson(format))
                throw EngineErrors.InvalidArgument($"invalid format \"{format}\" for check", format, "use json, or none");
            context.Out.WriteLine(WireJson.ToText(WireList.From(report.Findings.Select(FindingShape.Create)), 4));
            return;
        }
        foreach (var group in report.Findings.GroupBy(finding => $"Damaged {finding.Object}{(finding.Id.Length > 0 ? " " + finding.Id : "")}"))
        {
            var findings = group.ToList();
            context.Out.Write($"{group.Key}:\n{findings.Count} {(findings.Count == 1 ? "error" : "errors")} occurred:\n");
            foreach (var finding in findings)
                context.Out.Write($"\t* {Text(finding)}\n");
            context.Out.Write("\n");
        }
    }

    private static string Text(StorageFinding finding)
    {
        var text = finding.Path.Length > 0 ? $"{finding.Path}: {finding.Problem}" : finding.Problem;
        if (finding.Repaired)
            return $"{text} (repaired: {finding.Remedy})";
        if (finding.Failure.Length > 0)
            return $"{text} (not repaired: {finding.Failure})";
        return finding.Remedy.Length == 0 ? text : finding.Cost switch
        {
            RepairCost.Impossible => $"{text} ({finding.Remedy})",
            RepairCost.Containers => $"{text} (with --force: {finding.Remedy})",
            _ => $"{text} (with --repair: {finding.Remedy})",
        };
    }
}
