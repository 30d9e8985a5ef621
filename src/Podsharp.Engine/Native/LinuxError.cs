using System.Runtime.InteropServices;
using Podsharp.Model;

namespace Podsharp.Engine.Native;

/// <summary>A failed kernel call, as the engine's own exception, with the error number for those who can act on it.</summary>
internal sealed class LinuxException(Errno errno, ErrorKind kind, string errorId, string message, string? target, string? remedy)
    : ContainerEngineException(kind, errorId, message, target, remedy)
{
    /// <summary>The kernel's error number.</summary>
    internal Errno Errno { get; } = errno;
}

/// <summary>Turns error numbers into errors that name the object, the cause and the way out.</summary>
internal static class LinuxError
{
    /// <summary>The error number of the calling thread's last failed call.</summary>
    internal static Errno Last => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>The C library's text for an error number.</summary>
    internal static string Describe(Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);

    /// <summary>Throws unless the call went well.</summary>
    /// <param name="errno">The outcome.</param>
    /// <param name="action">What was tried, as a verb phrase: "open", "create the directory".</param>
    /// <param name="path">The object.</param>
    internal static void Check(Errno errno, string action, string? path)
    {
        if (errno != Errno.None)
            throw Create(errno, action, path);
    }

    /// <summary>The exception for a failed call.</summary>
    /// <param name="errno">The error number.</param>
    /// <param name="action">What was tried, as a verb phrase.</param>
    /// <param name="path">The object.</param>
    internal static LinuxException Create(Errno errno, string action, string? path)
    {
        var message = path is null ? $"cannot {action}: {Describe(errno)}" : $"cannot {action} {path}: {Describe(errno)}";
        var (kind, id, remedy) = Classify(errno);
        return new LinuxException(errno, kind, id, message, path, remedy);
    }

    private static (ErrorKind Kind, string Id, string? Remedy) Classify(Errno errno) => errno switch
    {
        Errno.NoSpace => (ErrorKind.StorageFull, "StorageFull", "free space on that file system, or remove unused images and containers"),
        Errno.QuotaExceeded => (ErrorKind.StorageFull, "StorageFull", "the disk quota is used up: free space or raise the quota"),
        Errno.AccessDenied or Errno.PermissionDenied => (ErrorKind.PermissionDenied, "PermissionDenied",
            "run as a user who may do that, or as root"),
        Errno.ReadOnlyFileSystem => (ErrorKind.PermissionDenied, "ReadOnlyFileSystem", "the file system is mounted read-only"),
        Errno.NoEntry => (ErrorKind.NotFound, "FileNotFound", null),
        Errno.TooManyFiles or Errno.TooManyFilesInSystem => (ErrorKind.Internal, "TooManyOpenFiles",
            "raise the limit of open files (ulimit -n)"),
        Errno.NotImplemented => (ErrorKind.Unsupported, "KernelTooOld", "this needs Linux 5.8 or newer"),
        Errno.NotSupported => (ErrorKind.Unsupported, "FileSystemUnsupported", "the file system cannot do that"),
        Errno.InputOutput or Errno.Stale => (ErrorKind.DataCorrupt, "InputOutputError", "check the device and the kernel's log"),
        _ => (ErrorKind.Internal, "SystemCallFailed", null),
    };
}
