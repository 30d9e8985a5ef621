using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>As whom this process acts.</summary>
internal static partial class Credentials
{
    /// <summary>The effective user and group.</summary>
    internal static (uint UserId, uint GroupId) Effective => (geteuid(), getegid());

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();
}
