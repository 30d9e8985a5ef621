using System.Text;

namespace Podsharp.Engine.Host;

/// <summary>The text of the unit that starts containers after a reboot (systemd.unit(5), systemd.service(5)).</summary>
internal static class BootUnitFile
{
    /// <summary>The unit's text.</summary>
    /// <param name="command">The executable, with every option that selects the state.</param>
    /// <param name="target">The target that wants it.</param>
    internal static string Text(IReadOnlyList<string> command, string target) => $"""
        [Unit]
        Description=Containers with the restart policy always or unless-stopped
        Documentation=https://github.com/podsharp/podsharp
        Wants=network-online.target
        After=network-online.target
        StartLimitIntervalSec=0

        [Service]
        Type=oneshot
        RemainAfterExit=true
        ExecStart={Line([.. command, "start", "--all", "--filter", "should-start-on-boot=true"])}
        ExecStop={Line([.. command, "stop", "--all", "--service"])}

        [Install]
        WantedBy={target}

        """;

    /// <summary>A command line in systemd's quotes.</summary>
    private static string Line(IReadOnlyList<string> words) => string.Join(' ', words.Select(Quoted));

    private static string Quoted(string word)
    {
        var text = new StringBuilder();
        foreach (var letter in word)
        {
            text.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '%' => "%%",
                '$' => "$$",
                _ => letter.ToString(),
            });
        }
        return word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "/-_.=:,@+".Contains(letter)) ? word : $"\"{text}\"";
    }
}
