namespace Podsharp.Engine.Build.Syntax;

/// <summary>One instruction of a Containerfile, as it is written: variables aren't expanded, quotes are still there where an expansion
/// must see them.</summary>
internal abstract record Instruction
{
    /// <summary>The instruction's name in upper case.</summary>
    internal abstract string Keyword { get; }

    /// <summary>Its text, lines that go on joined, as podman shows it as a step and writes it into the history. Here-documents aren't in it.</summary>
    internal string Original { get; init; } = "";

    /// <summary>The name of the file that it is in.</summary>
    internal string File { get; init; } = "Containerfile";

    /// <summary>Its first line in the file, counted from 1.</summary>
    internal int Line { get; init; }

    /// <summary>Its last line, that of the last here-document's end.</summary>
    internal int EndLine { get; init; }

    /// <summary>Its here-documents in the order in which they are named.</summary>
    internal IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>File and line, as errors name them.</summary>
    internal string Place => $"{File}:{Line}";
}

/// <summary>FROM: begins a stage.</summary>
internal sealed record FromInstruction(string Image, string? Name, string? Platform) : Instruction
{
    internal override string Keyword => "FROM";

    /// <summary>Stages that must be built before this one (<c>--after</c>, buildah's own).</summary>
    internal IReadOnlyList<string> After { get; init; } = [];
}

/// <summary>ARG: names with their defaults; null for one without.</summary>
internal sealed record ArgInstruction(IReadOnlyList<KeyValuePair<string, string?>> Arguments) : Instruction
{
    internal override string Keyword => "ARG";
}

/// <summary>ENV: unexpanded and quoted as written.</summary>
internal sealed record EnvInstruction(IReadOnlyList<KeyValuePair<string, string>> Variables) : Instruction
{
    internal override string Keyword => "ENV";
}

/// <summary>LABEL: names and values unexpanded and quoted as written.</summary>
internal sealed record LabelInstruction(IReadOnlyList<KeyValuePair<string, string>> Labels) : Instruction
{
    internal override string Keyword => "LABEL";
}

/// <summary>RUN. The values of its flags are unexpanded, <see cref="RunMount"/> reads a mount.</summary>
internal sealed record RunInstruction(CommandForm Command, IReadOnlyList<string> Mounts, string? Network, string? Security, string? Device) : Instruction
{
    internal override string Keyword => "RUN";
}

/// <summary>COPY and ADD. Everything is unexpanded; a source that is a here-document is in <see cref="Instruction.Heredocs"/> only.</summary>
/// <param name="Add">ADD: sources may be addresses, and local archives are unpacked.</param>
/// <param name="Sources">Files of the context, or of <paramref name="From"/>.</param>
/// <param name="Destination">Where to; a directory if it ends in a slash.</param>
/// <param name="From">A stage, by name or number, a named context or an image.</param>
/// <param name="Chown">USER:GROUP.</param>
/// <param name="Chmod">A mode, octal or in symbols.</param>
/// <param name="Link">A layer of its own that doesn't depend on what lies below.</param>
/// <param name="Parents">Directories above a source are made in the destination too.</param>
/// <param name="Excludes">Patterns of what isn't copied.</param>
/// <param name="Checksum">What a fetched file must have; of a repository, the commit.</param>
/// <param name="KeepGitDirectory">Leaves <c>.git</c> in a fetched repository.</param>
/// <param name="Unpack">Whether archives are unpacked; null for the instruction's own rule.</param>
internal sealed record CopyInstruction(bool Add, IReadOnlyList<string> Sources, string Destination, string? From, string? Chown, string? Chmod, bool Link,
    bool Parents, IReadOnlyList<string> Excludes, string? Checksum, bool KeepGitDirectory, bool? Unpack) : Instruction
{
    internal override string Keyword => Add ? "ADD" : "COPY";
}

/// <summary>CMD.</summary>
internal sealed record CmdInstruction(CommandForm Command) : Instruction
{
    internal override string Keyword => "CMD";
}

/// <summary>ENTRYPOINT.</summary>
internal sealed record EntrypointInstruction(CommandForm Command) : Instruction
{
    internal override string Keyword => "ENTRYPOINT";
}

/// <summary>SHELL: the program, with arguments, that the shell form of commands is given to.</summary>
internal sealed record ShellInstruction(IReadOnlyList<string> Arguments) : Instruction
{
    internal override string Keyword => "SHELL";
}

/// <summary>HEALTHCHECK; without a test (NONE) it takes away the base image's. What isn't said is null.</summary>
internal sealed record HealthcheckInstruction(CommandForm? Test, TimeSpan? Interval, TimeSpan? Timeout, TimeSpan? StartPeriod, TimeSpan? StartInterval, int? Retries)
    : Instruction
{
    internal override string Keyword => "HEALTHCHECK";
}

/// <summary>ONBUILD: an instruction for the builds that have this image as their base. A trigger's here-documents are in <see cref="Instruction.Heredocs"/>.</summary>
internal sealed record OnbuildInstruction(string Trigger) : Instruction
{
    internal override string Keyword => "ONBUILD";
}

/// <summary>STOPSIGNAL.</summary>
internal sealed record StopsignalInstruction(string Signal) : Instruction
{
    internal override string Keyword => "STOPSIGNAL";
}

/// <summary>USER.</summary>
internal sealed record UserInstruction(string User) : Instruction
{
    internal override string Keyword => "USER";
}

/// <summary>VOLUME.</summary>
internal sealed record VolumeInstruction(IReadOnlyList<string> Paths) : Instruction
{
    internal override string Keyword => "VOLUME";
}

/// <summary>WORKDIR.</summary>
internal sealed record WorkdirInstruction(string Path) : Instruction
{
    internal override string Keyword => "WORKDIR";
}

/// <summary>EXPOSE: an expanded word may be several ports.</summary>
internal sealed record ExposeInstruction(IReadOnlyList<string> Ports) : Instruction
{
    internal override string Keyword => "EXPOSE";
}

/// <summary>MAINTAINER, which docker has given up: the image's author.</summary>
internal sealed record MaintainerInstruction(string Name) : Instruction
{
    internal override string Keyword => "MAINTAINER";
}
