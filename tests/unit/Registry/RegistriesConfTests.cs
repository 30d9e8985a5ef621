using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Registry;

public class RegistriesConfTests
{
    private static RegistriesConf Load(string text, string? dropIn = null)
    {
        using var host = new TestEnvironment();
        host.Write("/etc/containers/registries.conf", text);
        if (dropIn is not null)
        {
            host.Write("/etc/containers/registries.conf.d/x.conf", dropIn);
        }
        return RegistriesConf.Load(host.Environment);
    }

    [Fact]
    public void The_longest_prefix_wins_at_a_boundary()
    {
        var conf = Load("""
            [[registry]]
            location = "example.com"
            [[registry]]
            prefix = "example.com/team"
            location = "mirror.local:5000/copy"
            insecure = true
            [[registry]]
            prefix = "*.wild.org"
            location = "wild.local"
            [[registry]]
            prefix = "bad.org"
            blocked = true
            """);
        Assert.Equal("mirror.local:5000/copy/app:v1", Source("example.com/team/app:v1", conf).Reference.ToString());
        Assert.True(Source("example.com/team/app:v1", conf).Insecure);
        Assert.Equal("example.com/teammates/app:v1", Source("example.com/teammates/app:v1", conf).Reference.ToString());
        Assert.Equal("wild.local/a/b:1", Source("x.wild.org/a/b:1", conf).Reference.ToString());
        Assert.Equal("wild.org/a:1", Source("wild.org/a:1", conf).Reference.ToString());
        Assert.Equal("bad.org", Source("bad.org/x", conf).BlockedBy?.Prefix);
    }

    private static PullSource Source(string name, RegistriesConf conf) => PullSources.Of(ImageReference.Parse(name), conf)[0];

    [Fact]
    public void Mirrors_come_first_and_by_what_they_serve()
    {
        var conf = Load("""
            [[registry]]
            location = "docker.io"
            [[registry.mirror]]
            location = "one.local/hub"
            [[registry.mirror]]
            location = "two.local"
            pull-from-mirror = "digest-only"
            """);
        Assert.Equal(["one.local/hub/library/nginx:latest", "docker.io/library/nginx:latest"],
            PullSources.Of(ImageReference.Parse("nginx:latest"), conf).Select(source => source.Reference.ToString()));
        var digest = "nginx@sha256:" + new string('a', 64);
        Assert.Equal(3, PullSources.Of(ImageReference.Parse(digest), conf).Count);
    }

    [Fact]
    public void Drop_ins_replace_and_take_away()
    {
        var conf = Load("""
            unqualified-search-registries = ["docker.io", "quay.io"]
            [aliases]
            "a" = "quay.io/x/a"
            "b" = "quay.io/x/b"
            """, """
            unqualified-search-registries = ["docker.io"]
            [aliases]
            "b" = ""
            """);
        Assert.Equal(["docker.io"], conf.UnqualifiedSearchRegistries);
        Assert.Equal(["a"], conf.Aliases.Keys);
    }

    [Fact]
    public void Version_1_is_refused_with_its_line() =>
        Assert.Contains("registries.conf:1", Assert.Throws<ContainerEngineException>(() => Load("[registries.search]\nregistries=['docker.io']")).Message);

    [Fact]
    public void Short_names_are_found_by_alias_then_search()
    {
        var conf = Load("""
            unqualified-search-registries = ["docker.io", "quay.io"]
            short-name-mode = "permissive"
            [aliases]
            "fedora" = "registry.fedoraproject.org/fedora"
            """);
        Assert.Equal(["registry.fedoraproject.org/fedora:41"], Pull("fedora:41", conf));
        Assert.Equal(["docker.io/library/nginx:latest", "quay.io/nginx:latest"], Pull("nginx", conf));
        Assert.Equal(["quay.io/a/b:1"], Pull("quay.io/a/b:1", conf));
        Assert.Equal(["docker.io/library/nginx:latest"], Pull("docker://nginx", conf));
        Assert.Equal(["localhost/nginx:latest", "docker.io/library/nginx:latest", "quay.io/nginx:latest"],
            ShortNames.LocalCandidates("nginx", conf).Select(candidate => candidate.ToString()));
    }

    [Fact]
    public void A_short_name_that_stands_for_nothing_is_an_error() =>
        Assert.Equal("ShortNameUnresolved", Assert.Throws<ContainerEngineException>(() => Pull("nginx", Load(""))).ErrorId);

    [Theory]
    [InlineData("[aliases]\n'a' = 'b'")]
    [InlineData("[aliases]\n'a' = 'quay.io/x/a:1'")]
    [InlineData("short-name-mode = 'guess'")]
    [InlineData("[[registry]]\nlocation = 'a.io'\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = 'b.io'\npull-from-mirror = 'all'")]
    [InlineData("[[registry]]\ninsecure = true")]
    [InlineData("[[registry]]\nlocation = 'https://a.io'")]
    public void What_contradicts_itself_is_refused(string text) =>
        Assert.Equal("ConfigurationInvalid", Assert.Throws<ContainerEngineException>(() => Load(text)).ErrorId);

    [Fact]
    public void A_choice_is_kept_and_found_again()
    {
        using var host = new TestEnvironment();
        host.Write("/etc/containers/registries.conf", "unqualified-search-registries=['a.io','b.io']\n[aliases]\n'app' = 'c.io/app'");
        host.Write("/var/cache/containers/short-name-aliases.conf", "[aliases]\n  \"old\" = \"c.io/old\"\n");
        ShortNameAliases.Record("app:1", ImageReference.Parse("b.io/app:1"), host.Environment, CancellationToken.None);
        ShortNameAliases.Record("ns/other", ImageReference.Parse("a.io/ns/other@sha256:" + new string('a', 64)), host.Environment, CancellationToken.None);
        Assert.Equal("[aliases]\n  \"app\" = \"b.io/app\"\n  \"ns/other\" = \"a.io/ns/other\"\n  \"old\" = \"c.io/old\"\n",
            File.ReadAllText(host.Root + "/var/cache/containers/short-name-aliases.conf"));
        Assert.Equal(["b.io/app:2"], Pull("app:2", RegistriesConf.Load(host.Environment)));
    }

    private static IEnumerable<string> Pull(string name, RegistriesConf conf) =>
        ShortNames.PullCandidates(name, conf).Select(candidate => candidate.ToString());
}
