namespace Podsharp.Model;

/// <summary>What a record of a build's progress tells.</summary>
public enum ImageBuildStage
{
    /// <summary>An instruction begins.</summary>
    Step,
    /// <summary>Its process has written something.</summary>
    Output,
    /// <summary>Its result is known from an earlier build.</summary>
    Cached,
    /// <summary>Its result is recorded.</summary>
    Committed,
    /// <summary>A step's result was taken from a repository.</summary>
    CachePulled,
    /// <summary>A step's result is put into a repository.</summary>
    CachePushed,
    /// <summary>Something to know.</summary>
    Warning,
    /// <summary>A base image is being fetched.</summary>
    Pulling,
    /// <summary>The image is made.</summary>
    Done,
    /// <summary>The images were put into a list.</summary>
    Listed,
}
