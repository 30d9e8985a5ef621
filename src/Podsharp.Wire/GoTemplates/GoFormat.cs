using System.Globalization;
using System.Text;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.GoTemplates;

/// <summary>Go's Sprintf for the values of templates: %v %s %q %d %x %X %o %b %c %t %f %e %g %T %%, with the flags - + # 0 and blank,
/// width and precision.</summary>
internal static class GoFormat
{
    internal static string Format(string format, IReadOnlyList<object?> arguments)
    {
        var output = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                output.Append(format[i]);
                continue;
            }
            var verb = new Verb();
            i = verb.Read(format, i + 1, arguments, ref next);
            if (i >= format.Length)
                output.Append("%!(NOVERB)");
            else if (format[i] == '%')
                output.Append('%');
            else if (next >= arguments.Count)
                output.Append("%!").Append(format[i]).Append("(MISSING)");
            else
                output.Append(verb.Pad(verb.Text(format[i], arguments[next++])));
        }
        if (next < arguments.Count)
            output.Append("%!(EXTRA ").AppendJoin(", ", arguments.Skip(next).Select(a => $"{Functions.TypeName(a)}={GoTemplate.Print(a)}")).Append(')');
        return output.ToString();
    }

    private sealed class Verb
    {
        private bool left;
        private bool plus;
        private bool zero;
        private bool alternate;
        private bool blank;
        private int width;
        private int? precision;

        internal int Read(string format, int i, IReadOnlyList<object?> arguments, ref int next)
        {
            for (; i < format.Length && "-+#0 ".Contains(format[i]); i++)
            {
                left |= format[i] == '-';
                plus |= format[i] == '+';
                zero |= format[i] == '0';
                alternate |= format[i] == '#';
                blank |= format[i] == ' ';
            }
            width = Number(format, ref i, arguments, ref next) ?? 0;
            if (width < 0)
                (left, width) = (true, -width);
            if (i < format.Length && format[i] == '.')
            {
                i++;
                precision = Number(format, ref i, arguments, ref next) ?? 0;
            }
            return i;
        }

        private static int? Number(string format, ref int i, IReadOnlyList<object?> arguments, ref int next)
        {
            if (i < format.Length && format[i] == '*' && next < arguments.Count && arguments[next] is long given)
            {
                i++;
                next++;
                return (int)given;
            }
            var start = i;
            while (i < format.Length && char.IsAsciiDigit(format[i]))
                i++;
            return i > start ? int.Parse(format.AsSpan(start, i - start), CultureInfo.InvariantCulture) : null;
        }

        internal string Pad(string text)
        {
            if (left)
                return text.PadRight(width);
            if (!zero || text.Length >= width)
                return text.PadLeft(width);
            return text.Length > 0 && text[0] is '-' or '+' ? text[0] + text[1..].PadLeft(width - 1, '0') : text.PadLeft(width, '0');
        }

        internal string Text(char verb, object? value)
        {
            var text = verb switch
            {
                'v' => GoTemplate.Print(value),
                's' when value is not (bool or long or int or ulong or double) => Cut(GoTemplate.Print(value)),
                'q' when value is string quoted => WireJson.ToText(quoted),
                'T' => Functions.TypeName(value),
                't' when value is bool flag => flag ? "true" : "false",
                _ => Numeric(verb, value),
            };
            return text ?? $"%!{verb}({Functions.TypeName(value)}={GoTemplate.Print(value)})";
        }

        private string? Numeric(char verb, object? value)
        {
            if (value is string text && verb is 'x' or 'X')
            {
                var hex = Convert.ToHexString(Encoding.UTF8.GetBytes((string)value));
                return verb == 'x' ? hex.ToLowerInvariant() : hex;
            }
            if (value is double real)
                return Real(verb, real);
            long? whole = value switch { long l => l, int i => i, ulong u => unchecked((long)u), _ => null };
            if (whole is not { } number)
                return null;
            return verb switch
            {
                'd' => Sign(number) + (value is ulong big ? big.ToString(CultureInfo.InvariantCulture) : number.ToString(CultureInfo.InvariantCulture)),
                'x' => (alternate ? "0x" : "") + number.ToString("x", CultureInfo.InvariantCulture),
                'X' => (alternate ? "0X" : "") + number.ToString("X", CultureInfo.InvariantCulture),
                'o' => (alternate ? "0" : "") + Convert.ToString(number, 8),
                'b' => Convert.ToString(number, 2),
                'c' => number is >= 0 and <= 0x10FFFF and not (>= 0xD800 and < 0xE000) ? char.ConvertFromUtf32((int)number) : "\uFFFD",
                _ => null,
            };
        }

        private string? Real(char verb, double number) => verb switch
        {
            'f' or 'F' => Sign(number) + number.ToString("F" + (precision ?? 6), CultureInfo.InvariantCulture),
            'e' => Sign(number) + number.ToString((precision ?? 6) == 0 ? "0e+00" : "0." + new string('0', precision ?? 6) + "e+00", CultureInfo.InvariantCulture),
            'g' => Sign(number) + (precision is { } digits ? number.ToString("G" + digits, CultureInfo.InvariantCulture) : GoText.Number(number)),
            _ => null,
        };

        private string Sign(double number) => number < 0 ? "" : plus ? "+" : blank ? " " : "";

        private string Cut(string text) => precision is { } length && text.Length > length ? text[..length] : text;
    }
}
