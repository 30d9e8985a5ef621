using Podsharp.Engine.Security;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Security;

public sealed class SecurityOptionsTests
{
    [Theory]
    [InlineData("what")]
    [InlineData("what=x")]
    [InlineData("label")]
    [InlineData("seccomp")]
    [InlineData("no-new-privileges=maybe")]
    [InlineData("no-new-privileges=")]
    [InlineData("systempaths=confined")]
    [InlineData("mask=/a:b")]
    public void WhatIsNoOptionIsRefused(string option) => Assert.Throws<ContainerEngineException>(() => SecurityOptions.Check([option]));

    [Theory]
    [InlineData("label=")]
    [InlineData("label:disable")]
    [InlineData("apparmor=a:b")]
    [InlineData("no-new-privileges")]
    [InlineData("no-new-privileges:true")]
    [InlineData("systempaths=unconfined")]
    [InlineData("mask=/a:/b")]
    public void OptionsAreTaken(string option) => SecurityOptions.Check([option]);

    [Fact]
    public void TheLastOneCounts()
    {
        Assert.True(SecurityOptions.NoNewPrivileges(["no-new-privileges=false", "no-new-privileges"]));
        Assert.False(SecurityOptions.NoNewPrivileges(["no-new-privileges", "no-new-privileges:F"]));
        Assert.Equal("b:c", SecurityOptions.Value(["apparmor=a", "apparmor:b:c"], "apparmor"));
    }

    [Theory]
    [InlineData("unmask=/proc/acpi", "/proc/acpi", true)]
    [InlineData("unmask=/proc/*", "/proc/acpi", true)]
    [InlineData("unmask=/sys/*", "/sys/devices/virtual/powercap", false)]
    [InlineData("unmask=/sys/*/virtual/*", "/sys/devices/virtual/powercap", true)]
    [InlineData("unmask=/x:all", "/proc/kcore", true)]
    [InlineData("systempaths=unconfined", "/proc/kcore", true)]
    [InlineData("unmask=/proc", "/proc/kcore", false)]
    public void PatternsEndAtSlashes(string option, string path, bool open) => Assert.Equal(open, SecurityOptions.Unmasks([option], path));

    [Fact]
    public void AContainerHasItsPodsOptionsUnlessItHasItsOwn()
    {
        Assert.Equal(["label=level:s0", "apparmor=x", "seccomp=own", "label=type:t"],
            SecurityOptions.Inherit(["seccomp=pod", "label=level:s0", "apparmor=x"], ["seccomp=own", "label=type:t"]));
    }

    [Fact]
    public void InspectTellsThemAsPodmanDoes()
    {
        Assert.Equal(["no-new-privileges", "label=disable,label=type:foo", "seccomp=unconfined", "apparmor=x"],
            SecurityOptions.Describe(["apparmor=x", "label=disable", "label=nested", "seccomp=unconfined", "label:type:foo", "no-new-privileges", "mask=/x"], privileged: false));
        Assert.Equal(["unmask=all"], SecurityOptions.Describe(["systempaths=unconfined"], privileged: false));
        Assert.Equal(["unmask=all"], SecurityOptions.Describe([], privileged: true));
        Assert.Equal([], SecurityOptions.Describe(["unmask=/proc/acpi"], privileged: false));
    }
}
