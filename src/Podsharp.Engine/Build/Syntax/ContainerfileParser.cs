using System.Text;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>Puts a file's lines together to instructions: directives, comments, lines that go on, here-documents.</summary>
internal sealed class ContainerfileParser
{
    private readonly string _name;
    private readonly string[] _lines;
    private readonly List<string> _warnings = [];
    private Directives _directives = new();
    private int _next;

    internal ContainerfileParser(string text, string name)
    {
        _name = name;
        _lines = [.. text.TrimStart('\uFEFF').Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line)];
    }

    /// <summary>Reads a whole file, with its directives.</summary>
    internal Containerfile ReadFile()
    {
        _directives = DirectiveReader.Read(_lines, _name);
        return new(ReadInstructions(), _directives, _warnings);
    }

    /// <summary>Reads what is left.</summary>
    internal IReadOnlyList<Instruction> ReadInstructions()
    {
        var instructions = new List<Instruction>();
        while (_next < _lines.Length)
        {
            var first = _next + 1;
            var text = ReadText();
            if (text.AsSpan().Trim().Length > 0)
                instructions.Add(Read(text, first));
        }
        return instructions;
    }

    // A line with those that it goes on in. Comments and empty lines between them count for nothing.
    private string ReadText()
    {
        var line = _lines[_next++].TrimStart();
        if (line.StartsWith('#'))
            return "";
        if (!GoesOn(ref line))
            return line;
        var text = new StringBuilder(line);
        var emptyLine = 0;
        while (_next < _lines.Length)
        {
            line = _lines[_next++];
            var trimmed = line.AsSpan().TrimStart();
            if (trimmed.StartsWith("#"))
                continue;
            if (trimmed.IsEmpty)
            {
                emptyLine = emptyLine == 0 ? _next : emptyLine;
                continue;
            }
            var goesOn = GoesOn(ref line);
            text.Append(line);
            if (!goesOn)
                break;
        }
        if (emptyLine > 0 && text.Length > 0)
            _warnings.Add($"{_name}:{emptyLine}: an empty line within an instruction is passed over");
        return text.ToString();
    }

    private bool GoesOn(ref string line)
    {
        var trimmed = line.AsSpan().TrimEnd(" \t");
        if (!trimmed.EndsWith([_directives.Escape]))
            return false;
        line = trimmed[..^1].ToString();
        return true;
    }

    private Instruction Read(string text, int line)
    {
        var place = $"{_name}:{line}";
        var instruction = new InstructionReader(place, _directives.Escape, _warnings).Read(text);
        var heredocs = HasHeredocs(instruction, place) ? ReadHeredocs(text, place) : [];
        if (instruction is OnbuildInstruction { Trigger: var trigger } && heredocs.Count > 0)
            instruction = new OnbuildInstruction(WithHeredocs(trigger, heredocs));
        return instruction with { Original = text, File = _name, Line = line, EndLine = _next, Heredocs = heredocs };
    }

    private bool HasHeredocs(Instruction instruction, string place) => instruction switch
    {
        RunInstruction run => run.Command.Shell,
        CopyInstruction => true,
        OnbuildInstruction onbuild => HasHeredocs(new InstructionReader(place, _directives.Escape, []).Read(onbuild.Trigger), place),
        _ => false,
    };

    private List<Heredoc> ReadHeredocs(string text, string place)
    {
        var heredocs = new List<Heredoc>();
        foreach (var word in HeredocWord.Find(text))
        {
            var content = new StringBuilder();
            while (true)
            {
                if (_next >= _lines.Length)
                    throw SyntaxErrors.Invalid(place, $"the here-document {word.Name} has no end", $"a line must hold nothing but {word.Name}");
                var line = _lines[_next++];
                line = word.StripTabs ? line.TrimStart('\t') : line;
                if (line == word.Name)
                    break;
                content.Append(line).Append('\n');
            }
            heredocs.Add(new(word.Name, content.ToString(), word.Expand, word.StripTabs, word.FileDescriptor));
        }
        return heredocs;
    }

    // The trigger is read anew by another build: it needs all lines.
    private static string WithHeredocs(string trigger, List<Heredoc> heredocs)
    {
        var text = new StringBuilder(trigger);
        foreach (var heredoc in heredocs)
            text.Append('\n').Append(heredoc.Content).Append(heredoc.Name);
        return text.ToString();
    }
}
