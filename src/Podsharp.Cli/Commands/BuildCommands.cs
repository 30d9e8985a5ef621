using System.Text;
using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Images;

namespace Podsharp.Cli.Commands;

/// <summary>build.</summary>
internal static class BuildCommands
{
    internal static async Task<int> BuildAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var request = BuildRequestBuilder.Build(context.Line, context.Caller, () => ReadText(context.In));
        var isSent = request.Context is null;
        using var view = new BuildView(context, request, context.Line.Flag("quiet"));
        try
        {
            await foreach (var progress in context.Engine.BuildImageAsync(request, isSent ? context.In : null, context.Cancelled))
                view.Show(progress);
            return 0;
        }
        catch (ContainerEngineException error) when (error.ExitCode is { } code)
        {
            context.Fail(error.Message);
            return code;
        }
    }

    private static string ReadText(Stream input)
    {
        using var reader = new StreamReader(input, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
