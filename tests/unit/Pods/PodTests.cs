using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Engine.Pods;
using Podsharp.Engine.State;
using Podsharp.Model;
using Podsharp.Orchestration.Pods;
using Xunit;

namespace Podsharp.UnitTests.Pods;

public sealed class PodTests
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() },
    };

    [Fact]
    public void Every_property_of_a_configuration_is_written_and_read()
    {
        foreach (var config in new[] { new RecordFiller().Fill<PodConfig>(), new PodConfig { Id = "i", Name = "n", Spec = new() { ExitPolicy = PodExitPolicy.Stop } } })
        {
            Assert.Equal(JsonSerializer.Serialize(config, Options), PodJson.Write(config));
            Assert.Equal(PodJson.Write(config), PodJson.Write(PodJson.Read(PodJson.Write(config))));
        }
    }

    [Theory]
    [InlineData("", PodState.Created)]
    [InlineData("cc", PodState.Created)]
    [InlineData("rr", PodState.Running)]
    [InlineData("rc", PodState.Degraded)]
    [InlineData("re", PodState.Degraded)]
    [InlineData("rp", PodState.Degraded)]
    [InlineData("ee", PodState.Exited)]
    [InlineData("es", PodState.Exited)]
    [InlineData("ec", PodState.Stopped)]
    [InlineData("ep", PodState.Stopped)]
    [InlineData("pp", PodState.Paused)]
    [InlineData("pc", PodState.Created)]
    [InlineData("u", PodState.Error)]
    [InlineData("cu", PodState.Error)]
    public void A_pods_state_follows_from_its_containers(string containers, PodState expected) => Assert.Equal(expected, PodStates.Of([.. containers.Select(letter => letter switch
    {
        'c' => ContainerState.Created,
        'r' => ContainerState.Running,
        'e' => ContainerState.Exited,
        's' => ContainerState.Stopped,
        'p' => ContainerState.Paused,
        _ => ContainerState.Unknown,
    })]));

    [Theory]
    [InlineData("", "")]
    [InlineData("none", "")]
    [InlineData("net", "net")]
    [InlineData("pid,net", "pid net")]
    [InlineData("+pid", "ipc net uts pid")]
    [InlineData("+net", "ipc net uts")]
    public void Namespaces_to_share_are_read(string text, string expected) => Assert.Equal(expected, string.Join(' ', PodSpecBuilder.Share(text)));

    [Fact]
    public void What_others_need_is_started_first()
    {
        var infra = Record("infra") with { Config = Record("infra").Config with { InfraId = "infra" } };
        var server = InPod("server");
        var beside = InPod("beside") with { Config = InPod("beside").Config with { Network = new(NamespaceKind.Container, "server") } };
        var layers = PodOrder.Layers([beside, server, infra]);
        Assert.Equal(["infra", "server", "beside"], layers.Select(layer => string.Join(' ', layer.Select(record => record.Id))));
        // Two that need each other are started all the same.
        var other = InPod("other") with { Config = InPod("other").Config with { Network = new(NamespaceKind.Container, "third") } };
        var third = InPod("third") with { Config = InPod("third").Config with { Network = new(NamespaceKind.Container, "other") } };
        Assert.Single(PodOrder.Layers([other, third]));
    }

    [Fact]
    public void A_container_joins_the_namespaces_that_its_pod_shares()
    {
        var pod = new PodConfig { Id = "pod", Name = "p", Spec = new() { Share = ["net", "pid"], Container = new() { RestartPolicy = new(RestartPolicyKind.Always) } }, InfraId = "infra", CgroupPath = "/podsharp/pod" };
        var infra = new ContainerConfig { Id = "infra", Name = "i", Spec = new(), InfraId = "infra", Mounts = [new() { Source = "/a", Target = "/t" }, new() { Source = "/b", Target = "/u" }] };
        var joined = PodMembership.Join(pod, infra, new() { UtsNamespace = NamespaceMode.Default, HostName = "own", Mounts = [new() { Source = "/c", Target = "/t" }] });
        var its = new NamespaceMode(NamespaceKind.Container, "infra");
        Assert.Equal((its, its, NamespaceMode.Default, "own"), (joined.Network, joined.PidNamespace, joined.IpcNamespace, joined.HostName));
        Assert.Equal((RestartPolicyKind.Always, "/podsharp/pod", "pod"), (joined.RestartPolicy.Kind, joined.CgroupParent, joined.Pod));
        Assert.Equal(["/b", "/c"], joined.Mounts.Select(mount => mount.Source));
        Assert.Equal(new NamespaceMode(NamespaceKind.None), PodMembership.Join(pod, infra, new() { Network = new(NamespaceKind.None), Ports = [new() { ContainerPort = 80 }] }).Network);
        Assert.Throws<ContainerEngineException>(() => PodMembership.Join(pod, infra, new() { Ports = [new() { ContainerPort = 80 }] }));
        // A copy outside the pod has its own again.
        var left = PodMembership.Leave(new() { Id = "c", Name = "c", Spec = joined, PodId = "pod", InfraId = "infra" }, joined);
        Assert.Equal((NamespaceMode.Default, NamespaceMode.Default, null, null), (left.Network, left.PidNamespace, left.Pod, left.CgroupParent));
    }

    private static ContainerRecord InPod(string id) => Record(id) with { Config = Record(id).Config with { PodId = "pod", InfraId = "infra" } };

    private static ContainerRecord Record(string id) => new() { Config = new() { Id = id, Name = id, Spec = new() }, Name = id, Created = DateTimeOffset.UnixEpoch };
}
