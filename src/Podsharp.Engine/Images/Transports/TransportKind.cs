namespace Podsharp.Engine.Images.Transports;

/// <summary>The kinds of places where images can be (containers-transports(5)).</summary>
internal enum TransportKind
{
    /// <summary><c>docker://</c>: a registry.</summary>
    Registry,
    /// <summary><c>containers-storage:</c>: this engine's store.</summary>
    Storage,
    /// <summary><c>oci:</c>: a directory with an OCI image layout.</summary>
    OciLayout,
    /// <summary><c>oci-archive:</c>: such a directory as a tar.</summary>
    OciArchive,
    /// <summary><c>docker-archive:</c>: what docker save writes.</summary>
    DockerArchive,
    /// <summary><c>dir:</c>: one image, each blob a file.</summary>
    Directory,
}
