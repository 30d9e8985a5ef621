using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Whose files this process makes: a thread's own ids for file systems (setfsuid(2)).</summary>
internal static partial class FileSystemIds
{
    private const int SetSecureBits = 28;
    private const nuint NoFixup = 4; // SECBIT_NO_SETUID_FIXUP: the capabilities stay

    /// <summary>Runs synchronous work that makes files as another user, with all that this process may do to files.</summary>
    /// <remarks>An idmapped mount takes files of the users that it shows only.</remarks>
    internal static void Run((uint User, uint Group) owner, Action work) => DedicatedThread.Run(0, () =>
    {
        if (prctl(SetSecureBits, NoFixup, 0, 0, 0) == 0)
        {
            _ = setfsgid(owner.Group);
            _ = setfsuid(owner.User);
        }
        work();
        return true;
    });

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint value, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc")]
    private static partial int setfsuid(uint user);

    [LibraryImport("libc")]
    private static partial int setfsgid(uint group);
}
