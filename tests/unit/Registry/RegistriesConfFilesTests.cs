using Podsharp.Engine.Registry;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Registry;

public sealed class RegistriesConfFilesTests : IDisposable
{
    private const string Etc = "/etc/containers/registries.conf";
    private const string Own = "/root/.config/containers/registries.conf";
    private readonly TestEnvironment _host = new();

    public void Dispose() => _host.Dispose();

    // What wins, and which files were read: each has its own name among the aliases.
    private string Read()
    {
        var conf = RegistriesConf.Load(_host.Environment);
        Assert.StartsWith(_host.Root, conf.MainFile, StringComparison.Ordinal);
        return $"{string.Concat(conf.UnqualifiedSearchRegistries)}: {string.Join(' ', conf.Aliases.Keys.Order(StringComparer.Ordinal))}";
    }

    private string Write(string path, string name) => _host.Write(path, $"unqualified-search-registries = ['{name}.io']\n[aliases]\n'{name}' = 'x.io/y'\n");

    [Fact]
    public void Drop_ins_of_the_host_and_of_the_user_are_laid_over_the_hosts_file()
    {
        Write(Etc, "etc");
        Assert.Equal("etc.io: etc", Read());
        Write(Etc + ".d/2.conf", "two");
        Write(Etc + ".d/1.conf", "one");
        Write(Etc + ".d/0.other", "none");
        Assert.Equal("two.io: etc one two", Read());
        Write(Own + ".d/0.conf", "own");
        Assert.Equal("own.io: etc one own two", Read());
    }

    [Fact]
    public void A_users_own_file_stands_in_for_all_of_the_hosts()
    {
        Write(Etc, "etc");
        Write(Etc + ".d/1.conf", "one");
        Write(Own, "mine");
        Assert.Equal("mine.io: mine", Read());
        Write(Own + ".d/0.conf", "own");
        Assert.Equal("own.io: mine own", Read());
        // podman looks below the home directory only.
        _host.Set("XDG_CONFIG_HOME", _host.Root + "/elsewhere");
        Write("/elsewhere/containers/registries.conf", "elsewhere");
        Assert.Equal("own.io: mine own", Read());
    }

    [Fact]
    public void A_variable_names_the_main_file_and_leaves_the_drop_ins()
    {
        Write(Etc, "etc");
        Write(Own, "mine");
        Write(Etc + ".d/1.conf", "one");
        Write(Own + ".d/0.conf", "own");
        _host.Set("REGISTRIES_CONFIG_PATH", Write("/older.conf", "older"));
        Assert.Equal("own.io: older one own", Read());
        _host.Set("CONTAINERS_REGISTRIES_CONF", Write("/named.conf", "named"));
        Assert.Equal("own.io: named one own", Read());
        // An empty one hides the older one, too.
        _host.Set("CONTAINERS_REGISTRIES_CONF", "");
        Assert.Equal("own.io: mine own", Read());
    }

    [Theory]
    [InlineData("CONTAINERS_REGISTRIES_CONF")]
    [InlineData("REGISTRIES_CONFIG_PATH")]
    public void A_file_that_a_variable_names_must_be_there(string variable)
    {
        _host.Set(variable, _host.Root + "/absent.conf");
        var error = Assert.Throws<ContainerEngineException>(() => RegistriesConf.Load(_host.Environment));
        Assert.Equal("ConfigurationInvalid", error.ErrorId);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
        _host.Set(variable, "/dev/null");
        Assert.Empty(RegistriesConf.Load(_host.Environment).Aliases);
    }

    [Fact]
    public void Recorded_answers_win_over_all_files_and_may_take_an_alias_away()
    {
        _host.Write(Etc, "[aliases]\n'a' = 'x.io/a'\n'b' = 'x.io/b'\n'c' = 'x.io/c'");
        _host.Write(Etc + ".d/1.conf", "[aliases]\n'b' = ''\n'c' = 'y.io/c'");
        _host.Write(Own + ".d/1.conf", "[aliases]\n'b' = 'docker.io/b'");
        _host.Write("/var/cache/containers/short-name-aliases.conf", "[aliases]\n'a' = ''\n'c' = 'z.io/c'");
        Assert.Equal(["b=docker.io/b", "c=z.io/c"],
            RegistriesConf.Load(_host.Environment).Aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal).Select(alias => $"{alias.Key}={alias.Value}"));
    }
}
