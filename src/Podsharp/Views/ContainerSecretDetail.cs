using System.Security;
using Podsharp.Model;

namespace Podsharp.Views;

/// <summary>Everything about a secret, as Get-ContainerSecret -Detailed emits it.</summary>
public sealed record ContainerSecretDetail
{
    /// <summary>The secret.</summary>
    public required ContainerSecret Secret { get; init; }
    /// <summary>Its id.</summary>
    public string Id => Secret.Id;
    /// <summary>Its name.</summary>
    public string Name => Secret.Name;
    /// <summary>Who keeps the value.</summary>
    public string Driver => Secret.Driver;
    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions => Secret.DriverOptions;
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Secret.Labels;
    /// <summary>When it was made.</summary>
    public DateTimeOffset Created => Secret.Created;
    /// <summary>When it was made or replaced.</summary>
    public DateTimeOffset Updated => Secret.Updated;
    /// <summary>Its value, read as UTF-8; null unless it was asked for. ConvertFrom-SecureString -AsPlainText shows it.</summary>
    public SecureString? Value { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}
