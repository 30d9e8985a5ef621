using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A pod in lists: <c>pod ps --format json</c> and the fields of <c>pod ps --format</c>.</summary>
public static class PodListShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Id"] = "POD ID",
        ["NumberOfContainers"] = "# OF CONTAINERS",
        ["InfraID"] = "INFRA ID",
        ["InfraId"] = "INFRA ID",
        ["ContainerIds"] = "IDS",
        ["ContainerNames"] = "NAMES",
        ["ContainerStatuses"] = "STATUS",
        ["Namespace"] = "NAMESPACES",
    };

    /// <summary>Makes the shape.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="now">The present, for relative times.</param>
    /// <param name="whole">Ids aren't cut in template fields.</param>
    public static WireStruct Create(Pod pod, DateTimeOffset now, bool whole = false)
    {
        return new WireStruct("pods.ListPodReporter")
            .Add("Cgroup", pod.CgroupParent)
            .Add("Containers", WireList.From(pod.Containers.Select(Container)))
            .Add("Created", pod.Created)
            .Add("Id", pod.Id)
            .Add("InfraId", pod.InfraId)
            .Add("Name", pod.Name)
            .Add("Namespace", "")
            .Add("Networks", WireList.From(pod.Networks))
            .Add("Status", pod.State.ToString())
            .Add("Labels", WireMap.From(pod.Labels, nilIfEmpty: true))
            .AddMethod("Created", () => Human.Ago(pod.Created, now))
            .AddMethod("Label", name => pod.Labels.GetValueOrDefault(name, ""))
            .AddMethod("Networks", () => string.Join(',', pod.Networks))
            .AddMethod("NumberOfContainers", () => (long)pod.Containers.Count)
            .AddMethod("Id", () => Cut(pod.Id))
            .AddMethod("ID", () => Cut(pod.Id))
            .AddMethod("InfraId", () => Cut(pod.InfraId))
            .AddMethod("InfraID", () => Cut(pod.InfraId))
            .AddMethod("ContainerIds", () => string.Join(',', pod.Containers.Select(container => Cut(container.Id))))
            .AddMethod("ContainerNames", () => string.Join(',', pod.Containers.Select(container => container.Name)))
            .AddMethod("ContainerStatuses", () => string.Join(',', pod.Containers.Select(container => ContainerText.State(container.State))))
            .AddMethod("Restarts", () => pod.Containers.Sum(container => container.RestartCount).ToString(System.Globalization.CultureInfo.InvariantCulture));

        string Cut(string id) => whole || id.Length <= 12 ? id : id[..12];
    }

    private static WireStruct Container(PodContainer container) => new WireStruct("entities.ListPodContainer")
        .Add("Id", container.Id)
        .Add("Names", container.Name)
        .Add("Status", ContainerText.State(container.State))
        .Add("RestartCount", container.RestartCount);
}
