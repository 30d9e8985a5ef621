using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>The tag of a container's lines in the journal: a text with fields of the container in it, as <c>{{.Name}}</c>.</summary>
internal static class LogTag
{
    /// <summary>Puts the fields in.</summary>
    /// <param name="tag">The text.</param>
    /// <param name="field">Gives a field by its name in inspect; null where there is none.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static string Expand(string tag, Func<string, string?> field)
    {
        var text = new StringBuilder();
        var rest = tag.AsSpan();
        for (int start; (start = rest.IndexOf("{{")) >= 0;)
        {
            text.Append(rest[..start]);
            rest = rest[(start + 2)..];
            var end = rest.IndexOf("}}");
            var word = end < 0 ? "" : rest[..end].Trim().ToString();
            if (!word.StartsWith('.') || field(word[1..]) is not { } value)
            {
                throw EngineErrors.InvalidArgument($"invalid log tag \"{tag}\": {{{{{(end < 0 ? rest.ToString() : word)}}}}} is not a field it can have", tag,
                    "use {{.ID}}, {{.Name}}, {{.ImageName}}, {{.Image}} or {{.ImageDigest}}");
            }
            text.Append(value);
            rest = rest[(end + 2)..];
        }
        return text.Append(rest).ToString();
    }
}
