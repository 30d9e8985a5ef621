namespace Podsharp.Model;

/// <summary>What a build tells while it goes on.</summary>
public sealed record ImageBuildProgress
{
    /// <summary>What this record tells.</summary>
    public required ImageBuildStage Stage { get; init; }
    /// <summary>The number of the Containerfile's stage among those that are built, from 1; 0 where it is of none.</summary>
    public int StageNumber { get; init; }
    /// <summary>How many stages are built.</summary>
    public int StageCount { get; init; }
    /// <summary>The number of the instruction in its stage, from 1.</summary>
    public int Step { get; init; }
    /// <summary>How many instructions the stage has.</summary>
    public int StepCount { get; init; }
    /// <summary>The instruction, or the message.</summary>
    public string Text { get; init; } = "";
    /// <summary>What an instruction's process wrote.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }
    /// <summary>Whether it wrote that to its standard error.</summary>
    public bool IsError { get; init; }
    /// <summary>The id of the image that a step has led to.</summary>
    public string? ImageId { get; init; }
    /// <summary>How far the fetching of a base image is.</summary>
    public ImagePullProgress? Pull { get; init; }
    /// <summary>The platform that this record is about; null where it is about no one of them.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>The list that the images were put into, in the last record of all.</summary>
    public ContainerManifest? List { get; init; }
    /// <summary>The manifest of <see cref="Image"/>.</summary>
    public ContentDescriptor? Manifest { get; init; }
    /// <summary>The bill of materials that was asked for, in the last record.</summary>
    public SbomResult? Sbom { get; init; }
    /// <summary>The image, in the last record, or the last of its platform.</summary>
    public ContainerImage? Image { get; init; }
}
