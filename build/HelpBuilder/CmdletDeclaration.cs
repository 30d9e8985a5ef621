using System.Reflection;

namespace HelpBuilder;

/// <summary>What a cmdlet's class declares.</summary>
public sealed class CmdletDeclaration
{
    private CmdletDeclaration(Type type, CustomAttributeData attribute, DocComments comments)
    {
        Verb = (string)attribute.ConstructorArguments[0].Value!;
        Noun = (string)attribute.ConstructorArguments[1].Value!;
        DefaultSet = Named(attribute, "DefaultParameterSetName") as string ?? "";
        SupportsShouldProcess = Named(attribute, "SupportsShouldProcess") is true;
        Outputs = [.. Attributes(type, "OutputTypeAttribute").SelectMany(OutputTypes).Where(output => output != typeof(void)).Distinct()];
        Parameters = [.. type.GetProperties().Where(property => Attributes(property, "ParameterAttribute").Any())
            .Select(property => new ParameterDeclaration(property, comments)).Where(parameter => !parameter.IsHidden)];
    }

    public string Name => $"{Verb}-{Noun}";

    public string Verb { get; }

    public string Noun { get; }

    public string DefaultSet { get; }

    public bool SupportsShouldProcess { get; }

    public IReadOnlyList<Type> Outputs { get; }

    public IReadOnlyList<ParameterDeclaration> Parameters { get; }

    /// <summary>The parameter sets, the default one first.</summary>
    public IReadOnlyList<string> Sets
    {
        get
        {
            var named = Parameters.SelectMany(parameter => parameter.Sets.Keys).Where(set => set.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
            return named.Count == 0 ? [""] : [.. named.OrderBy(set => set == DefaultSet ? 0 : 1)];
        }
    }

    public static IReadOnlyList<CmdletDeclaration> Find(Assembly assembly, DocComments comments) =>
    [
        .. assembly.GetExportedTypes().Where(type => !type.IsAbstract)
            .Select(type => (Type: type, Attribute: Attributes(type, "CmdletAttribute").FirstOrDefault()))
            .Where(found => found.Attribute is not null)
            .Select(found => new CmdletDeclaration(found.Type, found.Attribute!, comments))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    internal static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType.Name == name);

    internal static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(argument => argument.MemberName == name).Select(argument => argument.TypedValue.Value).FirstOrDefault();

    private static IEnumerable<Type> OutputTypes(CustomAttributeData attribute) => attribute.ConstructorArguments[0].Value switch
    {
        Type one => [one],
        IReadOnlyCollection<CustomAttributeTypedArgument> many => many.Select(argument => argument.Value).OfType<Type>(),
        _ => [],
    };
}
