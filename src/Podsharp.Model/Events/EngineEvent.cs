namespace Podsharp.Model;

/// <summary>Something that happened to a container, image or volume, in podman's words.</summary>
public sealed record EngineEvent
{
    /// <summary>container, image, volume, network, pod, secret or system.</summary>
    public required string Type { get; init; }
    /// <summary>create, init, start, died, cleanup, remove, pull, tag ...</summary>
    public required string Status { get; init; }
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }
    /// <summary>The object's id.</summary>
    public string Id { get; init; } = "";
    /// <summary>The object's name.</summary>
    public string Name { get; init; } = "";
    /// <summary>The container's image.</summary>
    public string Image { get; init; } = "";
    /// <summary>With died and exec_died, and with remove of a container that had run.</summary>
    public int? ExitCode { get; init; }
    /// <summary>With died: whether the kernel killed the container for want of memory.</summary>
    public bool OomKilled { get; init; }
    /// <summary>The container's health, with health_status: starting, healthy, unhealthy.</summary>
    public string HealthStatus { get; init; } = "";
    /// <summary>Failures in a row, with health_status.</summary>
    public int HealthFailingStreak { get; init; }
    /// <summary>The check as JSON, with health_status of a container whose health log goes to the events.</summary>
    public string HealthLog { get; init; } = "";
    /// <summary>The network's name, with events of networks.</summary>
    public string Network { get; init; } = "";
    /// <summary>The pod of the container; empty where it is in none.</summary>
    public string PodId { get; init; } = "";
    /// <summary>Why, with pull-error.</summary>
    public string Error { get; init; } = "";
    /// <summary>Labels and further facts.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = EmptyDictionary.Strings;

    /// <summary>One line for people, without the time, as podman writes it.</summary>
    /// <param name="whole">Whether ids are shown whole, not only the first 12 characters.</param>
    public string Describe(bool whole = true)
    {
        var id = whole || Id.Length <= 12 ? Id : Id[..12];
        var head = $"{Type} {Status}";
        return Type switch
        {
            "container" or "pod" => $"{head} {id} ({string.Join(", ", Facts())})",
            "image" => $"{head} {id} {Name}{(Error.Length > 0 ? " " + Error : "")}",
            "network" when Status is "create" or "remove" => $"{head} {Id} (name={Network}, type={Attributes.GetValueOrDefault("driver", "")})",
            "network" => $"{head} {id} (container={id}, name={Network})",
            "secret" => $"{head} {id}",
            _ => Name.Length > 0 ? $"{head} {Name}" : head,
        };
    }

    private IEnumerable<string> Facts()
    {
        IEnumerable<string> facts = [$"image={Image}", $"name={Name}"];
        if (PodId.Length > 0)
            facts = facts.Append($"pod_id={PodId}");
        if (Status == "health_status")
            facts = facts.Concat([$"health_status={HealthStatus}", $"health_failing_streak={HealthFailingStreak}", $"health_log={HealthLog}"]);
        return facts.Concat(Attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Status} {(Name.Length > 0 ? Name : Network.Length > 0 ? Network : Id)}".TrimEnd();
}
