using System.Reflection;

namespace HelpBuilder;

/// <summary>What a parameter's property declares.</summary>
public sealed class ParameterDeclaration
{
    public ParameterDeclaration(PropertyInfo property, DocComments comments)
    {
        Name = property.Name;
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Description = comments.Of(property);
        AllowsWildcards = CmdletDeclaration.Attributes(property, "SupportsWildcardsAttribute").Any();
        Aliases = [.. CmdletDeclaration.Attributes(property, "AliasAttribute")
            .SelectMany(attribute => ((IReadOnlyCollection<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!).Select(argument => (string)argument.Value!))];
        foreach (var attribute in CmdletDeclaration.Attributes(property, "ParameterAttribute"))
        {
            var set = CmdletDeclaration.Named(attribute, "ParameterSetName") as string ?? "";
            IsHidden |= CmdletDeclaration.Named(attribute, "DontShow") is true;
            Sets[set] = new Place(
                CmdletDeclaration.Named(attribute, "Position") as int?,
                CmdletDeclaration.Named(attribute, "Mandatory") is true,
                CmdletDeclaration.Named(attribute, "ValueFromPipeline") is true,
                CmdletDeclaration.Named(attribute, "ValueFromPipelineByPropertyName") is true,
                CmdletDeclaration.Named(attribute, "ValueFromRemainingArguments") is true);
        }
    }

    public string Name { get; }

    public Type Type { get; }

    public string Description { get; }

    public bool AllowsWildcards { get; }

    public bool IsHidden { get; }

    public bool IsSwitch => Type.Name == "SwitchParameter";

    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Its place in each parameter set; "" stands for all.</summary>
    public Dictionary<string, Place> Sets { get; } = new(StringComparer.Ordinal);

    /// <summary>Its place in a set; null if it isn't in it.</summary>
    public Place? In(string set) => Sets.GetValueOrDefault(set) ?? Sets.GetValueOrDefault("");

    /// <summary>The type as PowerShell people write it.</summary>
    public string TypeName => Write(Type);

    private static string Write(Type type) => type switch
    {
        { IsArray: true } => Write(Nullable.GetUnderlyingType(type.GetElementType()!) ?? type.GetElementType()!) + "[]",
        { FullName: "System.String" } => "string",
        { FullName: "System.Int32" } => "int",
        { FullName: "System.Int64" } => "long",
        { FullName: "System.UInt64" } => "ulong",
        { FullName: "System.Double" } => "double",
        { FullName: "System.Boolean" } => "bool",
        { FullName: "System.Object" } => "object",
        _ => type.Name,
    };

    /// <summary>How a parameter set has it.</summary>
    public sealed record Place(int? Position, bool Mandatory, bool ByValue, bool ByName, bool Remaining)
    {
        public string Pipeline => (ByValue, ByName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };
    }
}
