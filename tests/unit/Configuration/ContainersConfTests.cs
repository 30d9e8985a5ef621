using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.UnitTests.Configuration;

public class ContainersConfTests
{
    [Fact]
    public void Without_files_podmans_defaults_hold()
    {
        using var host = new TestEnvironment();
        var conf = ContainersConf.Load(host.Environment);
        Assert.Equal(11, conf.Containers.DefaultCapabilities.Count);
        Assert.Equal(2048, conf.Containers.PidsLimit);
        Assert.Equal(10, conf.Engine.StopTimeout);
        Assert.Equal("ctrl-p,ctrl-q", conf.Engine.DetachKeys);
        Assert.Null(conf.Engine.Runtime);
        Assert.Empty(conf.Files);
    }

    [Fact]
    public void Later_files_win_and_arrays_are_replaced_or_appended_to()
    {
        using var host = new TestEnvironment();
        host.Write("/usr/share/containers/containers.conf", """
            [containers]
            pids_limit = 1
            env = ["A=1"]
            default_capabilities = ["chown", "CAP_KILL"]
            [engine]
            runtime = "crun"
            [engine.runtimes]
            crun = ["/usr/bin/crun"]
            """);
        host.Write("/etc/containers/containers.conf", "[containers]\npids_limit = 2\ndns_servers=['1.1.1.1']\n");
        host.Write("/etc/containers/containers.conf.d/10.conf", "[containers]\nenv = [\"B=2\", {append=true}]\n");
        host.Write("/etc/containers/containers.conf.d/20.conf", "[containers]\nenv = [\"C=3\"]\n");
        host.Write("/root/.config/containers/containers.conf", """
            [engine]
            retry_delay = "1m30s"
            detach_keys = ""
            [engine.runtimes]
            runc = ["/usr/sbin/runc", "/usr/bin/runc"]
            [network]
            default_subnet_pools = [{base = "10.1.0.0/16", size = 25}]
            """);
        var conf = ContainersConf.Load(host.Environment);
        Assert.Equal(2, conf.Containers.PidsLimit);
        Assert.Equal(["A=1", "B=2", "C=3"], conf.Containers.Environment);
        Assert.Equal(["CAP_CHOWN", "CAP_KILL"], conf.Containers.DefaultCapabilities);
        Assert.Equal("crun", conf.Engine.Runtime);
        Assert.Equal(["/usr/bin/crun"], conf.Engine.Runtimes["crun"]);
        Assert.Equal(2, conf.Engine.Runtimes["runc"].Count);
        Assert.Equal(TimeSpan.FromSeconds(90), conf.Engine.RetryDelay);
        Assert.Equal("", conf.Engine.DetachKeys);
        Assert.Equal(new SubnetPool("10.1.0.0/16", 25), Assert.Single(conf.Network.DefaultSubnetPools));
        Assert.Equal(5, conf.Files.Count);
    }

    [Fact]
    public void Appending_starts_from_the_default()
    {
        using var host = new TestEnvironment();
        host.Write("/etc/containers/containers.conf", "[containers]\nenv = [{append=true}, \"X=1\"]\n");
        var environment = ContainersConf.Load(host.Environment).Containers.Environment;
        Assert.Equal(2, environment.Count);
        Assert.StartsWith("PATH=", environment[0]);
        Assert.Equal("X=1", environment[1]);
    }

    [Fact]
    public void The_environment_replaces_and_overrides()
    {
        using var host = new TestEnvironment();
        host.Write("/etc/containers/containers.conf", "[containers]\npids_limit = 2\ntz='local'");
        host.Set("CONTAINERS_CONF", host.Write("/own.conf", "[containers]\npids_limit = 3"));
        host.Set("CONTAINERS_CONF_OVERRIDE", host.Write("/last.conf", "[containers]\numask = '0077'"));
        var conf = ContainersConf.Load(host.Environment);
        Assert.Equal(3, conf.Containers.PidsLimit);
        Assert.Null(conf.Containers.TimeZone);
        Assert.Equal("0077", conf.Containers.Umask);
        host.Set("CONTAINERS_CONF", "/absent");
        Assert.Equal("ConfigurationNotFound", Assert.Throws<ContainerEngineException>(() => ContainersConf.Load(host.Environment)).ErrorId);
    }

    [Theory]
    [InlineData("[containers]\npids_limit = 'many'", "pids_limit")]
    [InlineData("[containers]\nenv = 'A=1'", "env")]
    [InlineData("[engine]\nruntime = 5", "runtime")]
    [InlineData("[engine]\nretry_delay = 'soon'", "retry_delay")]
    [InlineData("[engine]\nruntime = ['crun']", "runtime")]
    public void A_wrong_type_names_the_key(string text, string key)
    {
        using var host = new TestEnvironment();
        host.Write("/etc/containers/containers.conf", text);
        Assert.Contains(key, Assert.Throws<ContainerEngineException>(() => ContainersConf.Load(host.Environment)).Message);
    }

    [Theory]
    [InlineData("5s", 5)]
    [InlineData("1h2m3s", 3723)]
    [InlineData("1.5m", 90)]
    [InlineData("0", 0)]
    public void Reads_durations(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    public void Refuses_what_is_no_duration(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
