using System.Text.Json;
using Podsharp.Engine.Json;

namespace Podsharp.Engine.Images;

/// <summary>The JSON of manifests and configurations: image-spec manifest.md, image-index.md, config.md. Docker's configurations have capitals where
/// OCI has none, so names are compared without case, as Go does; a null is as if it weren't there, as in Go.</summary>
/// <remarks>The functions that read throw <see cref="JsonException"/>.</remarks>
internal static class ImageJson
{
    internal static ImageManifest ReadManifest(ReadOnlyMemory<byte> json) => JsonRow.Parse(json, anyCase: true, Manifest);

    internal static ImageConfigFile ReadConfig(ReadOnlyMemory<byte> json) => JsonRow.Parse(json, anyCase: true, Config);

    /// <summary>The member <c>config</c> alone.</summary>
    internal static ImageConfigSection ReadSection(ReadOnlyMemory<byte> json) => JsonRow.Parse(json, anyCase: true, Section);

    internal static byte[] Write(ImageConfigFile config) => JsonFields.Document(config, Config);

    private static ImageManifest Manifest(JsonRow row) => new()
    {
        SchemaVersion = row.Int("schemaVersion"),
        MediaType = row.Text("mediaType"),
        ArtifactType = row.Text("artifactType"),
        Config = row.Object("config", Descriptor),
        Layers = row.Objects("layers", Descriptor),
        Manifests = row.Objects("manifests", Descriptor),
        Subject = row.Object("subject", Descriptor),
        Annotations = row.Map("annotations"),
    };

    private static Descriptor Descriptor(JsonRow row) => new()
    {
        MediaType = row.Text("mediaType", ""),
        Digest = row.Text("digest", ""),
        Size = row.Long("size") ?? 0,
        Urls = row.Texts("urls"),
        Annotations = row.Map("annotations"),
        Data = row.Text("data"),
        Platform = row.Object("platform", Platform),
        ArtifactType = row.Text("artifactType"),
    };

    private static PlatformRecord Platform(JsonRow row) => new()
    {
        Os = row.Text("os", ""),
        Architecture = row.Text("architecture", ""),
        OsVersion = row.Text("os.version"),
        OsFeatures = row.Texts("os.features"),
        Variant = row.Text("variant"),
        Features = row.Texts("features"),
    };

    private static ImageConfigFile Config(JsonRow row) => new()
    {
        Created = row.Time("created"),
        Author = row.Text("author"),
        Architecture = row.Text("architecture"),
        Variant = row.Text("variant"),
        Os = row.Text("os"),
        OsVersion = row.Text("os.version"),
        OsFeatures = row.Texts("os.features"),
        DockerVersion = row.Text("docker_version"),
        Comment = row.Text("comment"),
        Config = row.Object("config", Section),
        Rootfs = row.Object("rootfs", Rootfs),
        History = row.Objects("history", History),
    };

    private static void Config(Utf8JsonWriter json, ImageConfigFile config)
    {
        json.Field("created", config.Created);
        json.Field("author", config.Author);
        json.Field("architecture", config.Architecture);
        json.Field("variant", config.Variant);
        json.Field("os", config.Os);
        json.Field("os.version", config.OsVersion);
        json.Field("os.features", config.OsFeatures);
        json.Field("docker_version", config.DockerVersion);
        json.Field("comment", config.Comment);
        json.Field("config", config.Config, Section);
        json.Field("rootfs", config.Rootfs, Rootfs);
        json.Field("history", config.History, History);
    }

    private static ImageConfigSection Section(JsonRow row) => new()
    {
        User = row.Text("User"),
        Env = row.Texts("Env"),
        Entrypoint = row.Texts("Entrypoint"),
        Cmd = row.Texts("Cmd"),
        WorkingDir = row.Text("WorkingDir"),
        Volumes = row.Names("Volumes"),
        ExposedPorts = row.Names("ExposedPorts"),
        Labels = row.Map("Labels"),
        StopSignal = row.Text("StopSignal"),
        Healthcheck = row.Object("Healthcheck", Healthcheck),
        OnBuild = row.Texts("OnBuild"),
        Shell = row.Texts("Shell"),
    };

    private static void Section(Utf8JsonWriter json, ImageConfigSection section)
    {
        json.Field("User", section.User);
        json.Field("Env", section.Env);
        json.Field("Entrypoint", section.Entrypoint);
        json.Field("Cmd", section.Cmd);
        json.Field("WorkingDir", section.WorkingDir);
        WriteNames(json, "Volumes", section.Volumes);
        WriteNames(json, "ExposedPorts", section.ExposedPorts);
        json.Field("Labels", section.Labels);
        json.Field("StopSignal", section.StopSignal);
        json.Field("Healthcheck", section.Healthcheck, Healthcheck);
        json.Field("OnBuild", section.OnBuild);
        json.Field("Shell", section.Shell);
    }

    private static HealthcheckSection Healthcheck(JsonRow row) => new()
    {
        Test = row.Texts("Test"),
        Interval = row.Long("Interval"),
        Timeout = row.Long("Timeout"),
        StartPeriod = row.Long("StartPeriod"),
        StartInterval = row.Long("StartInterval"),
        Retries = row.Long("Retries"),
    };

    internal static void Healthcheck(Utf8JsonWriter json, HealthcheckSection check)
    {
        json.Field("Test", check.Test);
        json.Field("Interval", check.Interval);
        json.Field("Timeout", check.Timeout);
        json.Field("StartPeriod", check.StartPeriod);
        json.Field("StartInterval", check.StartInterval);
        json.Field("Retries", check.Retries);
    }

    private static RootFileSystem Rootfs(JsonRow row) => new() { Type = row.Text("type", "layers"), DiffIds = row.Texts("diff_ids") ?? [] };

    internal static void Rootfs(Utf8JsonWriter json, RootFileSystem rootfs)
    {
        json.Field("type", rootfs.Type);
        json.Field("diff_ids", rootfs.DiffIds);
    }

    private static HistoryRecord History(JsonRow row) => new()
    {
        Created = row.Time("created"),
        CreatedBy = row.Text("created_by"),
        Author = row.Text("author"),
        Comment = row.Text("comment"),
        EmptyLayer = row.Flag("empty_layer"),
    };

    internal static void History(Utf8JsonWriter json, HistoryRecord record)
    {
        json.Field("created", record.Created);
        json.Field("created_by", record.CreatedBy);
        json.Field("author", record.Author);
        json.Field("comment", record.Comment);
        if (record.EmptyLayer) json.Field("empty_layer", true);
    }

    /// <summary>A set of names: an object of empty objects.</summary>
    internal static void WriteNames(Utf8JsonWriter json, string name, IReadOnlyList<string>? names)
    {
        if (names is null) return;
        json.WriteStartObject(name);
        for (var i = 0; i < names.Count; i++)
        {
            json.WriteStartObject(names[i]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
