namespace Podsharp.Model;

/// <summary>Forms of text that options of commands and of configuration files share.</summary>
public static class OptionText
{
    /// <summary>Reads a flag's value by the rules of Go's ParseBool.</summary>
    public static bool TryParseFlag(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "TRUE" or "true" or "True";
        return value || text is "0" or "f" or "F" or "FALSE" or "false" or "False";
    }

    /// <summary>Splits at commas as Go's CSV reader does: a field may stand in double quotes, a quote inside is doubled.</summary>
    public static IEnumerable<string> SplitCommas(string value)
    {
        if (!value.Contains('"'))
            return value.Split(',');
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (quoted && c == '"' && i + 1 < value.Length && value[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"' && (quoted || field.Length == 0))
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(c);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
