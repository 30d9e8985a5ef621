using System.Globalization;
using System.Text;

namespace Podsharp.Wire.Values;

/// <summary>Prints values as Go's fmt does with %v.</summary>
public static class GoText
{
    /// <summary>Prints a value.</summary>
    public static string Print(object? value)
    {
        if (value is string text)
            return text;
        var builder = new StringBuilder();
        Append(builder, value);
        return builder.ToString();
    }

    /// <summary>A time as Go's Time.String: <c>2026-01-31 12:00:00.123 +0000 UTC</c>.</summary>
    public static string Time(DateTimeOffset time)
    {
        var zone = time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "");
        var name = time.Offset == TimeSpan.Zero ? "UTC" : zone;
        return time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF ", CultureInfo.InvariantCulture) + $"{zone} {name}";
    }

    /// <summary>A number as Go's %g with the shortest exact digits.</summary>
    public static string Number(double value)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < 1e21)
            return value.ToString("F0", CultureInfo.InvariantCulture);
        return value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e");
    }

    private static void Append(StringBuilder builder, object? value)
    {
        switch (value)
        {
            case null:
                builder.Append("<nil>");
                break;
            case string text:
                builder.Append(text);
                break;
            case bool flag:
                builder.Append(flag ? "true" : "false");
                break;
            case double number:
                builder.Append(Number(number));
                break;
            case DateTimeOffset time:
                builder.Append(Time(time));
                break;
            case WireStruct members:
                AppendAll(builder, '{', members.Members.Where(m => m.JsonName is not null).Select(m => m.Value), '}');
                break;
            case WireList list:
                AppendAll(builder, '[', list.Items, ']');
                break;
            case WireMap map:
                builder.Append("map[");
                var first = true;
                foreach (var (key, item) in map.Entries)
                {
                    if (!first)
                        builder.Append(' ');
                    first = false;
                    builder.Append(key).Append(':');
                    Append(builder, item);
                }
                builder.Append(']');
                break;
            default:
                builder.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void AppendAll(StringBuilder builder, char open, IEnumerable<object?> items, char close)
    {
        builder.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                builder.Append(' ');
            first = false;
            Append(builder, item);
        }
        builder.Append(close);
    }
}
