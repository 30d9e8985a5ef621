using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Whose files the calling thread makes (setfsuid(2)), until this is disposed of. What the thread may do to files stays the same.</summary>
/// <remarks>An idmapped mount takes files of the users that it shows only. For single system calls: threads that come into being meanwhile,
/// those of the pool too, would be the other user's for good.</remarks>
internal readonly ref partial struct FileSystemIds : IDisposable
{
    private const int GetSecureBits = 27;
    private const int SetSecureBits = 28;
    private const int NoFixup = 4; // SECBIT_NO_SETUID_FIXUP: the capabilities stay

    private readonly uint user;
    private readonly uint group;
    private readonly int bits;
    private readonly bool changed;

    private FileSystemIds((uint User, uint Group) owner)
    {
        bits = prctl(GetSecureBits, 0, 0, 0, 0);
        changed = bits >= 0 && prctl(SetSecureBits, (nuint)(bits | NoFixup), 0, 0, 0) == 0;
        if (!changed)
            return;
        group = setfsgid(owner.Group);
        user = setfsuid(owner.User);
    }

    /// <summary>Becomes another user for files; null changes nothing.</summary>
    internal static FileSystemIds Of((uint User, uint Group)? owner) => owner is { } other ? new(other) : default;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!changed)
            return;
        _ = setfsuid(user);
        _ = setfsgid(group);
        _ = prctl(SetSecureBits, (nuint)bits, 0, 0, 0);
    }

    // These two return the id of before.
    [LibraryImport("libc")]
    private static partial uint setfsuid(uint user);

    [LibraryImport("libc")]
    private static partial uint setfsgid(uint group);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
