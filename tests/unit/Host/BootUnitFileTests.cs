using Podsharp.Engine.Host;
using Xunit;

namespace Podsharp.UnitTests.Host;

public sealed class BootUnitFileTests
{
    [Fact]
    public void Starts_and_stops_with_the_command_of_the_state()
    {
        var text = BootUnitFile.Text(["/usr/bin/podsharp", "--root", "/my data/$HOME 100%\"\\"], "multi-user.target");
        Assert.Contains("ExecStart=/usr/bin/podsharp --root \"/my data/$$HOME 100%%\\\"\\\\\" start --all --filter should-start-on-boot=true\n", text);
        Assert.Contains(" stop --all --service\n", text);
        Assert.Contains("\n[Install]\nWantedBy=multi-user.target\n", text);
        Assert.StartsWith("[Unit]\n", text);
    }
}
