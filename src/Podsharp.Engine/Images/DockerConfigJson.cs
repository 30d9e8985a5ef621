using System.Text.Json;
using Podsharp.Engine.Json;

namespace Podsharp.Engine.Images;

/// <summary>Writes a configuration in Docker's older form, which names the container and the parent image and has all members of a container's
/// configuration, whether they say anything or not.</summary>
internal static class DockerConfigJson
{
    /// <summary>A configuration.</summary>
    /// <param name="config">What it says.</param>
    /// <param name="source">Where the image comes from.</param>
    internal static byte[] Write(ImageConfigFile config, DockerOrigin source) => JsonFields.Document(config, (json, file) =>
    {
        json.Field("comment", file.Comment);
        json.Field("created", file.Created);
        json.WriteString("container", source.ContainerId);
        json.Field("container_config", source.ContainerSection, (writer, section) => Section(writer, section, source.BaseName));
        json.Field("author", file.Author);
        json.Field("config", file.Config, (writer, section) => Section(writer, section, source.BaseName));
        json.Field("architecture", file.Architecture);
        json.Field("variant", file.Variant);
        json.Field("os", file.Os);
        json.Field("os.version", file.OsVersion);
        json.Field("os.features", file.OsFeatures);
        if (source.BaseId.Length > 0)
            json.WriteString("parent", "sha256:" + source.BaseId);
        json.Field("rootfs", file.Rootfs, ImageJson.Rootfs);
        json.Field("history", file.History, ImageJson.History);
    });

    private static void Section(Utf8JsonWriter json, ImageConfigSection section, string image)
    {
        json.WriteString("Hostname", "");
        json.WriteString("Domainname", "");
        json.WriteString("User", section.User ?? "");
        json.WriteBoolean("AttachStdin", false);
        json.WriteBoolean("AttachStdout", false);
        json.WriteBoolean("AttachStderr", false);
        ImageJson.WriteNames(json, "ExposedPorts", section.ExposedPorts);
        json.WriteBoolean("Tty", false);
        json.WriteBoolean("OpenStdin", false);
        json.WriteBoolean("StdinOnce", false);
        OrNull(json, "Env", section.Env);
        OrNull(json, "Cmd", section.Cmd);
        json.Field("Healthcheck", section.Healthcheck, ImageJson.Healthcheck);
        json.WriteString("Image", image);
        if (section.Volumes is null)
            json.WriteNull("Volumes");
        else
            ImageJson.WriteNames(json, "Volumes", section.Volumes);
        json.WriteString("WorkingDir", section.WorkingDir ?? "");
        OrNull(json, "Entrypoint", section.Entrypoint);
        OrNull(json, "OnBuild", section.OnBuild);
        if (section.Labels is null)
            json.WriteNull("Labels");
        else
            json.Field("Labels", section.Labels);
        json.Field("StopSignal", section.StopSignal);
        json.Field("Shell", section.Shell);
    }

    private static void OrNull(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            json.WriteNull(name);
        else
            json.Field(name, values);
    }
}
