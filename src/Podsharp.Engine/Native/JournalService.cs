using System.Net.Sockets;
using System.Text;

namespace Podsharp.Engine.Native;

/// <summary>The service that takes entries for systemd's journal.</summary>
internal static class JournalService
{
    private const string Service = "/run/systemd/journal/io.systemd.journal";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // For those whom it doesn't serve.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether a journal takes entries on this host.</summary>
    internal static bool IsThere => File.Exists("/run/systemd/journal/socket");

    /// <summary>It takes in what was sent to it in its own time: it is asked to catch up (varlink, io.systemd.Journal).</summary>
    internal static async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Service), limit.Token);
            await socket.SendAsync("{\"method\":\"io.systemd.Journal.Synchronize\",\"parameters\":{}}\0"u8.ToArray(), limit.Token);
            var answer = new byte[4096];
            for (int count; (count = await socket.ReceiveAsync(answer, limit.Token)) > 0;)
            {
                if (answer.AsSpan(0, count).Contains((byte)0) && !Encoding.UTF8.GetString(answer, 0, count).Contains("\"error\"", StringComparison.Ordinal))
                    return;
            }
        }
        catch (SocketException)
        {
            // Old, or only for root.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It has had its time.
        }
        await Task.Delay(Grace, cancellationToken);
    }
}
