using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A secret as <c>podman secret ls</c> and <c>podman secret inspect</c> show it.</summary>
public static class SecretShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CreatedAt"] = "CREATED",
        ["UpdatedAt"] = "UPDATED",
    };

    /// <summary>The shape of lists.</summary>
    public static WireStruct List(ContainerSecret secret, DateTimeOffset now) => new WireStruct("secretListReport")
        .Add("ID", secret.Id)
        .Add("Name", secret.Name)
        .Add("Driver", secret.Driver)
        .Add("CreatedAt", Human.Ago(secret.Created, now))
        .Add("UpdatedAt", Human.Ago(secret.Updated, now));

    /// <summary>The shape of inspect.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="value">Its value, where that was asked for.</param>
    public static WireStruct Create(ContainerSecret secret, string? value) => new WireStruct("entities.SecretInfoReport")
        .Add("ID", secret.Id)
        .Add("CreatedAt", secret.Created)
        .Add("UpdatedAt", secret.Updated)
        .Add("Spec", new WireStruct("entities.SecretSpec")
            .Add("Name", secret.Name)
            .Add("Driver", new WireStruct("entities.SecretDriverSpec").Add("Name", secret.Driver).Add("Options", WireMap.From(secret.DriverOptions)))
            .Add("Labels", WireMap.From(secret.Labels)))
        .Add("SecretData", value ?? "", omitEmpty: true);
}
