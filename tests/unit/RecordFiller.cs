using System.Reflection;
using System.Text.Json;

namespace Podsharp.UnitTests;

/// <summary>Makes records of which every property has a value that no other one has and that is not its default, so that a mapping by hand can't forget one.</summary>
internal sealed class RecordFiller
{
    private int _number = 100;

    /// <summary>All of it as text, to compare records whose lists are other objects: by reflection, so nothing can be forgotten here.</summary>
    public static string Show(object record) => JsonSerializer.Serialize(record, record.GetType());

    public T Fill<T>() where T : class => (T)Make(typeof(T));

    private object Make(Type type)
    {
        var number = ++_number;
        if (type == typeof(string)) return $"text {number} <é\U0001F600&\"\\\n>";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return number;
        if (type == typeof(uint)) return (uint)number;
        if (type == typeof(long)) return long.MaxValue - number;
        if (type == typeof(ulong)) return ulong.MaxValue - (ulong)number;
        if (type == typeof(double)) return number + 0.1;
        if (type == typeof(TimeSpan)) return new TimeSpan(number, 1, 2, 3, 4, 5);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2024, 1, 2, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)).AddTicks(number);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1 + (number % (Enum.GetValues(type).Length - 1)))!;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Make(underlying);
        if (type.IsArray) return MakeItems(type.GetElementType()!);
        if (!type.IsGenericType) return MakeRecord(type);
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 2) return new Dictionary<string, string> { [(string)Make(typeof(string))] = (string)Make(typeof(string)), ["B"] = "2", ["a"] = "1" };
        return MakeItems(arguments[0]);
    }

    private Array MakeItems(Type type)
    {
        var items = Array.CreateInstance(type, 2);
        for (var i = 0; i < items.Length; i++) items.SetValue(Make(type), i);
        return items;
    }

    private object MakeRecord(Type type)
    {
        var constructor = type.GetConstructors().OrderBy(c => c.GetParameters().Length).First();
        var record = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var value = Make(property.PropertyType);
            // A value that is the default by chance would hide a line that is missing.
            if (property.PropertyType == typeof(bool) && (bool)property.GetValue(record)!) value = false;
            property.SetValue(record, value);
        }
        return record;
    }
}
