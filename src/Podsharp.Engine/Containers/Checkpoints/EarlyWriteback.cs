using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Has the kernel write CRIU's pages to the disk while CRIU is still at work: the unmounting of the container's overlay waits for all of its file system to
/// be written, and would do nothing else for a third of the whole time.</summary>
internal sealed class EarlyWriteback : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;
    private readonly string directory;

    private EarlyWriteback(string directory)
    {
        this.directory = directory;
        thread = new Thread(Run) { IsBackground = true, Name = "podsharp writeback" };
    }

    /// <summary>Begins; ends with what is returned, without waiting for the disk.</summary>
    /// <param name="images">The directory that CRIU writes to.</param>
    internal static EarlyWriteback Of(string images)
    {
        var writeback = new EarlyWriteback(images);
        writeback.thread.Start();
        return writeback;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended.Set();
        thread.Join();
        ended.Dispose();
    }

    private void Run()
    {
        while (!ended.Wait(Pause))
        {
            try
            {
                WriteOut();
            }
            catch (LinuxException)
            {
                // A courtesy: whoever waits for the disk later tells what is wrong with it.
                return;
            }
        }
    }

    private void WriteOut()
    {
        foreach (var entry in Files.ReadDirectory(directory).Where(entry => Encoding.UTF8.GetString(entry.Name).StartsWith("pages-", StringComparison.Ordinal)))
        {
            if (Files.TryOpenAt(Files.Absolute, $"{directory}/{Encoding.UTF8.GetString(entry.Name)}", OpenFlags.ReadOnly | OpenFlags.NoFollow, 0, out var file) != Errno.None)
                continue;
            using (file)
                Files.StartWriteback(file!);
        }
    }
}
