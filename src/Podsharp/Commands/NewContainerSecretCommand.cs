using System.Collections;
using System.Management.Automation;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>New-ContainerSecret: makes a secret.</summary>
[Cmdlet(VerbsCommon.New, "ContainerSecret", DefaultParameterSetName = ValueSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerSecret))]
public sealed class NewContainerSecretCommand : EngineCmdlet
{
    private const string ValueSet = "Value";
    private const string PathSet = "Path";
    private const string InputSet = "InputObject";

    private readonly MemoryStream gathered = new();
    private bool hasText;

    /// <summary>Its name: 1 to 253 characters without "," "/" and "=".</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The value. Asked for at the terminal when nothing is given.</summary>
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = ValueSet)]
    [ValidateNotNull]
    public SecureString? Value { get; set; }

    /// <summary>A file with the value.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The value: bytes, a secure string, a file, or text, whose lines are joined without a line feed after the last one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public object? InputObject { get; set; }

    /// <summary>Who keeps the value; as containers.conf says when not given.</summary>
    [Parameter]
    [ValidateSet("File", "Pass", "Shell")]
    public string? Driver { get; set; }

    /// <summary>The driver's options: a hashtable, or NAME=value strings.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? DriverOption { get; set; }

    /// <summary>Labels: a hashtable, or NAME=value strings.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Label { get; set; }

    /// <summary>Takes the place of a secret of that name.</summary>
    [Parameter]
    [Alias("Replace")]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves a secret of that name as it is, and emits it.</summary>
    [Parameter]
    [Alias("Ignore")]
    public SwitchParameter IfNotExists { get; set; }

    private protected override void AcceptRecord()
    {
        switch (ParameterSetName)
        {
            case InputSet:
                Gather(TransformationAttribute.Unwrap(InputObject)!);
                break;
            case PathSet:
                Read(SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path));
                break;
            default:
                Gather(Value!);
                break;
        }
    }

    private protected override void AcceptEnd()
    {
        if (!ShouldProcess(Name, "Make secret"))
            return;
        var spec = new SecretSpec
        {
            Name = Name,
            Driver = Driver?.ToLowerInvariant(),
            DriverOptions = DictionaryTransformationAttribute.ToStrings(DriverOption),
            Labels = DictionaryTransformationAttribute.ToStrings(Label),
            Replace = Force,
            Ignore = IfNotExists,
        };
        gathered.Position = 0;
        Run(Name, async () => await EmitAsync(await Engine.CreateSecretAsync(spec, gathered, Cancellation)));
    }

    private protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(gathered.GetBuffer());

    private void Read(string path)
    {
        try
        {
            gathered.Write(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ContainerEngineException(ErrorKind.NotFound, "FileNotFound", $"the value of the secret {Name} can't be read from {path}", path,
                error.Message, error), path));
        }
    }

    private void Gather(object value)
    {
        if (value is SecureString secure)
        {
            var bytes = SecretText.ToBytes(secure);
            gathered.Write(bytes);
            CryptographicOperations.ZeroMemory(bytes);
        }
        else if (value is byte[] block)
            gathered.Write(block);
        else if (value is byte single)
            gathered.WriteByte(single);
        else if (value is FileInfo file)
            Read(file.FullName);
        else
        {
            if (hasText)
                gathered.WriteByte((byte)'\n');
            hasText = true;
            gathered.Write(Encoding.UTF8.GetBytes(value.ToString() ?? ""));
        }
    }
}
