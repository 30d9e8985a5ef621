namespace Podsharp.Orchestration.CommandLine;

/// <summary>How an option's value is read.</summary>
public enum OptionKind
{
    /// <summary>True or false; a bare option is true (<c>--rm</c>, <c>--rm=false</c>).</summary>
    Flag,
    /// <summary>One text; the last one given counts.</summary>
    Text,
    /// <summary>A whole number.</summary>
    Number,
    /// <summary>A decimal number.</summary>
    Decimal,
    /// <summary>Several texts, one each time the option is given.</summary>
    List,
    /// <summary>Several texts: one or more, separated by commas, each time the option is given.</summary>
    CommaList,
}
