using System.Diagnostics;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Model;
using Podsharp.UnitTests.Configuration;

namespace Podsharp.UnitTests.Registry;

public sealed class CredentialHelperTests : IDisposable
{
    private readonly TestEnvironment _host = new();

    public void Dispose() => _host.Dispose();

    private Task<RegistryCredentials?> Ask(string script, CancellationToken cancellationToken = default, TimeSpan? limit = null)
    {
        var helper = _host.Write("/bin/docker-credential-fake", "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _host.Set("PATH", _host.Root + "/bin:/usr/bin:/bin");
        return CredentialHelper.GetAsync("fake", "r.io", _host.Environment, cancellationToken, limit);
    }

    [Fact]
    public async Task Helpers_are_asked_as_the_auth_file_says()
    {
        const string Script = "read host\necho \"{\\\"ServerURL\\\":\\\"$host\\\",\\\"Username\\\":\\\"u-$host\\\",\\\"Secret\\\":\\\"s\\\"}\"";
        Assert.Equal(new RegistryCredentials("u-r.io", "s"), await Ask(Script));
        _host.Write("/run/containers/0/auth.json", """{"credHelpers":{"r.io":"fake"}}""");
        var files = new AuthFiles(_host.Environment, new RegistriesConf());
        Assert.Equal(new RegistryCredentials("u-r.io", "s"), await files.FindAsync(ImageReference.Parse("r.io/x"), null, CancellationToken.None));
    }

    [Fact]
    public async Task A_helper_gets_get_the_environment_and_nothing_else()
    {
        _host.Set("KEYRING", "here");
        var found = await Ask("""
            held=$(ls /proc/self/fd | tr '\n' '-')
            echo "{\"Username\":\"$1-$KEYRING-${HOME:-none}-$PWD\",\"Secret\":\"$held$(grep SigIgn /proc/self/status | tr -d '\t')\"}"
            """);
        // 3 is ls's own: the directory it reads.
        Assert.Equal(new RegistryCredentials("get-here-none-/", "0-1-2-3-SigIgn:0000000000000000"), found);
    }

    [Fact]
    public async Task An_unknown_host_is_no_error_but_a_failure_is_told()
    {
        Assert.Null(await Ask("echo credentials not found in native keychain; exit 1"));
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => Ask("echo the key ring is locked; exit 3"));
        Assert.Equal("CredentialHelperFailed", error.ErrorId);
        Assert.Contains("code 3: the key ring is locked", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<ContainerEngineException>(() => Ask("echo no bus >&2; exit 1"));
        Assert.Contains("code 1: no bus", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<ContainerEngineException>(() => Ask("echo welcome"));
        Assert.Contains("not what a credential helper gives", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_that_hangs_is_killed_with_all_that_it_started()
    {
        var watch = Stopwatch.StartNew();
        var script = $"echo $$ > {_host.Root}/pid; sleep 100 & echo $! >> {_host.Root}/pid; wait";
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => Ask(script, default, TimeSpan.FromSeconds(1)));
        Assert.Equal("CredentialHelperFailed", error.ErrorId);
        Assert.Contains("no answer in 1 seconds", error.Message, StringComparison.Ordinal);
        AssertGone();

        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ask(script, source.Token));
        AssertGone();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_helper_may_leave_an_agent_behind()
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("u", (await Ask("echo '{\"Username\":\"u\",\"Secret\":\"s\"}'; sleep 5 &"))?.UserName);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_missing_helper_is_named()
    {
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => CredentialHelper.GetAsync("absent", "r.io", _host.Environment, default));
        Assert.Equal((ErrorKind.MissingComponent, "MissingComponent"), (error.Kind, error.ErrorId));
        Assert.Contains("docker-credential-absent", error.Message, StringComparison.Ordinal);

        _host.Write("/bin/docker-credential-plain", "no program");
        _host.Set("PATH", _host.Root + "/bin");
        error = await Assert.ThrowsAsync<ContainerEngineException>(() => CredentialHelper.GetAsync("plain", "r.io", _host.Environment, default));
        Assert.Contains("could not be started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_fails_keeps_nobody_from_the_next()
    {
        _host.Write("/run/containers/0/auth.json", """{"auths":{"r.io":{"auth":"YTpi"}}}""");
        var files = new AuthFiles(_host.Environment, new RegistriesConf { CredentialHelpers = ["absent", "containers-auth.json"] });
        Assert.Equal(new RegistryCredentials("a", "b"), await files.FindAsync(ImageReference.Parse("r.io/x"), null, default));
        // Where none has them, the missing one may have been the one.
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() => files.FindAsync(ImageReference.Parse("other.io/x"), null, default));
        Assert.Contains("docker-credential-absent", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_fails_keeps_no_password_in_the_next(bool all)
    {
        var file = _host.Write("/run/containers/0/auth.json", """{"auths":{"r.io":{"auth":"YTpi"}}}""");
        var store = new CredentialStore(_host.Environment, new RegistriesConf { CredentialHelpers = ["absent", "containers-auth.json"] }, _host.Root + "/lock");
        var error = await Assert.ThrowsAsync<ContainerEngineException>(() =>
            all ? store.EraseAllAsync(new CredentialPlace(null), default) : store.EraseAsync(new RegistryKey("r.io", "r.io"), new CredentialPlace(null), default));
        Assert.Contains("docker-credential-absent", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("YTpi", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private void AssertGone()
    {
        foreach (var line in File.ReadAllLines(_host.Root + "/pid"))
        {
            // A killed one may be a zombie until its parent or init has looked.
            Assert.True(SpinWait.SpinUntil(() => !ProcessTable.IsAlive(int.Parse(line), ProcessTable.StartTime(int.Parse(line))), TimeSpan.FromSeconds(5)));
        }
    }
}
