using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads secrets as <c>--secret</c> takes them.</summary>
public static class SecretParser
{
    /// <summary>Reads <c>NAME[,type=mount|env][,target=...][,uid=...][,gid=...][,mode=...]</c>; the name may also be written <c>source=NAME</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static SecretUse Parse(string text)
    {
        var fields = text.Split(',');
        // As podman: a single word is a name, whatever is in it.
        if (fields.Length == 1)
            return new() { Secret = text };
        var use = new SecretUse { Secret = fields[0].Contains('=') ? "" : fields[0] };
        string? type = null;
        var fileOnly = false;
        foreach (var field in fields.Skip(fields[0].Contains('=') ? 0 : 1))
        {
            var (name, value) = field.Split('=', 2) is [var left, var right] ? (left, right) : throw Invalid($"option {field} must be in form option=value", field);
            fileOnly |= name is "uid" or "gid" or "mode";
            switch (name)
            {
                case "source":
                    use = use with { Secret = value };
                    break;
                case "type" when type is not null:
                    throw Invalid("cannot set more than one secret type", field);
                case "type":
                    type = value is "mount" or "env" ? value : throw Invalid($"type {value} is invalid", field);
                    break;
                case "target":
                    use = use with { Target = value };
                    break;
                case "uid":
                    use = use with { UserId = Id("UID", value) };
                    break;
                case "gid":
                    use = use with { GroupId = Id("GID", value) };
                    break;
                case "mode":
                    use = use with { Mode = Mode(value) };
                    break;
                default:
                    throw Invalid($"option {field} invalid", field);
            }
        }
        if (use.Secret.Length == 0)
            throw Invalid($"no source found {text}", text);
        if (type == "env" && fileOnly)
            throw Invalid("UID, GID, Mode options cannot be set with secret type env", text);
        return use with { IsVariable = type == "env" };
    }

    private static uint Id(string what, string value) => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Invalid($"{what} {value} invalid", value);

    private static int Mode(string value)
    {
        if (value.Length is > 0 and <= 5 && value.All(letter => letter is >= '0' and <= '7') && Convert.ToInt32(value, 8) is <= 0xFFF and var mode)
            return mode;
        throw Invalid($"mode {value} invalid", value);
    }

    private static ContainerEngineException Invalid(string message, string culprit) =>
        EngineErrors.InvalidArgument(message + ": parsing secret", culprit, "write it as NAME[,type=mount|env,target=...,uid=...,gid=...,mode=0444]");
}
