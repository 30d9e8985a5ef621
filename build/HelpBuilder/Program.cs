// HelpBuilder PAGES OUTPUT: reads PAGES/*.md (one page a cmdlet) and writes OUTPUT, the MAML file that Get-Help reads.
//
// A page holds what only a person can write: synopsis, description, examples, notes, links. Parameters, their sets, types, aliases and
// descriptions, inputs and outputs come from the cmdlet's declaration and its doc comments, so that they can't disagree with the code.
using System.Xml.Linq;
using HelpBuilder;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: HelpBuilder PAGES OUTPUT");
    return 2;
}

var comments = DocComments.Load(Path.ChangeExtension(typeof(Podsharp.Hosting.ModuleLifetime).Assembly.Location, ".xml"));
var cmdlets = CmdletDeclaration.Find(typeof(Podsharp.Hosting.ModuleLifetime).Assembly, comments);
var items = new XElement(XName.Get("helpItems", "http://msh"), new XAttribute("schema", "maml"));
var problems = new List<string>();
foreach (var cmdlet in cmdlets)
{
    var path = Path.Combine(args[0], cmdlet.Name + ".md");
    if (!File.Exists(path))
    {
        problems.Add($"{path} is missing: every cmdlet has a help page");
        continue;
    }
    var page = HelpPage.Parse(File.ReadAllLines(path));
    problems.AddRange(page.Problems(cmdlet.Name).Select(problem => $"{path}: {problem}"));
    items.Add(Maml.Command(cmdlet, page));
}
problems.AddRange(Directory.GetFiles(args[0], "*.md").Where(path => !cmdlets.Any(cmdlet => cmdlet.Name == Path.GetFileNameWithoutExtension(path)))
    .Select(path => $"{path} describes no cmdlet"));
foreach (var problem in problems)
    Console.Error.WriteLine("error: " + problem);
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
new XDocument(new XDeclaration("1.0", "utf-8", null), items).Save(args[1]);
return problems.Count == 0 ? 0 : 1;
