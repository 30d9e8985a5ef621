using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Copying;

/// <summary>The kernel's word about a file in the model's.</summary>
internal static class FileStatuses
{
    internal static FilePathStatus Of(string path, in FileStatus status) => new()
    {
        Path = path,
        Exists = true,
        Kind = status.IsDirectory ? FileKind.Directory : status.IsRegular ? FileKind.File : FileKind.Other,
        Size = status.Size,
        Mode = (int)(status.Mode & ModeBits.PermissionMask),
        Modified = status.Modified.ToDateTimeOffset(),
    };
}
