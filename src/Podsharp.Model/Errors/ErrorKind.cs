namespace Podsharp.Model;

/// <summary>What went wrong, in terms a caller can act on. Fronts map it: cmdlets to an ErrorRecord category,
/// the command line to an exit code, REST to a status code.</summary>
public enum ErrorKind
{
    /// <summary>A defect of the engine or something it did not foresee.</summary>
    Internal,
    /// <summary>The request itself is malformed or contradicts itself.</summary>
    InvalidArgument,
    /// <summary>The named container, image, volume or network does not exist.</summary>
    NotFound,
    /// <summary>A name or id matches more than one object.</summary>
    Ambiguous,
    /// <summary>The name is taken.</summary>
    NameInUse,
    /// <summary>The object is in a state that does not allow the operation.</summary>
    InvalidState,
    /// <summary>The object is used by another one.</summary>
    InUse,
    /// <summary>A host port is taken.</summary>
    PortInUse,
    /// <summary>The kernel or the file system said no.</summary>
    PermissionDenied,
    /// <summary>A program or library of the host is missing or too old.</summary>
    MissingComponent,
    /// <summary>This host, or this configuration, cannot do it.</summary>
    Unsupported,
    /// <summary>A registry refused the credentials, or wants some.</summary>
    Unauthorized,
    /// <summary>A registry or network peer could not be reached or broke the protocol.</summary>
    Network,
    /// <summary>Content does not match its digest or size, or a stored file is damaged.</summary>
    DataCorrupt,
    /// <summary>The file system or a quota is full.</summary>
    StorageFull,
    /// <summary>The OCI runtime or conmon failed.</summary>
    Runtime,
    /// <summary>The container's command was found but can't be executed (exit code 126).</summary>
    CommandNotExecutable,
    /// <summary>The container's command was not found (exit code 127).</summary>
    CommandNotFound,
    /// <summary>The operation did not finish in its time.</summary>
    Timeout,
}
