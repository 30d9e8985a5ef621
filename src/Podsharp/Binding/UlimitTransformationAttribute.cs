using System.Collections;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>Process limits: podman's words ("nofile=1024:2048"), or a hashtable of names and values.</summary>
internal sealed class UlimitTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new Ulimit[0];

    private protected override object? Convert(object? value) => value is null ? null : Flatten(value).SelectMany(Limits).ToArray();

    private static IEnumerable<Ulimit> Limits(object value) => value switch
    {
        Ulimit limit => [limit],
        IDictionary table => table.Cast<DictionaryEntry>().Select(entry => UlimitParser.Parse($"{entry.Key}={entry.Value}")),
        _ => [UlimitParser.Parse(value.ToString() ?? "")],
    };
}
