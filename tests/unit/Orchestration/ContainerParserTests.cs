using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.UnitTests.Orchestration;

public sealed class ContainerParserTests
{
    [Theory]
    [InlineData("8080:80", "", 8080, 80, 1, "tcp")]
    [InlineData("80", "", 0, 80, 1, "tcp")]
    [InlineData("127.0.0.1::53/udp", "127.0.0.1", 0, 53, 1, "udp")]
    [InlineData("127.0.0.1:5353:53/UDP", "127.0.0.1", 5353, 53, 1, "udp")]
    [InlineData("[::1]:8080:80", "::1", 8080, 80, 1, "tcp")]
    [InlineData("8000-8009:9000-9009", "", 8000, 9000, 10, "tcp")]
    [InlineData("8000-8002", "", 0, 8000, 3, "tcp")]
    [InlineData("0:80/sctp", "", 0, 80, 1, "sctp")]
    public void Ports(string text, string ip, int host, int container, int range, string protocol) =>
        Assert.Equal(new PortMapping { HostIp = ip, HostPort = host, ContainerPort = container, Range = range, Protocol = protocol }, PortMappingParser.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("8080:")]
    [InlineData("8080:80:90:100")]
    [InlineData("70000:80")]
    [InlineData("8080:80/icmp")]
    [InlineData("8000-8001:80")]
    [InlineData("90-80:90-80")]
    [InlineData("somewhere:80:80")]
    [InlineData("1:0")]
    [InlineData("-1:80")]
    public void Bad_ports(string text) => Refused(() => PortMappingParser.Parse(text));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512b", 512)]
    [InlineData("1k", 1024)]
    [InlineData("512m", 512L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("1 TB", 1L << 40)]
    public void Sizes(string text, long bytes) => Assert.Equal(bytes, SizeParser.Parse(text, "memory"));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("99999999p")]
    public void Bad_sizes(string text) => Refused(() => SizeParser.Parse(text, "memory"));

    [Fact]
    public void Volumes()
    {
        Same(new() { Type = MountType.Bind, Source = "/a", Target = "/b" }, MountParser.ParseVolume("/a:/b", "/w"));
        Same(new() { Type = MountType.Bind, Source = "/w/a", Target = "/b", Options = ["ro", "Z"] }, MountParser.ParseVolume("./a:/b:ro,Z", "/w"));
        Same(new() { Type = MountType.Volume, Source = "data", Target = "/b" }, MountParser.ParseVolume("data:/b", "/w"));
        Same(new() { Type = MountType.Volume, Target = "/b" }, MountParser.ParseVolume("/b", "/w"));
        Same(new() { Type = MountType.Bind, Source = "/a:b", Target = "/c" }, MountParser.ParseVolume("/a\\:b:/c", "/w"));
    }

    [Theory]
    [InlineData("a b:/c")]
    [InlineData("/a:b")]
    [InlineData("/a:/b:frob")]
    [InlineData(":/b")]
    [InlineData("/a:/b:ro:x")]
    public void Bad_volumes(string text) => Refused(() => MountParser.ParseVolume(text, "/"));

    [Fact]
    public void Mounts()
    {
        Same(new() { Type = MountType.Bind, Source = "/w/a", Target = "/b", Options = ["ro", "rshared"] },
            MountParser.ParseMount("type=bind,source=a,target=/b,readonly,bind-propagation=rshared", "/w"));
        Same(new() { Type = MountType.Tmpfs, Target = "/t", Options = ["size=64m", "mode=1777"] },
            MountParser.ParseMount("type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1777", "/"));
        Same(new() { Type = MountType.Volume, Source = "v", Target = "/t", SubPath = "s" }, MountParser.ParseMount("src=v,destination=/t,subpath=s", "/"));
        Same(new() { Type = MountType.Volume, Source = "v", Target = "/t", Options = ["rw"] }, MountParser.ParseMount("src=v,target=/t,ro=false", "/"));
        Same(new() { Type = MountType.Bind, Source = "/a", Target = "/b", Options = ["idmap=uids=0-1-2;gids=0-1-2"] }, MountParser.ParseVolume("/a:/b:idmap=uids=0-1-2;gids=0-1-2", "/"));
        Same(new() { Type = MountType.Bind, Source = "/a", Target = "/b", Options = ["idmap", "no-dereference"] }, MountParser.ParseMount("type=bind,src=/a,dst=/b,idmap,no-dereference", "/"));
        Same(new() { Type = MountType.Volume, Source = "v", Target = "/b", Options = ["volume-opt=o=size=1m,mode=7", "volume-driver=local"] },
            MountParser.ParseMount("src=v,dst=/b,\"volume-opt=o=size=1m,mode=7\",volume-driver=local", "/"));
        Same(new() { Type = MountType.Tmpfs, Target = "/t", Options = ["ro", "size=1m"] }, MountParser.ParseTmpfs("/t:ro,size=1m"));
    }

    [Theory]
    [InlineData("type=image,target=/y")]
    [InlineData("type=bind,source=/x")]
    [InlineData("type=frob,target=/y")]
    [InlineData("type=tmpfs,source=/x,target=/y")]
    [InlineData("type=volume,source=/x,target=/y")]
    [InlineData("type=volume,target=/y,ro=maybe")]
    [InlineData("type=bind,source=/x,target=/y,volume-opt=type=tmpfs")]
    [InlineData("type=tmpfs,target=/y,idmap")]
    [InlineData("type=volume,target=/y,volume-opt")]
    public void Bad_mounts(string text) => Refused(() => MountParser.ParseMount(text, "/"));

    [Fact]
    public void Ulimits()
    {
        Assert.Equal(new Ulimit("nofile", 10, 20), UlimitParser.Parse("nofile=10:20"));
        Assert.Equal(new Ulimit("core", -1, -1), UlimitParser.Parse("core=unlimited"));
        Assert.Equal(new Ulimit("nproc", 5, -1), UlimitParser.Parse("RLIMIT_NPROC=5:-1"));
        Refused(() => UlimitParser.Parse("nofile=20:10"));
        Refused(() => UlimitParser.Parse("frob=1"));
        Refused(() => UlimitParser.Parse("nofile"));
    }

    [Fact]
    public void Variables()
    {
        var caller = new Dictionary<string, string> { ["HOME"] = "/h", ["LC_ALL"] = "C", ["LC_TIME"] = "de" };
        var target = new Dictionary<string, string>();
        EnvironmentParser.Parse(["A=b=c", "HOME", "MISSING", "LC_*", "E="], caller, target);
        Assert.Equal(new Dictionary<string, string> { ["A"] = "b=c", ["HOME"] = "/h", ["LC_ALL"] = "C", ["LC_TIME"] = "de", ["E"] = "" }, target);
        Refused(() => EnvironmentParser.Parse(["=x"], caller, target));
        Assert.Equal(["A=1", "B", "C= x "], EnvironmentParser.ReadFile("# no\n\n  A=1\r\nB\nC= x ", "f"));
        Assert.Equal(["a b=c"], EnvironmentParser.ReadFile("a b=c", "f"));
        Refused(() => EnvironmentParser.ReadFile("=c", "f").ToList());
        Refused(() => EnvironmentParser.ReadFile("a b=c", "f", blanks: false).ToList());
    }

    [Theory]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5s", 1.5)]
    [InlineData("300ms", 0.3)]
    [InlineData("-2s", -2)]
    [InlineData("0", 0)]
    public void Durations(string text, double seconds)
    {
        Assert.True(DurationParser.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Fact]
    public void Times()
    {
        var now = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(now.AddMinutes(-10), DurationParser.ParseTime("10m", now, true, "--since"));
        Assert.Equal(now.AddMinutes(10), DurationParser.ParseTime("10m", now, false, "--until"));
        Assert.Equal(now, DurationParser.ParseTime("2026-01-31T12:00:00Z", now, true, "--since"));
        Assert.Equal(now.AddTicks(1234567), DurationParser.ParseTime("2026-01-31T13:00:00.123456789+01:00", now, true, "--since"));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1700000000500), DurationParser.ParseTime("1700000000.5", now, true, "--since"));
        Refused(() => DurationParser.ParseTime("yesterday", now, true, "--since"));
        Refused(() => DurationParser.ParseTime("", now, true, "--since"));
    }

    [Fact]
    public void Signal_names()
    {
        Assert.Equal(15, SignalNames.Parse("TERM"));
        Assert.Equal(1, SignalNames.Parse("sighup"));
        Assert.Equal(9, SignalNames.Parse("9"));
        Assert.Equal(37, SignalNames.Parse("RTMIN+3"));
        Assert.Equal("SIGWINCH", SignalNames.Name(28));
        Assert.Equal("SIGRTMIN+3", SignalNames.Name(37));
        Refused(() => SignalNames.Parse("FROB"));
        Refused(() => SignalNames.Parse("0"));
        Refused(() => SignalNames.Parse("65"));
    }

    [Fact]
    public void Networks()
    {
        Assert.Equal(NamespaceKind.Host, NetworkParser.Parse(["host"]).Mode.Kind);
        Assert.Equal("web", NetworkParser.Parse(["container:web"]).Mode.Target);
        Assert.Empty(NetworkParser.Parse(["bridge"]).Networks);
        Assert.Equal((NamespaceKind.Private, NamespaceKind.Default), (NetworkParser.Parse(["bridge"]).Mode.Kind, NetworkParser.Parse(["default"]).Mode.Kind));
        var (mode, networks) = NetworkParser.Parse(["a:ip=10.0.0.5,alias=x,alias=y,mac=02:00:00:00:00:01", "b"]);
        Assert.Equal(NamespaceKind.Default, mode.Kind);
        Assert.Equal(["a", "b"], networks.Select(n => n.Network));
        Assert.Equal(["x", "y"], networks[0].Aliases);
        Assert.Equal(["10.0.0.5"], networks[0].StaticIps);
        Assert.Equal(["10.1.0.2"], NetworkParser.Apply(NamespaceMode.Default, [], "10.1.0.2", null, null, [])[0].StaticIps);
        Refused(() => NetworkParser.Parse(["host", "a"]));
        Refused(() => NetworkParser.Parse(["a:frob=1"]));
        Refused(() => NetworkParser.Parse(["pasta", "a"]));
        Assert.Equal(new NamespaceMode(NamespaceKind.Pasta), NetworkParser.Parse(["pasta"]).Mode);
        Assert.Equal("pasta:--mtu,1400", NetworkParser.Parse(["pasta:--mtu,1400"]).Mode.ToString());
        Assert.Equal(["", "a"], NetworkParser.Parse(["bridge", "a"]).Networks.Select(network => network.Network));
        Refused(() => NetworkParser.Apply(NamespaceMode.Default, networks, "10.1.0.2", null, null, []));
    }

    [Fact]
    public void Filters()
    {
        var filters = KeyValueParser.ParseFilters(["name=a", "name=b", "label=x=y", "label!=z"]);
        Assert.Equal(["a", "b"], filters["name"]);
        Assert.Equal(["x=y"], filters["label"]);
        Assert.Equal(["z"], filters["label!"]);
        Refused(() => KeyValueParser.ParseFilters(["name"]));
    }

    private static void Same(ContainerMount expected, ContainerMount actual)
    {
        Assert.Equal(expected.Options, actual.Options);
        Assert.Equal(expected with { Options = [] }, actual with { Options = [] });
    }

    [Fact]
    public void Mounts_of_other_types_are_read()
    {
        var image = MountParser.ParseMount("type=image,source=site:2,target=/site,rw=true", "/");
        Assert.Equal((MountType.Image, "site:2", "/site"), (image.Type, image.Source, image.Target));
        Assert.Equal(["rw"], image.Options);
        Assert.Equal(["uid=5", "max=3"], MountParser.ParseMount("type=devpts,target=/pts,uid=5,max=3", "/").Options);
        Assert.Equal(MountType.Ramfs, MountParser.ParseMount("type=ramfs,target=/r", "/").Type);
        var pattern = MountParser.ParseMount("type=glob,src=conf/*.d", "/etc");
        Assert.Equal((MountType.Glob, "/etc/conf/*.d", ""), (pattern.Type, pattern.Source, pattern.Target));
        Assert.Equal(["O", "upperdir=/u", "workdir=/w"], MountParser.ParseVolume("/a:/b:O,upperdir=/u,workdir=/w", "/").Options);
    }

    private static void Refused(Action action)
    {
        var error = Assert.ThrowsAny<ContainerEngineException>(action);
        Assert.Contains(error.Kind, new[] { ErrorKind.InvalidArgument, ErrorKind.Unsupported });
        Assert.NotNull(error.Remedy);
    }
}
