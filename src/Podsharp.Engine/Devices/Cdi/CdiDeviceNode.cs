namespace Podsharp.Engine.Devices.Cdi;

/// <summary>A device node that a container gets.</summary>
internal sealed record CdiDeviceNode
{
    /// <summary>Its path in the container.</summary>
    internal required string Path { get; init; }
    /// <summary>Its path on the host.</summary>
    internal required string HostPath { get; init; }
    /// <summary>c, b, u or p.</summary>
    internal string Type { get; init; } = "";
    /// <summary>Major number.</summary>
    internal long Major { get; init; }
    /// <summary>Minor number.</summary>
    internal long Minor { get; init; }
    /// <summary>What its control group allows: of r, w and m.</summary>
    internal string Permissions { get; init; } = "rwm";
    /// <summary>Permission bits.</summary>
    internal uint Mode { get; init; }
    /// <summary>Owner.</summary>
    internal uint UserId { get; init; }
    /// <summary>Group.</summary>
    internal uint GroupId { get; init; }
}
