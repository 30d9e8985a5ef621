using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Containers.Checkpoints;
using Podsharp.Engine.Host;
using Podsharp.Engine.Podman;
using Podsharp.Engine.State;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Containers.Checkpoints;

/// <summary>config.dump and spec.dump: ours back and forth, ours as podman reads them, podman's (the golden files are of a podman 5.8.6), and hostile ones.</summary>
public sealed class CheckpointDefinitionTests
{
    private const string Pod = "62f863946f9e558bb5304242f648196f73785e7dacd0f45eadfeaabbfe12b168";
    private const string Infra = "3fd1ff6e5ede09a5f82fb074c3ca8f392c0881789e71fe6caa3b590a831c80d8";
    private const string Anonymous = "515fcf792a0a1af98be06a9172023d99dc23f64c401fd7f009ce7b6d9c7c0012";
    private static readonly string Id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
    private static readonly string Image = string.Concat(Enumerable.Repeat("fedcba9876543210", 4));
    private static readonly PodmanHost Host = new("/graph/volumes", 65_536_000);
    private static readonly HashSet<string> NoNetworks = [];

    private static ContainerConfig Small => new()
    {
        Id = Id,
        Name = "web",
        ImageId = Image,
        ImageName = "localhost/web:1",
        Spec = new() { Image = "web", Name = "web", Command = ["serve"] },
        Network = new(NamespaceKind.Private),
        Networks = [new() { Network = "podsharp" }],
        RuntimeName = "crun",
        LogDriver = "k8s-file",
    };

    [Fact]
    public void All_that_a_container_is_made_of_comes_back()
    {
        var filled = new RecordFiller().Fill<ContainerConfig>();
        var config = filled with
        {
            Id = Id,
            Name = "web",
            ImageId = Image,
            ImageName = "localhost/web:1",
            PodId = "",
            InfraId = "",
            UserIdMap = [],
            GroupIdMap = [],
            Network = new(NamespaceKind.Private),
            UserNamespace = new(NamespaceKind.Host),
            Mounts = [new() { Type = MountType.Volume, Source = "data", Target = "/data", Options = ["ro"] }, new() { Type = MountType.Tmpfs, Target = "/t" }],
            Ports = [new() { HostIp = "127.0.0.1", HostPort = 8080, ContainerPort = 80, Range = 2, Protocol = "udp" }],
            Spec = filled.Spec with
            {
                RootFs = null,
                Requires = [],
                Pod = null,
                PidNamespace = new(NamespaceKind.Host),
                IpcNamespace = new(NamespaceKind.Shareable),
                UtsNamespace = NamespaceMode.Default,
                CgroupNamespace = new(NamespaceKind.Path, "/ns"),
                Network = new(NamespaceKind.Private),
                LogOptions = new Dictionary<string, string> { ["max-size"] = "1m", ["path"] = "/var/log/x" },
            },
        };
        var read = Back(config);
        Assert.Equal(("podsharp", Id, "web", Image, "localhost/web:1", ""), (read.Engine, read.Id, read.Name, read.ImageId, read.ImageName, read.PodId));
        Assert.Equal(["data"], read.Volumes.Select(volume => volume.Source));
        var (spec, warnings) = read.Plan(new(), new(), NoNetworks);
        Assert.Empty(warnings);
        var expected = config.Spec with
        {
            Name = "web",
            Image = Image,
            Mounts = config.Mounts,
            VolumesFrom = [],
            Networks = config.Networks,
            Ports = config.Ports,
            PublishAll = false,
            // What is this host's or this run's alone.
            Replace = false,
            CheckPorts = false,
            IdFile = null,
            PidFile = null,
            ConmonPidFile = null,
            Registry = new(),
            PreserveDescriptors = [],
            LogOptions = new Dictionary<string, string> { ["max-size"] = "1m" },
            Secrets = [.. config.Spec.Secrets.Select(use => use with { Id = "" })],
        };
        Assert.Equal(RecordFiller.Show(expected), RecordFiller.Show(spec));
    }

    [Fact]
    public void Nothing_of_this_host_and_no_password_is_written()
    {
        var config = Small with
        {
            LogPath = "/graph/ctr.log",
            RuntimePath = "/here/crun",
            CgroupPath = "/here/group",
            NotifySocket = "/here/notify",
            Spec = Small.Spec with { Registry = new() { UserName = "u", Password = "here" }, PidFile = "/here/pid", IdFile = "/here/id", ConmonPidFile = "/here/conmon" },
        };
        var text = Encoding.UTF8.GetString(CheckpointDefinition.Write(Record(config), Specification(), Host));
        Assert.DoesNotContain("here", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/graph", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ids_of_a_user_namespace_stay()
    {
        var config = Small with
        {
            UserNamespace = new(NamespaceKind.Private),
            UserIdMap = [new(0, 300000, 1024)],
            GroupIdMap = [new(0, 400000, 1024)],
            Spec = Small.Spec with { UserNamespace = "auto" },
        };
        var (spec, _) = Back(config).Plan(new(), new(), NoNetworks);
        Assert.Null(spec.UserNamespace);
        Assert.Equal(["0:300000:1024"], spec.UserMap);
        Assert.Equal(["0:400000:1024"], spec.GroupMap);
    }

    [Fact]
    public void Namespaces_of_a_pod_are_left_to_the_next_pod_and_others_are_not()
    {
        var shared = new NamespaceMode(NamespaceKind.Container, Infra);
        var config = Small with
        {
            PodId = Pod,
            InfraId = Infra,
            Network = shared,
            Networks = [],
            Spec = Small.Spec with { Pod = Pod, Network = shared, IpcNamespace = shared, UtsNamespace = shared, HostName = "pod", Requires = [new(Infra)] },
        };
        var read = Back(config);
        Assert.Equal(Pod, read.PodId);
        var (spec, _) = read.Plan(new(), new(), NoNetworks);
        Assert.Null(spec.Pod);
        Assert.Null(spec.HostName);
        Assert.Equal(NamespaceMode.Default, spec.Network);
        Assert.Equal(NamespaceMode.Default, spec.IpcNamespace);
        Assert.Equal(NamespaceMode.Default, spec.UtsNamespace);
        Assert.Equal(new NamespaceMode(NamespaceKind.Private), spec.PidNamespace);
    }

    [Fact]
    public void Who_needs_other_containers_is_refused()
    {
        Assert.Equal(ErrorKind.Unsupported, Refused(Small with { Spec = Small.Spec with { Requires = [new(Infra)] } }));
        Assert.Equal(ErrorKind.Unsupported, Refused(Small with { Spec = Small.Spec with { PidNamespace = new(NamespaceKind.Container, Infra) } }));
        Assert.Equal(ErrorKind.Unsupported, Refused(Small with { Network = new(NamespaceKind.Container, Infra) }));
    }

    // What podman's reader takes: the counterpart understands podman's own.
    [Fact]
    public void Podman_finds_what_it_needs()
    {
        var config = Small with
        {
            Labels = new Dictionary<string, string> { ["a"] = "b" },
            StopSignal = 2,
            StopTimeout = 3,
            Networks = [new() { Network = "podsharp", StaticIps = ["10.99.0.5"] }, new() { Network = "n1", StaticIps = ["10.77.0.9"], StaticMac = "02:00:00:00:00:01", Aliases = ["al"], InterfaceName = "eth1" }],
            Ports = [new() { HostIp = "127.0.0.1", HostPort = 8081, ContainerPort = 80 }],
            ExposedPorts = ["77/tcp", "77/udp"],
            Mounts = [new() { Type = MountType.Volume, Source = "named", Target = "/data" }, new() { Type = MountType.Volume, Source = Anonymous, Target = "/anon" }, new() { Type = MountType.Bind, Source = "/srv", Target = "/b" }],
            Health = new() { Check = new() { Test = ["CMD-SHELL", "true"], Interval = TimeSpan.FromHours(1), Retries = 4 }, OnFailure = HealthAction.Kill },
            Spec = Small.Spec with
            {
                RestartPolicy = new(RestartPolicyKind.OnFailure, 3),
                DnsServers = ["9.9.9.9", "dns.example"],
                Secrets = [new() { Secret = "s1", Id = "1" }, new() { Secret = "s2", IsVariable = true, Target = "SS", Id = "2" }],
            },
        };
        var podman = JsonNode.Parse(CheckpointDefinition.Write(Record(config), Specification(), Host))!;
        Assert.Equal(Id, (string?)podman["id"]);
        Assert.Equal("localhost/web:1", (string?)podman["rootfsImageName"]);
        Assert.Equal(Image, (string?)podman["rootfsImageID"]);
        Assert.Equal("named", (string?)podman["namedVolumes"]![0]!["volumeName"]);
        Assert.Equal("rbind", (string?)podman["namedVolumes"]![0]!["options"]![0]);
        Assert.True((bool)podman["namedVolumes"]![1]!["setAnonymous"]!);
        Assert.Equal(["/data", "/anon", "/b"], podman["userVolumes"]!.AsArray().Select(path => (string?)path));
        // podman's own default network has other addresses.
        Assert.Null(podman["newNetworks"]!["podman"]!["static_ips"]);
        Assert.Equal("10.77.0.9", (string?)podman["newNetworks"]!["n1"]!["static_ips"]![0]);
        Assert.Equal("02:00:00:00:00:01", (string?)podman["newNetworks"]!["n1"]!["static_mac"]);
        Assert.Equal(8081, (int)podman["newPortMappings"]![0]!["host_port"]!);
        Assert.Equal(["tcp", "udp"], podman["exposedPorts"]!["77"]!.AsArray().Select(protocol => (string?)protocol));
        // It reads addresses only.
        Assert.Equal(["9.9.9.9"], podman["dnsServer"]!.AsArray().Select(address => (string?)address));
        Assert.Equal(3_600_000_000_000, (long)podman["healthcheck"]!["Interval"]!);
        Assert.Equal(2, (int)podman["healthcheck_on_failure_action"]!);
        Assert.Equal("s1", (string?)podman["secrets"]![0]!["name"]);
        Assert.Equal("s2", (string?)podman["secret_env"]!["SS"]!["name"]);
        Assert.Equal(("on-failure", 3), ((string?)podman["restart_policy"], (int)podman["restart_retries"]!));
        Assert.Equal((2, 3), ((int)podman["stopSignal"]!, (int)podman["stopTimeout"]!));
        Assert.True((bool)podman["createNetNS"]!);
    }

    [Fact]
    public void The_specification_has_places_of_podmans_and_no_secrets()
    {
        var own = $"/run/overlay-containers/{Id}/userdata";
        var bundle = $$"""
            {"process":{"env":["A=B","SS=hidden"]},"mounts":[
            {"destination":"/data","type":"bind","source":"/graph/podsharp/volumes/named/_data/sub","options":["rbind"]},
            {"destination":"/etc/hosts","type":"bind","source":"{{own}}/hosts"},
            {"destination":"/run/secrets","type":"bind","source":"{{own}}/secrets"},
            {"destination":"/run/secrets/s1","type":"bind","source":"/graph/overlay-containers/{{Id}}/userdata/secrets/0"},
            {"destination":"/b","type":"bind","source":"/srv"},{"destination":"/proc","type":"proc","source":"proc"}]}
            """;
        var config = Small with
        {
            Mounts = [new() { Type = MountType.Volume, Source = "named", Target = "/data" }],
            Spec = Small.Spec with { AutoRemove = true, Secrets = [new() { Secret = "SS", IsVariable = true }, new() { Secret = "s1" }] },
        };
        var written = JsonNode.Parse(CheckpointDefinition.WriteSpec(Record(config), Encoding.UTF8.GetBytes(bundle), Host))!;
        Assert.Equal(["A=B"], written["process"]!["env"]!.AsArray().Select(variable => (string?)variable));
        Assert.Equal([("/data", "/graph/volumes/named/_data/sub"), ("/run/secrets/s1", $"/graph/overlay-containers/{Id}/userdata/secrets/s1"), ("/b", "/srv"), ("/proc", "proc")],
            written["mounts"]!.AsArray().Select(mount => ((string)mount!["destination"]!, (string)mount["source"]!)));
        Assert.Equal("TRUE", (string?)written["annotations"]!["io.podman.annotations.autoremove"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Podmans_container_is_understood(bool withoutSpecification)
    {
        var config = JsonNode.Parse(Golden("podman-config.json"))!.AsObject();
        if (withoutSpecification)
            config.Remove("spec");
        var read = CheckpointDefinition.Read(Bytes(config), Golden("podman-spec.json"));
        Assert.Equal(("podman", "full", "localhost/busybox:test", ""), (read.Engine, read.Name, read.ImageName, read.PodId));
        Assert.Equal(["named", Anonymous], read.Volumes.Select(volume => volume.Source));
        var (spec, warnings) = read.Plan(new(), new(), new HashSet<string> { "n1" });
        Assert.Empty(warnings);
        Assert.Equal(["sh", "-c"], spec.EntryPoint!);
        Assert.Equal(new Dictionary<string, string> { ["A"] = "B" }, spec.Environment);
        Assert.Equal([("named", "/data"), (Anonymous, "/anon"), ("/srv/b", "/b"), ("", "/tt")], spec.Mounts.Select(mount => (mount.Source, mount.Target)));
        Assert.Equal([("s1", false, ""), ("s2", true, "SS")], spec.Secrets.Select(use => (use.Secret, use.IsVariable, use.Target)));
        Assert.Equal(("n1", "10.77.0.9", "eth0"), (spec.Networks[0].Network, spec.Networks[0].StaticIps[0], spec.Networks[0].InterfaceName));
        Assert.Equal([("", 9000, 2, "udp"), ("127.0.0.1", 8081, 1, "tcp")], spec.Ports.Select(port => (port.HostIp, port.HostPort, port.Range, port.Protocol)));
        Assert.Equal(("hh", "2", 3, "crun", "0027", "UTC"), (spec.HostName, spec.StopSignal, spec.StopTimeout, spec.Runtime, spec.Umask, spec.TimeZone));
        Assert.Equal(("ignore", 10L << 20, 100L << 20), (spec.ImageVolumes, spec.ShmSize, spec.Resources.Memory));
        Assert.Equal(new RestartPolicy(RestartPolicyKind.OnFailure, 3), spec.RestartPolicy);
        Assert.Equal(["CMD-SHELL", "true"], spec.Health.Command!);
        Assert.Equal(read.ImageId, spec.Image);
    }

    [Fact]
    public void Podmans_container_of_a_pod_is_understood()
    {
        var read = CheckpointDefinition.Read(Golden("podman-pod-config.json"), Golden("podman-pod-spec.json"));
        Assert.Equal(Pod, read.PodId);
        var (spec, warnings) = read.Plan(new(), new(), NoNetworks);
        Assert.Empty(warnings);
        Assert.Equal([NamespaceMode.Default, NamespaceMode.Default, NamespaceMode.Default, new(NamespaceKind.Private)], [spec.Network, spec.IpcNamespace, spec.UtsNamespace, spec.PidNamespace]);
        Assert.Null(spec.CgroupParent);
        Assert.Null(spec.HostName);
    }

    [Theory]
    [InlineData("overlayVolumes", """[{"dest":"/b","source":"/srv/b","options":["O"]}]""")]
    [InlineData("ctrImageVolumes", """[{"dest":"/b","source":"localhost/busybox:test","rw":false}]""")]
    public void Mounts_that_only_podman_can_make_again_are_refused(string member, string mounts)
    {
        var config = JsonNode.Parse(Golden("podman-config.json"))!;
        config[member] = JsonNode.Parse(mounts);
        var error = Assert.Throws<ContainerEngineException>(() => CheckpointDefinition.Read(Bytes(config), Golden("podman-spec.json")).Plan(new(), new(), NoNetworks));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(" /b ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_later_version_wrote_is_read_as_podmans()
    {
        var config = JsonNode.Parse(CheckpointDefinition.Write(Record(Small), Specification(), Host))!;
        config["podsharp"]!["version"] = 2;
        config["podsharp"]!["container"] = new JsonArray();
        var read = CheckpointDefinition.Read(Bytes(config), Specification());
        Assert.Equal(("podman", "web"), (read.Engine, read.Name));
        var (spec, warnings) = read.Plan(new(), new(), NoNetworks);
        Assert.Contains(warnings, warning => warning.Contains("later version", StringComparison.Ordinal));
        Assert.Equal(["serve"], spec.Command);
    }

    /// <summary>Values in our own member: a change is made in what an honest one has.</summary>
    [Theory]
    [InlineData("id", "\"../../etc\"")]
    [InlineData("name", "\"a/b\"")]
    [InlineData("name", "\"web\\n\"")]
    [InlineData("name", "5")]
    [InlineData("imageId", "\"sha256:1\"")]
    [InlineData("imageName", "\"--all\"")]
    [InlineData("podId", "\"x\"")]
    [InlineData("spec", "[]")]
    [InlineData("spec", "null")]
    [InlineData("mounts", "[null]")]
    [InlineData("mounts", "[{\"type\":\"Tmpfs\",\"target\":\"t\"}]")]
    [InlineData("mounts", "[{\"type\":\"Tmpfs\",\"target\":\"/a/../../etc\"}]")]
    [InlineData("mounts", "[{\"type\":\"Volume\",\"source\":\"../x\",\"target\":\"/a\"}]")]
    [InlineData("mounts", "[{\"type\":\"Volume\",\"source\":\"\",\"target\":\"/a\"}]")]
    [InlineData("mounts", "[{\"type\":77,\"target\":\"/a\"}]")]
    [InlineData("mounts", "[{\"type\":\"Tmpfs\",\"target\":\"/a\\u0000b\"}]")]
    [InlineData("mounts", "[{\"type\":\"Tmpfs\",\"target\":\"/\\ud800\"}]")]
    [InlineData("ports", "[{\"hostPort\":99999,\"containerPort\":1}]")]
    [InlineData("ports", "[{\"hostPort\":1,\"containerPort\":1e30}]")]
    [InlineData("ports", "[{\"hostPort\":1,\"containerPort\":1,\"range\":-4}]")]
    [InlineData("labels", "{\"a\":null}")]
    [InlineData("labels", "{\"a\":\"b\",\"a\":\"c\"}")]
    [InlineData("userIdMap", "[{\"inside\":\"0\"}]")]
    [InlineData("health", "{\"check\":{\"interval\":\"for ever\"}}")]
    [InlineData("network", "{\"kind\":\"Nowhere\"}")]
    public void A_hostile_definition_is_refused(string member, string value)
    {
        Assert.Equal("CheckpointDamaged", Assert.Throws<ContainerEngineException>(() => ReadChanged(member, value)).ErrorId);
    }

    [Fact]
    public void An_honest_change_is_read() => Assert.Equal("localhost/other:2", ReadChanged("imageName", "\"localhost/other:2\"").ImageName);

    // By the text: a document of ours can't hold all that a hostile one may.
    private static CheckpointDefinition ReadChanged(string member, string value)
    {
        var text = Encoding.UTF8.GetString(CheckpointDefinition.Write(Record(Small), Specification(), Host));
        var own = text.IndexOf("\"podsharp\":{", StringComparison.Ordinal);
        var container = JsonNode.Parse(StateWriter.Write(Small))!.AsObject();
        container.Remove(member);
        var changed = $"{text[..own]}\"podsharp\":{{\"version\":1,\"container\":{container.ToJsonString()[..^1]},\"{member}\":{value}}}}}}}";
        return CheckpointDefinition.Read(Encoding.UTF8.GetBytes(changed), Specification());
    }

    /// <summary>Whatever stands at whatever place of podman's, the answer is a definition or an error of ours.</summary>
    [Fact]
    public void No_value_at_any_place_of_podmans_is_a_crash()
    {
        string[] values = ["null", "true", "-1", "1e300", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"../..\"", "[]", "[[]]", "[null]", "{}", "{\"a\":{}}"];
        foreach (var file in (string[])["podman", "podman-pod"])
        {
            var count = Places(JsonNode.Parse(Golden(file + "-config.json"))!).Count();
            for (var place = 0; place < count; place++)
            {
                foreach (var value in values)
                    Harmless(file, place, value);
            }
        }
    }

    private static void Harmless(string file, int place, string value)
    {
        const string Mark = "the place";
        var config = JsonNode.Parse(Golden(file + "-config.json"))!;
        Places(config).ElementAt(place)(Mark);
        try
        {
            CheckpointDefinition.Read(Encoding.UTF8.GetBytes(config.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal)), Golden(file + "-spec.json"))
                .Plan(new(), new(), NoNetworks);
        }
        catch (ContainerEngineException)
        {
            // Said in words.
        }
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("[]", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("{\"id\":\"x\"}", "{}")]
    [InlineData("\u0000", "{}")]
    [InlineData("GOLDEN", "")]
    [InlineData("GOLDEN", "[]")]
    [InlineData("GOLDEN", "{")]
    public void No_definition_at_all_is_refused(string config, string specification) =>
        Assert.Equal(ErrorKind.DataCorrupt, Assert.Throws<ContainerEngineException>(() => CheckpointDefinition.Read(
            config == "GOLDEN" ? Golden("podman-config.json") : Encoding.UTF8.GetBytes(config), Encoding.UTF8.GetBytes(specification))).Kind);

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        var deep = Encoding.UTF8.GetBytes(new string('[', 100_000));
        Assert.Throws<ContainerEngineException>(() => CheckpointDefinition.Read(deep, Specification()));
        Assert.Throws<ContainerEngineException>(() => CheckpointDefinition.Read(new byte[17 << 20], Specification()));
    }

    // A setter for each value in a document, however deep.
    private static IEnumerable<Action<string>> Places(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                yield return mark => members[name] = mark;
                foreach (var inner in value is null ? [] : Places(value))
                    yield return inner;
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var index = i;
                yield return mark => items[index] = mark;
                foreach (var inner in items[index] is { } value ? Places(value) : [])
                    yield return inner;
            }
        }
    }

    private static CheckpointDefinition Back(ContainerConfig config) =>
        CheckpointDefinition.Read(CheckpointDefinition.Write(Record(config), Specification(), Host), CheckpointDefinition.WriteSpec(Record(config), Specification(), Host));

    private static ErrorKind Refused(ContainerConfig config) => Assert.Throws<ContainerEngineException>(() => Back(config)).Kind;

    private static ContainerRecord Record(ContainerConfig config) => new() { Config = config, Name = config.Name, Created = DateTimeOffset.UnixEpoch };

    private static byte[] Specification() => Encoding.UTF8.GetBytes("""{"process":{"env":[]},"mounts":[{"destination":"/data","source":"x","options":["rbind","rprivate"]}]}""");

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Containers", "Checkpoints", "Golden", name));
}
