using Podsharp.Engine.Host;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Security;

public sealed class AppArmorTests
{
    private static readonly AppArmorProfiles Off = new(new HostFacts(), () => "/sbin/apparmor_parser");
    private static readonly AppArmorProfiles On = new(new HostFacts { AppArmor = true }, () => "/sbin/apparmor_parser");

    [Fact]
    public void WhereItIsOffOnlyAProfileThatWasAskedForIsRefused()
    {
        Assert.Equal("", Off.Choose(null, null, privileged: false));
        Assert.Equal("", Off.Choose(null, "own", privileged: false));
        Assert.Equal("", Off.Choose("unconfined", null, privileged: false));
        Assert.StartsWith("apparmor profile \"own\" specified, but Apparmor is not enabled on this system",
            Assert.Throws<ContainerEngineException>(() => Off.Choose("own", null, privileged: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsOffForOrdinaryUsersAndWithoutTheProgramThatLoadsProfiles()
    {
        Assert.True(On.IsEnabled);
        Assert.False(new AppArmorProfiles(new HostFacts { AppArmor = true }, () => null).IsEnabled);
        Assert.False(new AppArmorProfiles(new HostFacts { AppArmor = true, EffectiveUserId = 1000 }, () => "/sbin/apparmor_parser").IsEnabled);
    }

    [Fact]
    public void TheDefaultIsTheEnginesUnlessSomethingElseIsSaid()
    {
        Assert.Equal(DefaultAppArmorProfile.Name, On.Choose(null, null, privileged: false));
        Assert.Equal(DefaultAppArmorProfile.Name, On.Choose("", null, privileged: false));
        Assert.Equal("", On.Choose(null, "", privileged: false));
        Assert.Equal("", On.Choose(null, null, privileged: true));
        Assert.Equal("unconfined", On.Choose("unconfined", "own", privileged: false));
        Assert.Equal(DefaultAppArmorProfile.Name, On.Choose(DefaultAppArmorProfile.Name, null, privileged: true));
        Assert.Equal("AppArmorProfileNotLoaded", Assert.Throws<ContainerEngineException>(() => On.Choose("not-there", null, privileged: false)).ErrorId);
        Assert.Equal("AppArmorProfileNotLoaded", Assert.Throws<ContainerEngineException>(() => On.Choose(null, "not-there", privileged: false)).ErrorId);
    }

    [Fact]
    public void ABootWithoutItTakesTheDefaultAwayButNotWhatWasAskedFor()
    {
        Assert.Null(Off.Prepare(Container(DefaultAppArmorProfile.Name)));
        Assert.Null(Off.Prepare(Container("unconfined", "apparmor=unconfined")));
        Assert.Throws<ContainerEngineException>(() => Off.Prepare(Container("own", "apparmor=own")));
        // Of an earlier version, which only knew what was asked for.
        Assert.Null(On.Prepare(Container(null)));
        Assert.Throws<ContainerEngineException>(() => On.Prepare(Container(null, "apparmor=not-there")));
    }

    [Theory]
    [InlineData(true, true, "#include <tunables/global>", "  #include <abstractions/base>")]
    [InlineData(false, false, "@{PROC}=/proc/", null)]
    public void TheProfileUsesWhatTheHostHas(bool tunables, bool abstractions, string first, string? included)
    {
        var lines = DefaultAppArmorProfile.Text(tunables, abstractions).Split('\n');
        Assert.Equal(first, lines[0]);
        Assert.Contains($"profile {DefaultAppArmorProfile.Name} flags=(attach_disconnected,mediate_deleted) {{", lines);
        Assert.Contains($"  signal (send, receive) peer={DefaultAppArmorProfile.Name},", lines);
        Assert.Contains("  deny @{PROC}/* w,", lines);
        Assert.Equal(included is not null, lines.Any(line => line == included));
        Assert.DoesNotContain("profile_name", string.Concat(lines), StringComparison.Ordinal);
    }

    private static ContainerConfig Container(string? profile, params string[] options) =>
        new() { Id = "id", Name = "name", AppArmorProfile = profile, Spec = new() { SecurityOptions = options } };
}
