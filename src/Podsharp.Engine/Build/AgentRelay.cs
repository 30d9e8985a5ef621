using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Build;

/// <summary>A socket at which a RUN's command finds a key agent (draft-ietf-sshm-ssh-agent). It may ask for the keys and have something signed, and no more: the
/// commands of an image have no business with adding, removing or locking the caller's keys.</summary>
internal sealed class AgentRelay : IDisposable
{
    private const byte Failure = 5;
    private const byte RequestIdentities = 11;
    private const byte SignRequest = 13;
    private const int LongestMessage = 256 * 1024;
    private const string Name = "agent";

    // A path of a socket's address has 107 bytes at most; those of stores are longer.
    private readonly SafeFileHandle directory;
    private readonly string upstream;
    private readonly Socket listener = New();
    private readonly CancellationTokenSource stop = new();

    private AgentRelay(string directoryPath, string upstream)
    {
        directory = Files.Open(directoryPath, OpenFlags.Directory);
        this.upstream = upstream;
    }

    /// <summary>Opens one.</summary>
    /// <param name="directoryPath">A directory of its own.</param>
    /// <param name="upstream">The agent's socket.</param>
    /// <param name="mode">The socket's permissions.</param>
    /// <param name="user">Its owner.</param>
    /// <param name="group">Its group.</param>
    /// <returns>The relay, and the path of its socket.</returns>
    internal static (AgentRelay Relay, string Path) Open(string directoryPath, string upstream, uint mode, uint user, uint group)
    {
        var relay = new AgentRelay(directoryPath, upstream);
        try
        {
            var path = Path.Combine(directoryPath, Name);
            relay.listener.Bind(new UnixDomainSocketEndPoint(Short(relay.directory, Name)));
            LinuxError.Check(Files.TryChangeOwner(Files.Absolute, path, user, group), "change the owner of", path);
            LinuxError.Check(Files.TryChangeMode(Files.Absolute, path, mode), "change the mode of", path);
            relay.listener.Listen();
            _ = relay.AcceptAsync();
            return (relay, path);
        }
        catch
        {
            relay.Dispose();
            throw;
        }
    }

    /// <summary>A name in an open directory as a path that fits into an address.</summary>
    private static string Short(SafeFileHandle directory, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)directory.DangerousGetHandle()}/{name}");

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        directory.Dispose();
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync(stop.Token));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The command has ended.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                using var agent = New();
                using var place = Files.Open(Path.GetDirectoryName(upstream)!, OpenFlags.Directory);
                await agent.ConnectAsync(new UnixDomainSocketEndPoint(Short(place, Path.GetFileName(upstream))), stop.Token);
                await using var from = new NetworkStream(client);
                await using var to = new NetworkStream(agent);
                while (await ReadAsync(from) is { } request)
                {
                    var isAllowed = request is [_, _, _, _, RequestIdentities or SignRequest, ..];
                    byte[] answer = [0, 0, 0, 1, Failure];
                    if (isAllowed)
                    {
                        await to.WriteAsync(request, stop.Token);
                        answer = await ReadAsync(to) ?? answer;
                    }
                    await from.WriteAsync(answer, stop.Token);
                }
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // Whoever has gone, the other sees the end of its connection.
            }
        }
    }

    // A message with its length; null at the end.
    private async Task<byte[]?> ReadAsync(NetworkStream stream)
    {
        var head = new byte[4];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop.Token) < head.Length)
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length is 0 or > LongestMessage)
            return null;
        var message = new byte[head.Length + length];
        head.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(head.Length), stop.Token);
        return message;
    }
}
