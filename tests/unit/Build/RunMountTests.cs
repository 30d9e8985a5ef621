using Podsharp.Engine.Build.Syntax;
using Podsharp.Model;

namespace Podsharp.UnitTests.Build;

public class RunMountTests
{
    [Fact]
    public void A_bind_is_the_default_and_is_read_only()
    {
        Assert.Equal(new RunMount { Kind = RunMountKind.Bind, Target = "/t" }, RunMount.Parse("target=/t"));
        var mount = RunMount.Parse("type=bind,from=stage,src=/s,dst=t,rw,z,bind-propagation=rslave,U,no-dereference,bind-nonrecursive,consistency=cached");
        Assert.Equal(("stage", "/s", "t", true, "shared", "rslave"), (mount.From, mount.Source, mount.Target, mount.Writable, mount.Relabel, mount.Propagation));
        Assert.True(mount is { OwnerShift: true, NoDereference: true, NonRecursive: true });
        Assert.Equal(("private", false), RunMount.Parse("target=/t,relabel=private,rw=false") is var other ? (other.Relabel, other.Writable) : default);
    }

    [Fact]
    public void A_cache_is_writable_and_shared()
    {
        var mount = RunMount.Parse("type=cache,id=c,target=/t,sharing=locked,mode=0700,uid=1,gid=2,ro,nosuid");
        Assert.Equal((RunMountKind.Cache, "c", CacheSharing.Locked, 448u, 1u, 2u, false),
            (mount.Kind, mount.Id, mount.Sharing, mount.Mode!.Value, mount.UserId!.Value, mount.GroupId!.Value, mount.Writable));
        Assert.Equal(["nosuid"], mount.Options);
        Assert.True(RunMount.Parse("type=cache,target=/t") is { Writable: true, Sharing: CacheSharing.Shared, Mode: null });
    }

    [Fact]
    public void The_others_have_what_they_need()
    {
        Assert.True(RunMount.Parse("type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1777,tmpcopyup") is { TmpfsSize: 64 << 20, Mode: 1023, CopyUp: true });
        Assert.True(RunMount.Parse("type=secret,id=s") is { Id: "s", Target: "/run/secrets/s", Required: false });
        Assert.True(RunMount.Parse("type=secret,target=/x/key,required,mode=0440") is { Id: "key", Target: "/x/key", Required: true, Mode: 288 });
        Assert.True(RunMount.Parse("type=secret,id=s,env=TOKEN") is { Target: null, Environment: "TOKEN" });
        Assert.True(RunMount.Parse("type=ssh") is { Id: "default", Target: null, Required: false });
        Assert.True(RunMount.Parse("type=ssh,id=k,required=true,uid=5") is { Id: "k", Required: true, UserId: 5 });
    }

    [Theory]
    [InlineData("type=volume,target=/t", "the type \"volume\" is not known")]
    [InlineData("type=bind", "it has no target")]
    [InlineData("type=cache", "it has no target")]
    [InlineData("target=", "target has no value")]
    [InlineData("target=/t,foo", "a mount of type bind has no option \"foo\"")]
    [InlineData("type=tmpfs,target=/t,from=x", "a mount of type tmpfs has no option \"from\"")]
    [InlineData("type=cache,target=/t,sharing=some", "sharing=some is not known")]
    [InlineData("type=cache,target=/t,mode=9", "mode=9 is not an octal mode")]
    [InlineData("type=cache,target=/t,uid=root", "uid=root is not a number")]
    [InlineData("type=secret", "a secret needs an id")]
    [InlineData("type=secret,id=s,required=maybe", "required=maybe is not true or false")]
    [InlineData("target=/t,relabel=x", "relabel=x is not known")]
    [InlineData("target=/t,bind-propagation=x", "bind-propagation=x is not known")]
    public void What_is_wrong_is_named(string text, string message)
    {
        var error = Assert.Throws<ContainerEngineException>(() => RunMount.Parse(text));
        Assert.Equal("InvalidRunMount", error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
