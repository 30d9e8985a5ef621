using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Images;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>image sign, image verify, image trust show and image trust set.</summary>
internal static class TrustCommands
{
    internal static async Task<int> SignAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var line = context.Line;
        var signing = await WithPassphraseAsync(context, PushRequestBuilder.Signing(line, context.Caller));
        if (signing.IsEmpty)
            throw EngineErrors.InvalidArgument("no identity provided", context.Argument, "name a key with --sign-by");
        return await Targets.EachAsync(context, line.Arguments, async name =>
        {
            var request = new ImageSignRequest
            {
                Image = name,
                All = line.Flag("all"),
                Directory = line.Text("directory") is { Length: > 0 } directory ? context.Caller.Resolve(directory) : null,
                Signing = signing,
                Registry = ContainerSpecBuilder.Registry(line, context.Caller),
            };
            await foreach (var _ in context.Engine.SignImageAsync(request, context.Cancelled))
            {
                // podman says nothing, either.
            }
        });
    }

    internal static async Task<int> VerifyAsync(CommandContext context)
    {
        using var interrupt = new InterruptHandler(context);
        var code = 0;
        foreach (var name in context.Line.Arguments)
        {
            var verified = await context.Engine.VerifyImageAsync(new ImageVerifyRequest
            {
                Image = name,
                Platform = ContainerSpecBuilder.Platform(context.Line),
                Registry = ContainerSpecBuilder.Registry(context.Line, context.Caller),
            }, context.Cancelled);
            context.Out.WriteLine($"{verified.Image}@{verified.Digest}: {verified.Reason ?? "accepted"}");
            code = verified.IsAccepted ? code : 1;
        }
        return code;
    }

    internal static async Task<int> ShowAsync(CommandContext context)
    {
        var line = context.Line;
        var policy = await context.Engine.GetTrustPolicyAsync(new TrustPolicyRequest
        {
            PolicyFile = FullPath(context, "policypath"),
            RegistriesDirectory = FullPath(context, "registrypath"),
        }, context.Cancelled);
        var entries = line.Arguments.Count == 0 ? policy.Entries
            : [.. policy.Entries.Where(entry => entry.Transport.Length == 0 || entry.Scope == context.Argument || entry.Scope.StartsWith(context.Argument + "/", StringComparison.Ordinal))];
        if (line.Flag("raw"))
            context.Out.WriteLine(policy.Text.TrimEnd('\n'));
        else if (line.Flag("json"))
            context.Out.WriteLine(WireJson.ToText(WireList.From(entries.Select(TrustPolicyShape.Create)), 2));
        else
            context.Out.Write(Table.Format((line.Flag("noheading") ? "" : "TRANSPORT\tNAME\tTYPE\tID\tSTORE\n") + string.Concat(entries.Select(entry => TrustPolicyShape.Row(entry) + "\n"))));
        return 0;
    }

    internal static async Task<int> SetAsync(CommandContext context)
    {
        var line = context.Line;
        var type = line.Text("type") switch
        {
            "accept" => TrustPolicyType.Accept,
            "reject" => TrustPolicyType.Reject,
            "signedBy" => TrustPolicyType.SignedBy,
            "sigstoreSigned" => TrustPolicyType.SigstoreSigned,
            var other => throw EngineErrors.InvalidArgument($"invalid choice: {other} (choose from 'accept', 'reject', 'signedBy', 'sigstoreSigned')", other),
        };
        await context.Engine.SetTrustPolicyAsync(new TrustPolicyChange
        {
            Scope = context.Argument,
            Type = type,
            KeyFiles = [.. line.List("pubkeysfile").Select(context.Caller.Resolve)],
            PolicyFile = FullPath(context, "policypath"),
        }, context.Cancelled);
        return 0;
    }

    /// <summary>Asks for the passphrase of a private key where none is given: keys of sigstore always have one, and no agent that knows it.</summary>
    internal static async Task<ImageSigning> WithPassphraseAsync(CommandContext context, ImageSigning signing) => signing is { SigstoreKeyFile: { } key, Passphrase: null }
        ? signing with { Passphrase = await Prompt.SecretAsync(context, $"Passphrase for key {key}: ", "give it with --sign-passphrase-file") } : signing;

    private static string? FullPath(CommandContext context, string option) =>
        context.Line.Text(option) is { Length: > 0 } path ? context.Caller.Resolve(path) : null;
}
