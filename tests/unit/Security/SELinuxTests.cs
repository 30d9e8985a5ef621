using Podsharp.Engine.Security;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Security;

public sealed class SELinuxTests
{
    private static readonly SELinuxPolicy Policy = SELinuxPolicy.Parse("""
        # containers
        process = "system_u:system_r:container_t:s0"
        content = "system_u:object_r:virt_var_lib_t:s0"
        ; another comment
        file="system_u:object_r:container_file_t:s0"
        """);

    [Fact]
    public void AContainerHasItsOwnLevel() =>
        Assert.Equal(new SELinuxLabels("system_u:system_r:container_t:s0:c1,c2", "system_u:object_r:container_file_t:s0:c1,c2"), Policy.Decide([], "s0:c1,c2"));

    [Fact]
    public void OptionsChangeIt()
    {
        Assert.Equal(new SELinuxLabels("a_u:b_r:c_t:s0:c7,c9", "a_u:object_r:f_t:s0:c7,c9"),
            Policy.Decide(["user:a_u", "role:b_r", "type:c_t", "filetype:f_t", "level:s0:c7,c9"], "s0:c1,c2"));
        // What no confined container may use, since its categories are nobody's.
        Assert.Equal(new SELinuxLabels("", "system_u:object_r:container_file_t:s0:c1022,c1023"), Policy.Decide(["type:c_t", "disable", "bogus"], "s0:c1,c2"));
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("")]
    [InlineData("category:c1")]
    [InlineData("disable:x")]
    public void WhatIsNoOptionIsRefused(string option) => Assert.Throws<ContainerEngineException>(() => Policy.Decide([option], "s0"));

    [Fact]
    public void APolicyWithoutContainersOrLevelsGivesNone()
    {
        Assert.Equal(SELinuxLabels.None, SELinuxPolicy.Parse("").Decide(["bogus"], "s0:c1,c2"));
        Assert.Equal("", SELinuxPolicy.Parse("").SharedFile);
        var flat = SELinuxPolicy.Parse("process = u:r:p_t\nfile = u:r:f_t\n");
        Assert.Equal(new SELinuxLabels("u:r:p_t", "u:r:f_t"), flat.Decide([], "s0:c1,c2"));
        Assert.Equal("u:r:f_t", flat.SharedFile);
    }

    [Fact]
    public void AServiceManagerHasItsType()
    {
        Assert.Equal("u:r:p_t:s0:c1,c2", Policy.OfInit("u:r:p_t:s0:c1,c2"));
        var policy = SELinuxPolicy.Parse("process = u:r:p_t:s0\nfile = u:r:f_t:s0\ninit_process = u:r:init_t:s0\n");
        Assert.Equal("u:r:init_t:s0:c1,c2", policy.OfInit("u:r:p_t:s0:c1,c2"));
        Assert.Equal("", policy.OfInit(""));
    }

    [Fact]
    public void TheCallersUserAndRoleAreTaken()
    {
        var options = SELinuxPolicy.UserOf("staff_u:staff_r:staff_t:s0-s0:c0.c1023\0");
        Assert.Equal(["user:staff_u", "role:staff_r"], options);
        var labels = Policy.Decide([.. options, "role:system_r"], "s0:c1,c2");
        Assert.StartsWith("staff_u:system_r:container_t:", labels.Process, StringComparison.Ordinal);
        Assert.StartsWith("staff_u:object_r:", labels.Mount, StringComparison.Ordinal);
        Assert.Equal([], SELinuxPolicy.UserOf(""));
    }

    [Fact]
    public void TheOptionsOfALabelGiveThatLabel()
    {
        var labels = Policy.Decide(["type:other_t"], "s0:c5,c6");
        Assert.Equal(labels, Policy.Decide(SELinuxPolicy.OptionsOf(labels.Process), "s0:c1,c2"));
        Assert.Equal([], SELinuxPolicy.OptionsOf(""));
        Assert.Equal(["user:u", "role:r", "type:t"], SELinuxPolicy.OptionsOf("u:r:t"));
    }

    [Fact]
    public void ALevelIsNobodyElses()
    {
        var taken = new HashSet<string>();
        for (var i = 0; i < 5000; i++)
        {
            var level = SELinuxPolicy.NewLevel(taken);
            Assert.Matches("^s0:c[0-9]+,c[0-9]+$", level);
            var categories = level["s0:".Length..].Split(',').Select(category => int.Parse(category[1..], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            Assert.True(categories[0] < categories[1] && categories[1] < 1024 && level != SELinuxPolicy.PrivateLevel);
            Assert.True(taken.Add(level));
        }
    }

    [Theory]
    [InlineData("u:r:t:s0:c1,c2", "u:r:t:s0")]
    [InlineData("u:r:t:s0-s0:c0.c1023", "u:r:t:s0")]
    [InlineData("u:r:t", "u:r:t")]
    public void SharedFilesHaveNoCategories(string label, string shared) => Assert.Equal(shared, FileLabels.Shared(label));

    [Theory]
    [InlineData("u:r")]
    [InlineData("u::t")]
    [InlineData("")]
    public void ALabelHasThreeWordsAtLeast(string text) => Assert.Throws<ContainerEngineException>(() => SELinuxContext.Parse(text));

    [Fact]
    public void WhatTheSystemLivesOnIsNotLabelled()
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-label").FullName;
        try
        {
            FileLabels.CheckTree(directory, ["/home/me"]);
            Directory.CreateSymbolicLink(directory + "/way", "/etc");
            foreach (var path in new[] { "/", "/etc", "/etc/", "/usr", directory + "/way" })
                Assert.Equal($"SELinux relabeling of {path} is not allowed", Assert.Throws<ContainerEngineException>(() => FileLabels.CheckTree(path, [])).Message.Split(": ")[0]);
            Assert.Throws<ContainerEngineException>(() => FileLabels.CheckTree(directory, [directory + "/"]));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
