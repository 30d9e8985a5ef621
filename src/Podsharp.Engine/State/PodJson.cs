using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The JSON column of pods, mapped as those of containers are.</summary>
internal static class PodJson
{
    // The names of the values 0, 1, ... as they are stored.
    private static readonly string[] ExitPolicies = ["Continue", "Stop"];

    internal static string Write(PodConfig config) => JsonFields.Text(config, Config);

    internal static PodConfig Read(string json) => JsonRow.Parse(json, Config);

    private static void Config(Utf8JsonWriter json, PodConfig config)
    {
        json.Field("id", config.Id);
        json.Field("name", config.Name);
        json.Field("spec", config.Spec, Spec);
        json.Field("infraId", config.InfraId);
        json.Field("cgroupParent", config.CgroupParent);
        json.Field("cgroupPath", config.CgroupPath);
        json.Field("cgroupSlice", config.CgroupSlice);
    }

    private static PodConfig Config(JsonRow row) => new()
    {
        Id = row.Required("id"),
        Name = row.Required("name"),
        Spec = row.Object("spec", Spec) ?? throw new JsonException("spec is missing"),
        InfraId = row.Text("infraId", ""),
        CgroupParent = row.Text("cgroupParent", ""),
        CgroupPath = row.Text("cgroupPath", ""),
        CgroupSlice = row.Text("cgroupSlice", ""),
    };

    private static void Spec(Utf8JsonWriter json, PodSpec spec)
    {
        json.Field("name", spec.Name);
        json.Field("replace", spec.Replace);
        json.Field("labels", spec.Labels);
        json.Field("infra", spec.Infra);
        json.Field("infraName", spec.InfraName);
        json.Field("infraImage", spec.InfraImage);
        json.Field("infraCommand", spec.InfraCommand);
        json.Field("share", spec.Share);
        json.Field("shareParent", spec.ShareParent);
        json.Field("exitPolicy", (int)spec.ExitPolicy, ExitPolicies);
        json.Field("container", spec.Container, StateWriter.Spec);
        json.Field("createCommand", spec.CreateCommand);
    }

    private static PodSpec Spec(JsonRow row) => new()
    {
        Name = row.Text("name"),
        Replace = row.Flag("replace"),
        Labels = row.Map("labels") ?? EmptyDictionary.Strings,
        Infra = row.Flag("infra", true),
        InfraName = row.Text("infraName"),
        InfraImage = row.Text("infraImage"),
        InfraCommand = row.Texts("infraCommand"),
        Share = row.Texts("share") ?? [],
        ShareParent = row.Flag("shareParent", true),
        ExitPolicy = (PodExitPolicy)row.Enumeration("exitPolicy", ExitPolicies),
        Container = row.Object("container", StateReader.Spec) ?? new(),
        CreateCommand = row.Texts("createCommand") ?? [],
    };
}
