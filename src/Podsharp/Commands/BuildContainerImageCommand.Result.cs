using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

// The parameters that say what the image is made of.
public sealed partial class BuildContainerImageCommand
{
    /// <summary>The base image in place of the first FROM's.</summary>
    [Parameter]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? From { get; set; }

    /// <summary>Makes one layer of all that the build adds.</summary>
    [Parameter]
    public SwitchParameter Squash { get; set; }

    /// <summary>Makes one layer of all, the base image's included.</summary>
    [Parameter]
    public SwitchParameter SquashAll { get; set; }

    /// <summary>Makes one layer of all instructions, and keeps none of them for later builds.</summary>
    [Parameter]
    public SwitchParameter NoLayer { get; set; }

    /// <summary>How old a step's earlier result may be: a TimeSpan, seconds, or "24h".</summary>
    [Parameter]
    [DurationTransformation]
    [Alias("CacheTtl")]
    public TimeSpan? CacheAge { get; set; }

    /// <summary>Builds all stages, those that the target doesn't need, too.</summary>
    [Parameter]
    public SwitchParameter AllStages { get; set; }

    /// <summary>Variables for the image: a hashtable, NAME=value, or NAME for the session's.</summary>
    [Parameter]
    [DictionaryTransformation(Environment = true)]
    public Hashtable? Environment { get; set; }

    /// <summary>Variables of the image to leave out.</summary>
    [Parameter]
    public string[] RemoveEnvironment { get; set; } = [];

    /// <summary>Labels of the base image to leave out.</summary>
    [Parameter]
    public string[] RemoveLabel { get; set; } = [];

    /// <summary>Leaves out all labels of the base image.</summary>
    [Parameter]
    public SwitchParameter NoInheritLabel { get; set; }

    /// <summary>Labels for the images between, which have no name.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? LayerLabel { get; set; }

    /// <summary>Annotations of the base image to leave out.</summary>
    [Parameter]
    public string[] RemoveAnnotation { get; set; } = [];

    /// <summary>Leaves out all annotations of the base image.</summary>
    [Parameter]
    public SwitchParameter NoInheritAnnotation { get; set; }

    /// <summary>Leaves out the annotation that tells when the image was made.</summary>
    [Parameter]
    public SwitchParameter NoCreatedAnnotation { get; set; }

    /// <summary>Leaves the history out of the image.</summary>
    [Parameter]
    public SwitchParameter OmitHistory { get; set; }

    /// <summary>The time of the image and its history; the session's variable SOURCE_DATE_EPOCH when neither this nor -Timestamp is given.</summary>
    [Parameter]
    [Alias("SourceDateEpoch")]
    public DateTimeOffset? SourceDate { get; set; }

    /// <summary>Lets nothing in the layers be younger than -SourceDate.</summary>
    [Parameter]
    public SwitchParameter RewriteTimestamp { get; set; }

    /// <summary>Sockets of key agents for RUN --mount=type=ssh, by id: @{ default = $env:SSH_AUTH_SOCK }.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? SshAgent { get; set; }

    private ImageBuildRequest WithResult(ImageBuildRequest request)
    {
        if (Squash && SquashAll)
            throw EngineErrors.InvalidArgument("-Squash and -SquashAll exclude each other", null, "leave one of them out");
        if (Timestamp is not null && SourceDate is not null)
            throw EngineErrors.InvalidArgument("-Timestamp and -SourceDate exclude each other", null, "leave one of them out");
        return request with
        {
            From = From,
            Squash = Squash,
            SquashAll = SquashAll,
            Layers = !NoLayer && !Squash && !SquashAll,
            CacheAge = CacheAge,
            SkipUnusedStages = !AllStages,
            Environment = DictionaryTransformationAttribute.ToStrings(Environment),
            RemoveEnvironment = RemoveEnvironment,
            RemoveLabels = RemoveLabel,
            InheritLabels = !NoInheritLabel,
            LayerLabels = DictionaryTransformationAttribute.ToStrings(LayerLabel),
            RemoveAnnotations = RemoveAnnotation,
            InheritAnnotations = !NoInheritAnnotation,
            CreatedAnnotation = !NoCreatedAnnotation,
            OmitHistory = OmitHistory,
            SourceDate = SourceDate ?? BuildRequestBuilder.SourceDate(SpecCmdlet.SessionVariables()),
            RewriteTimestamp = RewriteTimestamp,
            SshAgents = DictionaryTransformationAttribute.ToStrings(SshAgent).ToDictionary(pair => pair.Key, pair => FullPath(pair.Value)!),
        };
    }
}
