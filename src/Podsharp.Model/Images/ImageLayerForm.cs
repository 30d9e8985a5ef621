namespace Podsharp.Model;

/// <summary>How a place has layers.</summary>
public enum ImageLayerForm
{
    /// <summary>As they are.</summary>
    Unchanged,
    /// <summary>Compressed.</summary>
    Compressed,
    /// <summary>As plain tars.</summary>
    Plain,
}
