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
    public void A_wildcard_stands_for_hosts_only_and_needs_no_location()
    {
        var conf = Load("""
            [[registry]]
            prefix = "*.example.com"
            insecure = true
            [[registry]]
            location = "b.example.com"
            [[registry]]
            prefix = "*.b.example.com"
            location = "deep.local/x"
            """);
        Assert.Equal(("a.example.com/x:1", true), (Source("a.example.com/x:1", conf).Reference.ToString(), Source("a.example.com/x:1", conf).Insecure));
        Assert.True(Source("a.example.com:5000/x", conf).Insecure);
        Assert.Equal("deep.local/x/a:1", Source("c.b.example.com/a:1", conf).Reference.ToString());
        Assert.False(Source("example.com/x", conf).Insecure);
        Assert.False(Source("other.org/a.example.com/x", conf).Insecure);
        // Two prefixes of one length: podman sorts them, and takes the first.
        Assert.True(Source("b.example.com/x", conf).Insecure);
    }

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

    [Theory]
    [InlineData("", "", "12|12")]
    [InlineData("mirror-by-digest-only = true", "", "|12")]
    [InlineData("", "all", "12|12")]
    [InlineData("", "digest-only", "2|12")]
    [InlineData("", "tag-only", "12|2")]
    public void Mirrors_serve_what_they_are_said_to(string registry, string first, string expected)
    {
        var conf = Load($"[[registry]]\nlocation = 'a.io'\n{registry}\n[[registry.mirror]]\nlocation = 'm1.io'\n" + (first.Length > 0 ? $"pull-from-mirror = '{first}'\n" : "")
            + "insecure = true\n[[registry.mirror]]\nlocation = 'm2.io'");
        var digest = "@sha256:" + new string('a', 64);
        Assert.Equal(expected, string.Join('|', new[] { "a.io/x:1", "a.io/x:1" + digest }.Select(name =>
        {
            var sources = PullSources.Of(ImageReference.Parse(name), conf);
            Assert.Equal(("a.io", false, false), (sources[^1].Reference.Domain, sources[^1].Insecure, sources[^1].IsElsewhere));
            Assert.All(sources.SkipLast(1), mirror => Assert.Equal((true, mirror.Reference.Domain == "m1.io"), (mirror.IsElsewhere, mirror.Insecure)));
            return string.Concat(sources.SkipLast(1).Select(mirror => mirror.Reference.Domain[1]));
        })));
    }

    [Fact]
    public void Mirrors_of_a_blocked_registry_may_be_used_but_no_blocked_mirrors()
    {
        var conf = Load("""
            [[registry]]
            location = "a.io"
            blocked = true
            [[registry.mirror]]
            location = "good.io"
            [[registry.mirror]]
            location = "bad.io/copy"
            [[registry]]
            location = "bad.io"
            blocked = true
            """);
        Assert.Equal(["good.io:", "bad.io:bad.io", "a.io:a.io"],
            PullSources.Of(ImageReference.Parse("a.io/x:1"), conf).Select(source => $"{source.Reference.Domain}:{source.BlockedBy?.Prefix}"));
    }

    [Fact]
    public void The_first_table_of_a_file_counts_and_stands_in_for_those_before()
    {
        var conf = Load("[[registry]]\nprefix='a.io'\nlocation='one.io'\n[[registry]]\nprefix='a.io'\nlocation='two.io'\n[[registry]]\nlocation='b.io'\ninsecure=true",
            "[[registry]]\nlocation='b.io'");
        Assert.Equal("one.io/x:1", Source("a.io/x:1", conf).Reference.ToString());
        Assert.False(Source("b.io/x", conf).Insecure);
    }

    [Fact]
    public void Hosts_to_search_are_hosts()
    {
        Assert.Equal(["a.io", "localhost:5000"], Load("unqualified-search-registries = ['a.io/', 'localhost:5000']").UnqualifiedSearchRegistries);
        // An empty list of a later file takes all away.
        Assert.Empty(Load("unqualified-search-registries = ['a.io']", "unqualified-search-registries = []").UnqualifiedSearchRegistries);
    }

    [Fact]
    public void Without_a_helper_the_auth_files_are_asked()
    {
        Assert.Equal(["one", "containers-auth.json"], Load("credential-helpers = ['x']", "credential-helpers = ['one', 'containers-auth.json']").CredentialHelpers);
        Assert.Equal(["containers-auth.json"], Load("credential-helpers = ['x']", "credential-helpers = []").CredentialHelpers);
        Assert.Equal(["containers-auth.json"], Load("").CredentialHelpers);
    }

    [Fact]
    public void The_helper_of_layer_stores_is_accepted()
    {
        Assert.Empty(Load("additional-layer-store-auth-helper = '/usr/bin/x'").Registries);
        Assert.Throws<ContainerEngineException>(() => Load("additional-layer-store-auth-helper = 1"));
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
    public void Version_1_is_understood()
    {
        var conf = Load("""
            [registries.search]
            registries = ["a.io", "b.io"]
            [registries.insecure]
            registries = ["c.io/", "d.io"]
            [registries.block]
            registries = ["d.io", "e.io/x"]
            """);
        Assert.Equal(["a.io", "b.io"], conf.UnqualifiedSearchRegistries);
        Assert.Equal(["c.io True False", "d.io True True", "e.io/x False True"],
            conf.Registries.Values.OrderBy(entry => entry.Prefix).Select(entry => $"{entry.Prefix} {entry.Primary.Insecure} {entry.Blocked}"));
        // Drop-ins of version 2 may follow.
        Assert.False(Source("c.io/x", Load("[registries.insecure]\nregistries=['c.io']", "[[registry]]\nlocation='c.io'")).Insecure);
        Assert.Empty(Load("[registries]\nunqualified-search-registries = ['x.io']").UnqualifiedSearchRegistries);
    }

    [Fact]
    public void Version_1_is_refused_beside_version_2_with_its_line()
    {
        const string Old = "[registries.search]\nregistries=['docker.io']";
        Assert.Contains("registries.conf:2", Assert.Throws<ContainerEngineException>(() => Load("short-name-mode='disabled'\n" + Old)).Message);
        Assert.Contains("registries.conf:1", Assert.Throws<ContainerEngineException>(() => Load(Old + "\n[[registry]]\nlocation='a.io'")).Message);
        Assert.Contains("x.conf:1", Assert.Throws<ContainerEngineException>(() => Load("", Old)).Message);
    }

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
    [InlineData("[[registry]]\nprefix = 'http://a.io'\nlocation = 'a.io'")]
    [InlineData("[[registry]]\nlocation = 'a.io'\npull-from-mirror = 'all'")]
    [InlineData("[[registry]]\nprefix = '*.a.io/x'\nlocation = 'a.io'")]
    [InlineData("[[registry]]\nprefix = '*.a.io:5000'\nlocation = 'a.io'")]
    [InlineData("[[registry]]\nlocation = 'a.io'\n[[registry.mirror]]\ninsecure = true")]
    [InlineData("[[registry]]\nlocation = 'a.io'\n[[registry.mirror]]\nlocation = ''")]
    [InlineData("[[registry]]\nlocation = 'a.io'\n[[registry.mirror]]\nlocation = 'https://b.io'")]
    [InlineData("[[registry]]\nlocation = 'a.io'\n[[registry.mirror]]\nlocation = 'b.io'\npull-from-mirror = 'some'")]
    [InlineData("[[registry]]\nprefix = 'x.io'\nlocation = 'a.io'\n[[registry]]\nprefix = 'y.io'\nlocation = 'a.io'\ninsecure = true")]
    [InlineData("[[registry]]\nprefix = 'x.io'\nlocation = 'a.io'\nblocked = true\n[[registry]]\nlocation = 'a.io'")]
    [InlineData("unqualified-search-registries = ['https://a.io']")]
    [InlineData("unqualified-search-registries = ['a.io/x']")]
    [InlineData("unqualified-search-registries = ['']")]
    [InlineData("[aliases]\n'a:1' = 'quay.io/x/a'")]
    [InlineData("[aliases]\n'quay.io/a' = 'quay.io/x/a'")]
    [InlineData("[registries.search]\nregistries = ['a.io/x']")]
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
