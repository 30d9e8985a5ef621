using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>The process that gives an ordinary user's network namespace its way out: pasta or slirp4netns.</summary>
/// <param name="settings">Paths and choices.</param>
/// <param name="runner">Runs a program.</param>
internal sealed class RootlessConnection(NetworkSettings settings, IHelperRunner runner)
{
    /// <summary>pasta(1), in the words of containers.conf.</summary>
    internal const string Pasta = "pasta";

    /// <summary>slirp4netns(1).</summary>
    internal const string Slirp4netns = "slirp4netns";

    private readonly Pasta pasta = new(settings, runner);
    private readonly Slirp slirp = new(settings, runner);

    private string PidFile => Path.Combine(settings.RootlessDirectory, "connection.pid");

    /// <summary>Makes sure that the program is there.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent, InvalidArgument.</exception>
    internal void Require()
    {
        if (settings.RootlessMode == Pasta) pasta.Check([]);
        else if (settings.RootlessMode == Slirp4netns) slirp.Check("", []);
        else throw Unknown(settings.RootlessMode);
    }

    /// <summary>containers.conf names a program that isn't known.</summary>
    internal static ContainerEngineException Unknown(string program) =>
        EngineErrors.InvalidArgument($"invalid default_rootless_network_cmd \"{program}\" in containers.conf", program, "use pasta or slirp4netns");

    /// <summary>Starts it, unless it runs. What it had made in the namespace has gone with it if it was killed.</summary>
    /// <param name="path">The namespace's file.</param>
    /// <exception cref="ContainerEngineException">MissingComponent; Runtime: its own complaint.</exception>
    /// <param name="isNew">Whether the namespace has just been made, so that none can be there.</param>
    internal void Ensure(string path, bool isNew)
    {
        using var running = isNew ? null : Noted(path) ?? OwnProcess.Find(IsOf(path));
        if (running is not null) return;
        _ = Files.TryRemove(PidFile);
        if (settings.RootlessMode == Pasta)
            pasta.Start("", [], path, PidFile);
        else
            Files.Replace(PidFile, Encoding.ASCII.GetBytes(slirp.StartShared(path).ToString(CultureInfo.InvariantCulture)), 0x180 /* 0600 */, durable: false);
    }

    /// <summary>Ends it.</summary>
    internal void End(string path)
    {
        using var noted = Noted(path);
        noted?.End();
        // Without a note its starter was killed; it may still be the shell that is to become it.
        for (var found = noted is null ? OwnProcess.Find(IsOf(path)) : null; found is not null; found = OwnProcess.Find(IsOf(path)))
        {
            using (found) found.End();
        }
    }

    /// <summary>How the namespace reaches the host and its name servers: as the program was told that runs, or will be.</summary>
    internal RootlessWay Way(string path)
    {
        using var running = Noted(path);
        var arguments = running?.Arguments ?? [];
        if (running is not null ? !arguments.Contains("--netns") : settings.RootlessMode == Slirp4netns)
            return new(slirp.Options("").NameServer, HostNetworks.FirstAddress()?.ToString());
        var forwarder = After(arguments, Networks.Pasta.ForwardOption) ?? After(settings.PastaOptions, Networks.Pasta.ForwardOption) ?? Networks.Pasta.DnsForward;
        // An old pasta can't show the host: the host's own address is the namespace's.
        return new(forwarder, running is null ? Networks.Pasta.GuestAddress : After(arguments, Networks.Pasta.MapGuest));
    }

    private OwnProcess? Noted(string path) => OwnProcess.OfFile(PidFile, IsOf(path));

    private static Predicate<IReadOnlyList<string>> IsOf(string path) => arguments => arguments.Contains(path)
        && Path.GetFileName(arguments[0]) is var name && (name.StartsWith(Pasta, StringComparison.Ordinal) || name is Slirp4netns or "sh");

    private static string? After(IReadOnlyList<string> arguments, string option)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
            if (arguments[i] == option) return arguments[i + 1];
        return null;
    }
}

/// <summary>How an ordinary user's containers on networks reach the host.</summary>
/// <param name="Forwarder">A name server that passes questions on to the host's.</param>
/// <param name="HostAddress">The host's address; null where it has none there.</param>
internal sealed record RootlessWay(string Forwarder, string? HostAddress);
