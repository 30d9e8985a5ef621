namespace Podsharp.Model;

/// <summary>What images are saved as.</summary>
public enum ImageArchiveFormat
{
    /// <summary>A tar that <c>docker load</c> reads (<c>docker-archive</c>): plain layers, <c>manifest.json</c>.</summary>
    DockerArchive,
    /// <summary>A tar of an OCI image layout (<c>oci-archive</c>).</summary>
    OciArchive,
    /// <summary>A directory with an OCI image layout (<c>oci-dir</c>). The engine gives its files as a tar.</summary>
    OciDirectory,
    /// <summary>A directory with one image in Docker's form, as the transport <c>dir</c> has it (<c>docker-dir</c>). The engine gives its files
    /// as a tar.</summary>
    DockerDirectory,
}
