using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Reads netavark's complaints. It has no error codes: words in its texts, and in those of iptables and nft, have to do.</summary>
internal static class NetavarkErrors
{
    // aardvark-dns writes its pid file after netavark 1.4 has gone: a teardown right after a set-up comes too early.
    private const string NameServerStarting = "aardvark pid not found";

    /// <summary>Whether it is worth another try: another process changed the firewall at the same time, or the name server is just starting.</summary>
    internal static bool IsBusy(HelperResult result) => Contains(result, "Device or resource busy") || Contains(result, "xtables lock")
        || Contains(result, "Resource temporarily unavailable") || Contains(result, "Chain already exists")
        || Contains(result, NameServerStarting);

    /// <summary>Whether a teardown failed only because nothing was there any more: every single complaint says so.</summary>
    internal static bool IsAlreadyGone(HelperResult result)
    {
        var lines = Text(result).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(l => !l.StartsWith("netavark encountered multiple errors", StringComparison.Ordinal)).ToList();
        return lines.Count > 0 && lines.All(l => ((string[])["No such file or directory", "No such device", "os error 2)", "os error 19)", "does not exist", NameServerStarting])
            .Any(w => l.Contains(w, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The error for a failed call.</summary>
    internal static ContainerEngineException Create(string errorId, string action, HelperResult result)
    {
        var text = Text(result).ReplaceLineEndings(" ").Trim();
        if (Contains(result, "nft") && Contains(result, "No such file or directory") && Contains(result, "spawn"))
            return EngineErrors.MissingComponent("nft", "by netavark for firewall rules", "nftables");
        if (Contains(result, "iptables") && (Contains(result, "No such file or directory") || Contains(result, "not found")))
            return EngineErrors.MissingComponent("iptables", "by netavark for firewall rules", "iptables");
        if (Contains(result, "aardvark") && Contains(result, "No such file or directory"))
            return EngineErrors.MissingComponent("aardvark-dns", "for names in container networks", "aardvark-dns");
        if (Contains(result, "Address already in use"))
        {
            return new ContainerEngineException(ErrorKind.PortInUse, "PortInUse", $"cannot {action}: {text}", null,
                "another DNS server listens on the network's gateway address: stop it, or set dns_bind_port in containers.conf");
        }
        if (Contains(result, "Operation not permitted") || Contains(result, "Permission denied"))
        {
            return new ContainerEngineException(ErrorKind.PermissionDenied, "NetworkPermissionDenied", $"cannot {action}: {text}", null,
                "run as root, or use --network host or none");
        }
        return new ContainerEngineException(ErrorKind.Runtime, errorId, $"cannot {action}: netavark: {text}");
    }

    private static string Text(HelperResult result) => NetavarkJson.Error(result.Answer)
        ?? (result.Output.Length > 0 ? result.Output : $"it ended with exit code {result.ExitCode}");

    private static bool Contains(HelperResult result, string words) =>
        result.Output.Contains(words, StringComparison.OrdinalIgnoreCase);
}
