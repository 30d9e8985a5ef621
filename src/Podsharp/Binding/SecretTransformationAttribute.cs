using System.Collections;
using System.Globalization;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Views;

namespace Podsharp.Binding;

/// <summary>Secrets of a container: podman's words, secrets, or hashtables with Secret, Type (Mount or Env), Target, UserId, GroupId and Mode.</summary>
internal sealed class SecretTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new SecretUse[0];

    private protected override object? Convert(object? value) => value is null ? null : Flatten(value).Select(Use).ToArray();

    private static SecretUse Use(object value) => value switch
    {
        SecretUse use => use,
        ContainerSecret secret => new() { Secret = secret.Name },
        ContainerSecretDetail detail => new() { Secret = detail.Name },
        IDictionary table => FromTable(table),
        _ => SecretParser.Parse(value.ToString() ?? ""),
    };

    private static SecretUse FromTable(IDictionary table)
    {
        var entries = Entries(table, "a secret", "Secret", "Name", "Type", "Target", "UserId", "Uid", "GroupId", "Gid", "Mode");
        string? Text(params string[] names) => names.Select(name => entries.GetValueOrDefault(name)).FirstOrDefault(value => value is not null) is { } found
            ? System.Convert.ToString(found, CultureInfo.InvariantCulture) : null;
        // Octal, also as a number: PowerShell reads 0440 as 440.
        var words = new List<string> { Text("Secret", "Name") ?? throw EngineErrors.InvalidArgument("a secret needs Secret", null, "for example @{ Secret = 'db'; Target = '/etc/db'; Mode = '0440' }") };
        foreach (var (word, text) in new[] { ("type", Text("Type")?.ToLowerInvariant()), ("target", Text("Target")), ("uid", Text("UserId", "Uid")), ("gid", Text("GroupId", "Gid")), ("mode", Text("Mode")) })
            if (text is not null)
                words.Add($"{word}={text}");
        return SecretParser.Parse(string.Join(',', words));
    }
}
