namespace Podsharp.Engine.Native;

/// <summary>The kernel's error numbers the engine distinguishes (asm-generic/errno.h: the same on every architecture .NET runs on).</summary>
internal enum Errno
{
    None = 0,
    PermissionDenied = 1, // EPERM
    NoEntry = 2,
    NoProcess = 3,
    Interrupted = 4,
    InputOutput = 5,
    BadDescriptor = 9,
    TryAgain = 11,
    OutOfMemory = 12,
    AccessDenied = 13, // EACCES
    Busy = 16,
    Exists = 17,
    CrossDevice = 18,
    NoDevice = 19,
    NotDirectory = 20,
    IsDirectory = 21,
    Invalid = 22,
    TooManyFilesInSystem = 23,
    TooManyFiles = 24,
    TextBusy = 26,
    FileTooBig = 27,
    NoSpace = 28,
    ReadOnlyFileSystem = 30,
    TooManyLinks = 31,
    BrokenPipe = 32,
    OutOfRange = 34,
    NameTooLong = 36,
    NotImplemented = 38,
    NotEmpty = 39,
    TooManySymlinks = 40,
    NoData = 61, // also ENOATTR
    Overflow = 75,
    NotSupported = 95,
    TimedOut = 110,
    Stale = 116,
    QuotaExceeded = 122,
}
