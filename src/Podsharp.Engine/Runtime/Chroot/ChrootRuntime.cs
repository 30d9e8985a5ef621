using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime.Chroot;

/// <summary>What stands in for an OCI runtime where none works (<c>build --isolation chroot</c>): the executable itself, under another name, with the commands that conmon and
/// the engine give a runtime. It makes the namespaces that the host lets it make, and goes without the others, without control groups and without a filter of system calls.</summary>
/// <remarks>A container's files lie beside the link by which this was started; both are a build's, and go with it.</remarks>
internal sealed class ChrootRuntime
{
    /// <summary>The name of the link.</summary>
    internal const string Name = "podsharp-chroot";

    private const string Init = "init";
    private const int StatusDescriptor = 3;
    private const int NewPid = 0x20000000; // CLONE_NEWPID
    private const int Failed = 1;
    private readonly string program;
    private readonly string directory;
    private string log = "";

    private ChrootRuntime(string program) => (this.program, directory) = (program, Path.GetDirectoryName(program)!);

    /// <summary>Whether a program was started by the link.</summary>
    internal static string? ProgramOf(ReadOnlySpan<byte> commandLine)
    {
        var end = commandLine.IndexOf((byte)0);
        var first = Encoding.UTF8.GetString(end < 0 ? commandLine : commandLine[..end]);
        return first.StartsWith('/') && Path.GetFileName(first) == Name ? first : null;
    }

    /// <summary>Carries a command out.</summary>
    /// <param name="program">The link.</param>
    /// <param name="words">The command line behind it.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string program, string[] words)
    {
        var runtime = new ChrootRuntime(program);
        try
        {
            return words is [Init, var bundle, var id] ? runtime.Become(bundle, id) : runtime.Run(RuntimeCommand.Parse(words));
        }
        catch (Exception error) when (error is ContainerEngineException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return runtime.Fail(error.Message);
        }
    }

    private string FileOf(string id, string kind) => Path.Combine(directory, $"{id}.{kind}");

    private int Run(RuntimeCommand command)
    {
        log = command.Log;
        switch (command.Name)
        {
            case "create":
                return Create(command);
            case "start":
                using (var gate = Files.Open(FileOf(command.Id, "gate"), OpenFlags.WriteOnly | OpenFlags.NonBlocking))
                    Descriptors.Write(gate, "1"u8);
                _ = Files.TryRemove(FileOf(command.Id, "gate"));
                return 0;
            case "state":
                return State(command.Id);
            case "kill":
                return Processes.Kill(ProcessOf(command.Id), int.Parse(command.Rest, CultureInfo.InvariantCulture)) ? 0 : Fail($"container {command.Id} is not running");
            case "delete":
                return Delete(command);
            case "features":
                Console.Out.WriteLine("{}");
                return 0;
            default:
                return Fail($"{Name} has no command {command.Name}");
        }
    }

    private int Create(RuntimeCommand command)
    {
        LinuxError.Check(Files.TryMakeNode(Files.Absolute, FileOf(command.Id, "gate"), ModeBits.Fifo | 0x180 /* 0600 */), "make", FileOf(command.Id, "gate"));
        var (reader, writer) = Descriptors.Pipe();
        using (reader)
        {
            int pid;
            using (writer)
                pid = Spawn(command, writer);
            if (ReadAll(reader) is { Length: > 0 } problem)
            {
                Processes.Wait(pid);
                Forget(command.Id);
                return Fail(problem);
            }
            var start = ProcessTable.StartTime(pid);
            Files.Replace(FileOf(command.Id, "pid"), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pid} {start}")), 0x180, durable: false);
            Files.Replace(command.PidFile, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)), 0x1A4, durable: false);
            return 0;
        }
    }

    // With process ids of its own, so that what the command leaves behind ends with it; where the host refuses that, without.
    private int Spawn(RuntimeCommand command, SafeHandle writer)
    {
        using var input = new SafeFileHandle(0, ownsHandle: false);
        using var output = new SafeFileHandle(1, ownsHandle: false);
        using var error = new SafeFileHandle(2, ownsHandle: false);
        var request = new SpawnRequest
        {
            Path = Environment.ProcessPath!,
            Arguments = [program, Init, command.Bundle, command.Id],
            Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            Descriptors = new Dictionary<int, SafeHandle> { [0] = input, [1] = output, [2] = error, [StatusDescriptor] = writer },
            NewSession = true,
        };
        try
        {
            return DedicatedThread.Run(NewPid, () => Processes.SpawnInPlace(request));
        }
        catch (LinuxException refusal) when (refusal.Errno is Errno.PermissionDenied or Errno.Invalid or Errno.NoSpace)
        {
            return Processes.Spawn(request);
        }
    }

    /// <summary>Becomes the container's process: sets everything up, tells so, waits for the start, and executes the command.</summary>
    private int Become(string bundle, string id)
    {
        using var status = new SafeFileHandle(StatusDescriptor, ownsHandle: true);
        Descriptors.SetCloseOnExec(StatusDescriptor);
        try
        {
            var spec = ChrootSpec.Read(Path.Combine(bundle, "config.json"));
            // Opened for both ways it waits for nobody, and stays open whoever comes.
            using var gate = Files.Open(FileOf(id, "gate"), OpenFlags.ReadWrite);
            using var process = new ChrootProcess(spec);
            process.Prepare();
            status.Dispose();
            Descriptors.WaitReadable((int)gate.DangerousGetHandle(), -1);
            process.Execute();
            return Failed;
        }
        catch (Exception error) when (!status.IsClosed)
        {
            Descriptors.Write(status, Encoding.UTF8.GetBytes(error.Message));
            return Failed;
        }
    }

    private int State(string id)
    {
        var pid = ProcessOf(id);
        var state = pid == 0 ? "stopped" : File.Exists(FileOf(id, "gate")) ? "created" : "running";
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"ociVersion\":\"1.0.2\",\"id\":\"{id}\",\"status\":\"{state}\",\"pid\":{pid}}}"));
        return 0;
    }

    private int Delete(RuntimeCommand command)
    {
        var pid = ProcessOf(command.Id);
        if (pid != 0 && !command.Force)
            return Fail($"container {command.Id} is running");
        if (pid != 0)
            Processes.Kill(pid, Signals.Kill);
        Forget(command.Id);
        return 0;
    }

    private void Forget(string id)
    {
        _ = Files.TryRemove(FileOf(id, "gate"));
        _ = Files.TryRemove(FileOf(id, "pid"));
    }

    // 0 for one that has ended.
    private int ProcessOf(string id)
    {
        var text = Files.TryReadAll(FileOf(id, "pid")) is { } bytes ? Encoding.ASCII.GetString(bytes) : throw new IOException($"container {id} does not exist");
        var (pid, start) = (int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture), long.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture));
        return ProcessTable.IsAlive(pid, start) ? pid : 0;
    }

    private static string ReadAll(SafeHandle reader)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        for (int count; (count = Descriptors.Read(reader, buffer)) > 0;)
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        return text.ToString();
    }

    // As crun and runc tell it: the engine reads the log, conmon what is written.
    private int Fail(string message)
    {
        Console.Error.WriteLine(message);
        if (log.Length > 0)
            File.AppendAllText(log, $"{{\"level\":\"error\",\"msg\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(message)}\"}}\n");
        return Failed;
    }
}
